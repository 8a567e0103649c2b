"""Makes checkpoints.tar.gz and checkpoints.json: tiny weight files as people have them, and what is right.

Run with PyTorch 1.13 and NumPy: python3 checkpoints.py

Each file holds network A or B (and others), in one of the many ways in which frameworks
write them down. "same" names the file whose model it must convert to, byte for byte; that
of the controls is compared with PyTorch's features by the test. "error" is what the refusal
must say, "note" what must be noted. Weights have few bits, so that half precision holds them.
"""
import argparse
import collections
import datetime
import decimal
import enum
import functools
import io
import json
import os
import pathlib
import struct
import sys
import types
import zipfile

import numpy as np
import torch
from torch import nn

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.environ.get("REFERENCES", os.path.join(here, "..", "..", "..", "references")))
import corpus  # noqa: E402
import files  # noqa: E402
import networks  # noqa: E402

FILES, CASES = {}, []
Ordered = collections.OrderedDict


def coarse(net):
    for t in [*net.parameters(), *net.buffers()]:
        if t.is_floating_point():
            t.data.copy_((t.data * 16).round() / 16)
    return net


def tiny(seed, classes=2):
    return coarse(networks.randomise(networks.ResNet(False, (1, 1, 1, 1), stem=1, classes=classes), seed))


A, B = tiny(1), tiny(2)
D = coarse(networks.randomise(networks.DenseNet(2, (1, 1, 1, 1), classes=2), 3))
a = Ordered((k, v) for k, v in A.state_dict().items() if "num_batches" not in k)
b = Ordered((k, v) for k, v in B.state_dict().items() if "num_batches" not in k)
d = Ordered((k, v) for k, v in D.state_dict().items() if "num_batches" not in k)
body = Ordered((k, v) for k, v in a.items() if not k.startswith("fc."))


def saved(obj, legacy=False):
    out = io.BytesIO()
    torch.save(obj, out, _use_new_zipfile_serialization=not legacy)
    return out.getvalue()


def case(name, data, same="plain", **facts):
    """data is what torch.save takes, or the bytes of a file."""
    FILES[name] = data if isinstance(data, bytes) else saved(data)
    CASES.append(dict(file=name, same="" if "error" in facts else same, **facts))


def prefixed(prefix, tensors=a):
    return Ordered((prefix + k, v) for k, v in tensors.items())


def control(name, net, tensors, logits=True):
    with torch.no_grad():
        x = networks.picture(1).double()
        net.double()
        facts = dict(features=net.features(x).flatten().tolist(), logits=net(x).flatten().tolist() if logits else [])
        net.float()
    case(name, tensors, same="", **{k: [float(f"{v:.9g}") for v in f] for k, f in facts.items()})


def controls():
    control("plain", A, a)
    control("other", B, b)
    control("dense", D, d)
    control("bare", A, body, logits=False)
    control("dense-bare", D, Ordered((k, v) for k, v in d.items() if not k.startswith("classifier.")), logits=False)


def wrapped():
    for p in ("_orig_mod.", "module.", "model.", "net.", "backbone.", "encoder.", "network.", "module.model.", "model.module.",
              "_orig_mod.module.", "module._orig_mod.", "model.backbone.", "backbone.encoder.", "net.module.model.",
              "encoder._orig_mod.", "model.net.backbone.encoder.", "base_model.", "student.backbone.", "ema_model.module."):
        case("prefix-" + p.replace(".", "-") + ".pth", prefixed(p))
    case("prefix-dense.pth", prefixed("module.model.", d), same="dense")
    case("prefix-counters.pth", {**prefixed("module.", A.state_dict())})
    case("prefix-swa.pth", {"n_averaged": torch.tensor(5), **prefixed("module.")})
    case("prefix-headless.pth", prefixed("backbone.", body), same="bare")
    case("prefix-other-head.pth", {**prefixed("backbone.", body), "head.weight": torch.ones(4, 8), "head.bias": torch.ones(4)},
         same="bare", note="left out: head.bias, head.weight")
    case("prefix-projector.pth", {**prefixed("encoder.", body), "projector.0.weight": torch.ones(4, 8)}, same="bare", note="projector.0.weight")
    case("prefix-profiled.pth", {**prefixed("model."), "model.total_ops": torch.zeros(1), "model.conv1.total_params": torch.zeros(1)})
    case("prefix-normaliser.pth", {**prefixed("model."), "normalizer.mean": torch.ones(3)}, error="normalizer.mean")
    case("prefix-unknown.pth", prefixed("something.odd."), note="the network is the part something.odd of the file")
    case("momentum.pth", {**prefixed("encoder_q."), **prefixed("encoder_k.", b), "queue": torch.ones(2, 3)}, error="several networks: encoder_k, encoder_q")
    case("momentum-chosen.pth", {**prefixed("encoder_q."), **prefixed("encoder_k.", b)}, entry="encoder_q")


def nested():
    for i, keys in enumerate((["state_dict"], ["model"], ["model_state_dict"], ["net"], ["weights"], ["params"], ["network", "state"],
                              ["checkpoint", "model", "state_dict"], ["state", "model_state"])):
        obj = a
        for k in reversed(keys):
            obj = {k: obj, "epoch": 3, "best": .7}
        case(f"nested-{i}.pth", obj)
    net = tiny(1)
    adam = torch.optim.Adam(net.parameters())
    net(networks.picture(1, 64)).sum().backward()
    adam.step()
    case("training.pth", {"model": a, "optimizer": adam.state_dict(), "lr_scheduler": {"last_epoch": 3, "_last_lr": [.1]},
                          "scaler": {"scale": 65536., "growth_factor": 2.}, "epoch": 3, "rng": torch.get_rng_state()})
    case("lightning.ckpt", {"epoch": 1, "global_step": 5, "pytorch-lightning_version": "1.9", "state_dict": prefixed("model."),
                            "loops": {"fit_loop": {"state_dict": {}}}, "callbacks": {"ModelCheckpoint": {"best_model_path": "x"}},
                            "optimizer_states": [adam.state_dict()], "lr_schedulers": [], "hyper_parameters": {"lr": .1, "size": torch.Size([3])}})
    case("flat-with-numbers.pth", {**a, "epoch": 7, "acc": torch.tensor(.7), "name": "tiny"})
    case("beside-another.pth", {"model": a, "head_weights": {"w": torch.ones(2, 2)}}, note="head_weights holds 1 other tensors")


def headless():
    case("headless-module.pth", prefixed("module.", body), same="bare")
    case("headless-mlp.pth", {**body, "fc.0.weight": torch.ones(8, 8), "fc.0.bias": torch.ones(8), "fc.2.weight": torch.ones(4, 8), "fc.2.bias": torch.ones(4)},
         same="bare", note="left out: fc.0.bias, fc.0.weight, fc.2.bias, fc.2.weight")
    case("headless-cosine.pth", {**body, "fc.weight": torch.ones(4, 8)}, same="bare", note="left out: fc.weight")
    case("headless-hf.pth", networks.hugging_face_keys(a), same="plain")
    bare = Ordered((k.removeprefix("resnet."), v) for k, v in networks.hugging_face_keys(a).items() if not k.startswith("classifier"))
    case("headless-hf-model.pth", bare, same="bare")
    case("headless-hf-wrapped.pth", prefixed("encoder.", bare), same="bare")
    numbers = {"conv1": "0", "bn1": "1", "layer1": "4", "layer2": "5", "layer3": "6", "layer4": "7"}
    children = Ordered((numbers[k.split(".")[0]] + k[k.index("."):], v) for k, v in body.items())
    case("headless-children.pth", children, same="bare")
    case("headless-children-wrapped.pth", prefixed("encoder.", children), same="bare")
    case("headless-dense-wrapped.pth", prefixed("backbone.", Ordered((k, v) for k, v in d.items() if not k.startswith("classifier."))), same="dense-bare")


def averages():
    said = dict(note="average over training")
    case("ema.pth", {"state_dict": b, "state_dict_ema": a}, **said)
    case("ema-first.pth", {"model_ema": prefixed("module."), "model": b}, **said)
    case("ema-lightning.pth", {"state_dict": {**prefixed("model.", b), **prefixed("model_ema.module.")}}, **said)
    case("ema-chosen.pth", {"state_dict": b, "state_dict_ema": a}, same="other", entry="state_dict")
    case("ema-alone.pth", {"state_dict_ema": a})
    case("ema-headless.pth", {"model": b, "ema_state_dict": body}, same="bare", **said)
    case("ema-same.pth", {"state_dict": a, "state_dict_ema": a})
    case("teacher.pth", {"student": prefixed("module.backbone.", b), "teacher": prefixed("backbone.")}, error="student.module.backbone, teacher.backbone")
    case("teacher-chosen.pth", {"student": prefixed("module.backbone.", b), "teacher": prefixed("backbone.")}, entry="teacher")
    case("two.pth", {"netA": a, "netB": b}, error="several networks: netA, netB")
    case("two-chosen.pth", {"netA": a, "netB": b}, same="other", entry="netB")
    case("three.pth", {"a": a, "b": b, "model_ema": prefixed("module.", b), "c": {**b, "fc.bias": torch.ones(2)}}, error="several networks")
    case("entry-missing.pth", {"model": a}, entry="teacher", error='no network "teacher"')


class Config(dict):
    pass


class Holder:
    def __init__(self, **k):
        self.__dict__.update(k)


class Colour(enum.Enum):
    RED = 1


Point = collections.namedtuple("Point", "x y")
for kind in (Config, Holder, Colour, Point):  # as of a script
    kind.__module__ = "train"
sys.modules["train"] = types.ModuleType("train")
for kind in (Config, Holder, Colour, Point):
    setattr(sys.modules["train"], kind.__name__, kind)


def objects():
    for name, value in {
        "namespace": argparse.Namespace(lr=.1, layers=[1, 2]), "numpy-scalar": np.float64(.7), "numpy-array": np.arange(6.).reshape(2, 3),
        "size": torch.Size([3, 4]), "device": torch.device("cpu"), "dtype": torch.float16, "set": {1, "two"}, "frozenset": frozenset("ab"),
        "defaultdict": collections.defaultdict(list, a=[1]), "counter": collections.Counter("aab"), "deque": collections.deque([1]),
        "datetime": datetime.datetime(2020, 1, 2), "path": pathlib.PurePosixPath("/x"), "complex": 1 + 2j, "slice": slice(1, 2),
        "range": range(3), "decimal": decimal.Decimal("1.5"), "enum": Colour.RED, "namedtuple": Point(1, 2), "partial": functools.partial(int, base=2),
        "holder": Holder(a=1, b=Holder(c=2)), "config": Config(a=1), "bytes": b"raw", "bytearray": bytearray(b"raw"), "none": None,
        "tuple": (1, (2,)), "generator": torch.Generator().get_state(),
        "simple-namespace": types.SimpleNamespace(x=1), "timedelta": datetime.timedelta(1), "type": dict, "module-class": nn.ReLU,
    }.items():
        case(f"object-{name}.pth", {"model": a, "value": value})
    case("object-in-config.pth", Config(state_dict=a, epoch=1))
    case("object-config-of-tensors.pth", {"model": Config(a)})
    case("object-parameters.pth", Ordered((k, nn.Parameter(v, requires_grad=False)) for k, v in a.items()))
    case("object-legacy.pth", saved({"model": a, "args": argparse.Namespace(lr=.1), "size": torch.Size([1]), "seen": {3}}, legacy=True))
    case("object-arrays.pth", {k: v.numpy() for k, v in a.items()})
    case("object-arrays-double.pth", {k: v.double().numpy() for k, v in a.items()})
    case("object-arrays-half.pth", {k: v.half().numpy() for k, v in a.items()})
    case("object-arrays-fortran.pth", {k: np.asfortranarray(v.numpy()) for k, v in a.items()})
    case("object-arrays-big.pth", {k: v.numpy().astype(">f4") for k, v in a.items()})
    case("object-array-of-text.pth", {**a, "conv1.weight": np.array(["x"])}, error='conv1.weight')
    case("object-for-tensor.pth", {**a, "layer1.0.conv1.weight": argparse.Namespace()}, error="layer1.0.conv1.weight is an object of class argparse.Namespace")
    case("object-for-classifier.pth", {**a, "fc.weight": argparse.Namespace()}, error="fc.weight is an object of class argparse.Namespace")


class Harm:
    def __reduce__(self):
        return os.system, ("true",)


class Evil:
    def __reduce__(self):
        return eval, ("1",)


def refusals():
    case("harm.pth", {"model": a, "x": Harm()}, error="posix.system")
    case("harm-builtin.pth", {"model": a, "x": Evil()}, error="eval")
    case("whole-module.pth", coarse(nn.Sequential(nn.Conv2d(3, 1, 1))), error="state_dict()")
    case("list.pth", [a["conv1.weight"]], error="no dictionary")
    case("tensor.pth", a["conv1.weight"], error="no dictionary")
    case("nothing.pth", {}, error="no tensors")
    case("only-numbers.pth", {"epoch": 1, "args": argparse.Namespace()}, error="no tensors")
    case("extra.pth", {**a, "attention.weight": torch.ones(3)}, error="not part of it: attention.weight")
    case("missing.pth", {k: v for k, v in a.items() if k != "layer3.0.bn1.running_var"}, error="missing: layer3.0.bn1.running_var")
    case("pointer.pth", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n", error="Git LFS pointer")
    case("empty.pth", b"", error="empty")
    case("integers.pth", {**a, "conv1.weight": a["conv1.weight"].long()}, error="conv1.weight holds no floating-point numbers")
    case("complex.pth", {**a, "conv1.weight": a["conv1.weight"].to(torch.complex64)}, error="conv1.weight holds no floating-point numbers")
    case("sparse.pth", {**a, "fc.weight": a["fc.weight"].to_sparse()}, error="fc.weight is an object of class torch._utils._rebuild_sparse_tensor")
    q = torch.quantize_per_tensor(a["conv1.weight"], .1, 0, torch.qint8)
    case("quantised.pth", {**a, "conv1.weight": q}, error="conv1.weight is a quantised tensor")
    q = torch.quantize_per_channel(a["fc.weight"], torch.ones(2), torch.zeros(2), 0, torch.quint8)
    case("quantised-channels.pth", {**a, "fc.weight": q}, error="fc.weight is a quantised tensor")


def swapped(data, order=b"big", size=4):
    z, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as w:
        for n in z.namelist():
            raw = z.read(n)
            w.writestr(zipfile.ZipInfo(n), np.frombuffer(raw, f"<u{size}").byteswap().tobytes() if "/data/" in n and order == b"big" else raw)
        w.writestr(zipfile.ZipInfo("archive/byteorder"), order)
    return out.getvalue()


def storages():
    case("half.pth", Ordered((k, v.half()) for k, v in a.items()))
    case("bfloat16.pth", Ordered((k, v.bfloat16()) for k, v in a.items()))
    case("double.pth", Ordered((k, v.double()) for k, v in a.items()))
    case("mixed.pth", Ordered((k, v.half() if "conv" in k else v.double() if "bn" in k else v) for k, v in a.items()))
    case("half-legacy.pth", saved(Ordered((k, v.half()) for k, v in a.items()), legacy=True))
    flat = torch.cat([torch.zeros(7)] + [v.flatten() for v in a.values()])
    at, shared = 7, Ordered()
    for k, v in a.items():
        shared[k] = flat[at:at + v.numel()].view(v.shape)
        at += v.numel()
    case("one-storage.pth", shared)
    case("one-storage-legacy.pth", saved(shared, legacy=True))
    case("transposed.pth", Ordered((k, v.permute(3, 2, 1, 0).contiguous().permute(3, 2, 1, 0) if v.dim() == 4 else v) for k, v in a.items()))
    case("channels-last.pth", Ordered((k, v.contiguous(memory_format=torch.channels_last) if v.dim() == 4 else v) for k, v in a.items()))
    case("strided.pth", Ordered((k, torch.stack([v, -v], -1)[..., 0]) for k, v in a.items()))
    same = Ordered(a)
    for k in a:
        if k.endswith("running_mean"):
            same[k] = torch.full((1,), .25).expand(a[k].shape)
    FILES["expanded-control.pth"] = saved(Ordered((k, v.contiguous()) for k, v in same.items()))
    CASES.append(dict(file="expanded-control.pth", same=""))
    case("expanded.pth", same, same="expanded-control.pth")
    case("legacy.pth", saved(a, legacy=True))
    out = os.path.join(os.environ.get("TMPDIR", "/tmp"), "akin-tar.pth")
    files.write_tar(out, a)
    case("tar.pth", open(out, "rb").read())
    os.remove(out)
    case("big-endian.pth", swapped(saved(a)))
    case("big-endian-half.pth", swapped(saved(Ordered((k, v.half()) for k, v in a.items())), size=2))
    case("big-endian-transposed.pth", swapped(saved(Ordered((k, v.t().contiguous().t() if v.dim() == 2 else v) for k, v in a.items()))))
    case("little-endian.pth", swapped(saved(a), b"little"))
    case("middle-endian.pth", swapped(saved(a), b"middle"), error="neither little nor big")
    old = saved(a, legacy=True)
    case("big-endian-legacy.pth", old.replace(b"little_endian" + old[old.index(b"little_endian") + 13:][:3], b"little_endian" + old[old.index(b"little_endian") + 13:][:2] + b"\x89", 1))  # PyTorch writes its storages in little endian there, too


def safetensors(tensors, edit=lambda h: h, tail=b"", order=lambda items: items, text=lambda t: t):
    kinds = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.float64: "F64"}
    header, data = {}, b""
    for k, v in tensors.items():
        raw = (v.view(torch.int16) if v.dtype == torch.bfloat16 else v).contiguous().numpy().tobytes()
        header[k] = {"dtype": kinds[v.dtype], "shape": list(v.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    h = text(json.dumps(dict(order(list(edit(header).items()))))).encode()
    return struct.pack("<Q", len(h)) + h + data + tail


def tensor_files():
    case("plain.safetensors", safetensors(a))
    case("metadata.safetensors", safetensors(a, lambda h: {"__metadata__": {"format": "pt", "x": "y"}, **h}))
    case("half.safetensors", safetensors(Ordered((k, v.half()) for k, v in a.items())))
    case("bfloat16.safetensors", safetensors(Ordered((k, v.bfloat16()) for k, v in a.items())))
    case("double.safetensors", safetensors(Ordered((k, v.double()) for k, v in a.items())))
    case("shuffled.safetensors", safetensors(a, order=lambda items: items[::-1]))
    case("prefix.safetensors", safetensors(prefixed("model._orig_mod.")))
    case("headless.safetensors", safetensors(prefixed("encoder.", body)), same="bare")
    case("two.safetensors", safetensors({**prefixed("student."), **prefixed("teacher.", b)}), error="several networks: student, teacher")
    case("ema.safetensors", safetensors({**prefixed("model.", b), **prefixed("ema.")}), note="average over training")

    def shift(name, by):
        def edit(h):
            h[name]["data_offsets"] = [x + by for x in h[name]["data_offsets"]]
            return h
        return edit

    def share(h):
        h["layer1.0.bn2.weight"]["data_offsets"] = h["layer1.0.bn1.weight"]["data_offsets"]
        return h

    def backwards(h):
        h["bn1.weight"]["data_offsets"].reverse()
        return h
    case("shared.safetensors", safetensors(a, share), error="claim the same bytes")
    case("overlap.safetensors", safetensors(a, shift("bn1.bias", -2)), error="claim the same bytes")
    case("hole.safetensors", safetensors({**a, "zz": torch.ones(4)}, lambda h: {k: v for k, v in h.items() if k != "bn1.weight"}), error="belong to none")
    case("tail.safetensors", safetensors(a, tail=b"more"), error="belong to no tensor")
    case("short.safetensors", safetensors(a)[:-8], error="cut short")
    case("backwards.safetensors", safetensors(a, backwards), error="bn1.weight")
    case("twice.safetensors", safetensors(a, text=lambda t: t[:-1] + ", " + t[t.index('"bn1.bias"'):].split("}")[0] + "}}"), error='"bn1.bias" stands twice')
    case("beyond.safetensors", safetensors(a, shift("fc.bias", 1000)), error="cut short")


def write(name):
    corpus.write(here, name, FILES, CASES)


if __name__ == "__main__":
    for make in (controls, wrapped, nested, headless, averages, objects, refusals, storages, tensor_files):
        make()
    write("checkpoints")
