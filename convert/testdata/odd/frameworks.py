"""Makes frameworks.tar.gz and frameworks.json: weight files as training programs write them.

Run with PyTorch 1.13 and NumPy: python3 frameworks.py
"""
import gzip
import pickle
import zlib

from checkpoints import *

ones = torch.ones
head = {"weight": ones(4, 8), "bias": ones(4)}
mlp = {"0.weight": ones(8, 8), "0.bias": ones(8), "2.weight": ones(4, 8), "2.bias": ones(4)}
alone = dict(same="bare", note="left out")


def under(prefix, tensors):
    return {prefix + k: v for k, v in tensors.items()}


def contrastive():
    """MoCo, DINO, SwAV, SimSiam, BYOL, SupCon, Barlow Twins and frameworks that hold them."""
    queue = {"queue": ones(4, 6), "queue_ptr": torch.zeros(1, dtype=torch.long)}
    moco = {**prefixed("module.encoder_q."), **prefixed("module.encoder_k.", b), **under("module.", queue)}
    case("moco.pth", {"epoch": 200, "arch": "resnet50", "state_dict": moco, "optimizer": {}}, error="several networks: state_dict.module.encoder_k, state_dict.module.encoder_q")
    case("moco-query.pth", {"state_dict": moco}, entry="encoder_q", note="left out: queue")
    second = {**prefixed("module.encoder_q.", body), **under("module.encoder_q.fc.", mlp), **prefixed("module.encoder_k.", b), **under("module.", queue)}
    case("moco-2-query.pth", {"state_dict": second}, entry="encoder_q", **alone)
    third = {**prefixed("module.base_encoder.", body), **under("module.base_encoder.fc.", mlp), **prefixed("module.momentum_encoder.", b), **under("module.predictor.", mlp)}
    case("moco-3.pth", {"state_dict": third}, error="several networks")
    case("moco-3-base.pth", {"state_dict": third}, entry="base_encoder", **alone)
    last = {"mlp.0.weight": ones(8, 8), "last_layer.weight_g": ones(4, 1), "last_layer.weight_v": ones(4, 8)}
    dino = {"student": {**prefixed("module.backbone.", b), **under("module.head.", last)}, "teacher": {**prefixed("backbone.", body), **under("head.", last)},
            "optimizer": {"state": {0: {"exp_avg": ones(2)}}}, "dino_loss": {"center": ones(1, 4)}, "args": argparse.Namespace(arch="resnet50")}
    case("dino.pth", dino, error="several networks: student.module.backbone, teacher.backbone")
    case("dino-teacher.pth", dino, entry="teacher", **alone)
    case("swav.pth", {**prefixed("module.", body), **under("module.projection_head.", mlp), "module.prototypes.weight": ones(3, 4)}, **alone)
    case("simsiam.pth", {"state_dict": {**prefixed("module.encoder.", body), **under("module.encoder.fc.", mlp), **under("module.predictor.", mlp)}}, **alone)
    twins = {**prefixed("module.backbone.", body), **under("module.projector.", mlp), "module.bn.running_mean": ones(4), "module.bn.running_var": ones(4), "module.bn.num_batches_tracked": torch.tensor(3)}
    case("barlow-twins.pth", {"model": twins}, error="not part of it: bn.running_mean")
    case("moco-alike.pth", {**prefixed("module.encoder_q."), **prefixed("module.encoder_k.")}, entry="encoder_q")
    case("byol.pth", {**prefixed("online_encoder.net.", body), **prefixed("target_encoder.net.", b), **under("online_predictor.net.", mlp)}, error="several networks: online_encoder.net, target_encoder.net")
    case("byol-online.pth", {**prefixed("online_encoder.net.", body), **prefixed("target_encoder.net.", b), **under("online_predictor.net.", mlp)}, entry="online_encoder", **alone)
    case("simclr.pth", {"epoch": 9, "arch": "resnet18", "state_dict": {**prefixed("backbone.", body), **under("backbone.fc.", mlp)}}, **alone)
    case("supcon.pth", {"opt": argparse.Namespace(model="resnet50"), "model": {**prefixed("encoder.module.", body), **under("head.", mlp)}}, **alone)
    case("solo.ckpt", {"state_dict": {**prefixed("backbone.", body), **under("projector.", mlp), **under("classifier.", head), **under("momentum_projector.", mlp)}}, **alone)
    case("mean-teacher.pth", {"state_dict": a, "ema_state_dict": b}, same="other", note="average over training")


def programs():
    """PyTorch's and torchvision's scripts, timm, Lightning, fastai, OpenMMLab, VISSL, Hugging Face."""
    case("state-dict.pth", A.state_dict())
    case("state-dict-legacy.pth", saved(A.state_dict(), legacy=True))
    case("imagenet-example.pth.tar", {"epoch": 90, "arch": "resnet18", "state_dict": prefixed("module.", A.state_dict()), "best_acc1": torch.tensor(69.7), "optimizer": {}, "scheduler": {}})
    case("torchvision-reference.pth", {"model": b, "optimizer": {}, "lr_scheduler": {}, "epoch": 1, "args": argparse.Namespace(model="resnet50"), "scaler": {},
                                       "model_ema": {"n_averaged": torch.tensor(7), **prefixed("module.")}}, note="average over training")
    case("timm.pth.tar", {"epoch": 3, "arch": "resnet18", "state_dict": b, "optimizer": {}, "version": 2, "args": argparse.Namespace(), "amp_scaler": {}, "state_dict_ema": a, "metric": 77.1},
         note="average over training")
    case("timm-other-arch.pth.tar", {"arch": "resnetblur50", "state_dict": a}, note='the file calls the network "resnetblur50"')
    case("basicsr.pth", {"params": b, "params_ema": a}, note="average over training")
    case("fastai.pth", {"model": {**under("0.", {k: v for k, v in children(body).items()}), **under("1.", {"2.weight": ones(8), "4.weight": ones(4, 8)})}, "opt": {"state": []}}, **alone)
    case("openmmlab.pth", {"meta": {"epoch": 100, "CLASSES": ["a", "b"]}, "state_dict": {**prefixed("backbone.", body), **under("head.fc.", head)}, "optimizer": {}}, same="bare", note="left out: head.fc.bias, head.fc.weight")
    case("vissl.torch", {"classy_state_dict": {"base_model": {"model": {"trunk": prefixed("_feature_blocks.", body), "heads": under("0.clf.0.", head)}}}}, **alone)
    case("lightning-ema.ckpt", {"state_dict": prefixed("model.", b), "callbacks": {"EMA": {"ema_state_dict": prefixed("model.")}}}, note="average over training")
    case("deepspeed.pt", {"module": prefixed("net."), "optimizer": None, "ds_version": "0.9", "param_shapes": [Ordered(x=torch.Size([2]))]})
    case("fsdp.pth", prefixed("_fsdp_wrapped_module."))
    inner = {"conv1.weight": a["conv1.weight"]}
    for k, v in a.items():
        first, rest = k.split(".", 1)
        inner[f"{first}._fsdp_wrapped_module.{rest}" if first.startswith("layer") else k] = v
    case("fsdp-inside.pth", inner)
    case("compiled-inside.pth", {k.replace("_fsdp_wrapped_module", "_orig_mod"): v for k, v in inner.items()})
    case("checkpointed-inside.pth", {k.replace("_fsdp_wrapped_module", "_checkpoint_wrapped_module"): v for k, v in inner.items()})
    case("parallel-inside.pth", {k.replace("_fsdp_wrapped_module", "module"): v for k, v in inner.items()})
    case("parallel-inside-dense.pth", {k.replace("features.", "features.module.", 1): v for k, v in d.items()}, same="dense")
    case("both-inside.pth", {**inner, **a}, error="not part of it: layer1._fsdp_wrapped_module.0.bn1.bias")
    for p in ("resnet50.", "image_encoder.", "my.own.name.", "timm_model.", "vision_model.backbone.", "module.net_0."):
        case("name-" + p.replace(".", "-") + ".pth", prefixed(p), note=f"the network is the part {p[:-1]} of the file")
    case("name-beside-text.pth", {**prefixed("image_encoder."), "text_encoder.embedding.weight": ones(3, 4)}, error="text_encoder.embedding.weight")
    case("branches.pth", {**prefixed("left."), **prefixed("right.", b)}, error="several networks: left, right")
    case("robust.pth", {"model": {**prefixed("module.model."), "module.normalizer.new_mean": ones(3, 1, 1), "module.normalizer.new_std": ones(3, 1, 1)}}, error="normalizer.new_mean")
    for front in ("input_projection", "proj_in", "stem_mlp", "patch_embed", "adapter"):
        case(f"before-{front}.pth", {**prefixed("backbone.", body), front + ".weight": ones(3, 3, 1, 1)}, error=f"not part of it: {front}.weight")
    case("before-in-sequence.pth", {**prefixed("1.", body), "0.mean": ones(3), "0.std": ones(3)}, error="not part of it: 0.mean, 0.std")
    case("segmentation.pth", {"model": {**prefixed("backbone.", body), "classifier.0.weight": ones(4, 8, 3, 3), "classifier.4.weight": ones(2, 4, 1, 1)}}, same="bare", note="as for segmentation")
    case("detection.pth", {**prefixed("backbone.body.", body), "backbone.fpn.inner_blocks.0.weight": ones(4, 8, 1, 1), "rpn.head.conv.weight": ones(4, 4, 3, 3)}, error="not part of it: fpn.inner_blocks.0.weight")
    hf = networks.hugging_face_keys(a)
    bare = Ordered((k.removeprefix("resnet."), v) for k, v in hf.items() if not k.startswith("classifier"))
    case("hugging-face-backbone.bin", prefixed("backbone.", bare), same="bare")
    case("hugging-face-trainer.bin", prefixed("model.", hf))
    case("parts.pth", {"backbone": body, "head": head, "epoch": 3}, same="bare", note="dictionary head holds 2 other tensors")
    case("best-and-last.pth", {"model": b, "best_model": a}, error="several networks: model, best_model")
    case("gradients-beside.pth", {"model": a, "momentum": b}, error="several networks")


def children(tensors):
    numbers = {"conv1": "0", "bn1": "1", "layer1": "4", "layer2": "5", "layer3": "6", "layer4": "7"}
    return Ordered((numbers[k.split(".")[0]] + k[k.index("."):], v) for k, v in tensors.items())


def variants():
    """Networks that are near a known one, and are not."""
    case("no-running-statistics.pth", {k: v for k, v in a.items() if "running" not in k}, error="missing: bn1.running_mean")
    case("stem-of-small-pictures.pth", {**a, "conv1.weight": a["conv1.weight"][..., 2:5, 2:5]}, error="conv1.weight is")
    case("stem-deep.pth", {**{k: v for k, v in a.items() if k != "conv1.weight"}, "conv1.0.weight": ones(8, 3, 3, 3), "conv1.1.weight": ones(8)}, error="conv1.0.weight")
    case("squeeze-excitation.pth", {**a, "layer1.0.se.fc1.weight": ones(2, 8, 1, 1)}, error="layer1.0.se.fc1.weight")
    case("classifier-of-maps.pth", {**a, "fc.weight": a["fc.weight"][..., None, None]}, error="fc.weight is")
    case("classifier-of-one.pth", {**body, "fc.weight": ones(1, 8), "fc.bias": ones(1)}, same="")
    case("classifier-of-21841.pth", {**body, "fc.weight": ones(2184, 8), "fc.bias": ones(2184)}, same="")
    case("pruned.pth", {**{k: v for k, v in a.items() if k != "conv1.weight"}, "conv1.weight_orig": a["conv1.weight"], "conv1.weight_mask": ones(8, 3, 7, 7)}, error="conv1.weight_mask")
    case("pruned-inside.pth", {**{k: v for k, v in a.items() if k != "layer2.0.conv1.weight"}, "layer2.0.conv1.weight_orig": a["layer2.0.conv1.weight"]}, error="missing: layer2.0.conv1.weight")
    case("spectral.pth", {**a, "layer1.0.conv1.weight_u": ones(8)}, error="layer1.0.conv1.weight_u")
    case("grey.pth", {**a, "conv1.weight": a["conv1.weight"][:, :1]}, error="conv1.weight is")
    case("mixed-prefixes.pth", {(("module." if i % 2 else "") + k): v for i, (k, v) in enumerate(a.items())}, error="tensors of no known network")
    case("twice-prefixed.pth", {**a, **prefixed("module.")}, error="not part of it: module.")
    case("block-missing.pth", {k: v for k, v in a.items() if not k.startswith("layer3.")}, error="basic blocks 1,1,0,1")
    deep = a
    for _ in range(12):
        deep = prefixed("module.", deep)
    case("prefix-of-twelve.pth", deep)


def repacked(compress=zipfile.ZIP_STORED, stream=False, change=lambda n, d: d, first=b"", last=b""):
    z = zipfile.ZipFile(io.BytesIO(saved(a)))
    out = io.BytesIO()
    out.write(first)

    class Pipe(io.RawIOBase):
        def writable(self):
            return True

        def write(self, data):
            return out.write(data)
    with zipfile.ZipFile(Pipe() if stream else out, "w", compress) as w:
        for n in z.namelist():
            w.writestr(zipfile.ZipInfo(n), change(n, z.read(n)), compress)
    return out.getvalue() + last


def containers():
    case("data-descriptors.pth", repacked(stream=True))
    for name, kind in (("deflate", zipfile.ZIP_DEFLATED), ("bzip2", zipfile.ZIP_BZIP2), ("lzma", zipfile.ZIP_LZMA)):
        case(f"packed-{name}.pth", repacked(kind), error="is compressed")
    case("behind-a-zip.pth", repacked(last=b"more"))
    case("before-a-zip.pth", repacked(first=b"#!/bin/sh\n"), error="neither .t7")
    case("gzip.pth.gz", gzip.compress(saved(a), mtime=0), error="gzip")
    case("pickle.pkl", pickle.dumps(dict(a)), error="pickle")
    case("pickle-of-arrays.pkl", pickle.dumps({"model": {k: v.numpy() for k, v in a.items()}, "__author__": "x"}, protocol=2), error="pickle")
    case("joblib.pkl", zlib.compress(pickle.dumps({"x": 1})), error="neither .t7")
    case("page.pth", b"<!DOCTYPE html><html><body>Google Drive - Virus scan warning</body></html>", error="web page")
    case("index.json", json.dumps({"metadata": {"total_size": 5}, "weight_map": {k: "model-00001-of-00002.safetensors" for k in a}}).encode(), error="the file is JSON")
    case("hdf5.h5", b"\x89HDF\r\n\x1a\n" + bytes(64), error="HDF5")
    case("npz.npz", npz(), error="without data.pkl, which torch.save writes; it holds conv1.weight.npy")
    case("onnx.pth", onnx_head(), error="neither .t7")
    whole = bytearray(saved(a))
    z = zipfile.ZipFile(io.BytesIO(bytes(whole)))
    at = z.getinfo("archive/data/0").header_offset
    whole[whole.index(z.read("archive/data/0")[:64], at) + 5] ^= 16
    case("bit-flipped.pth", bytes(whole), error="checksum")
    without = bytearray(saved(a))
    for sign, field in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16), (b"PK\x07\x08", 4)):  # as torch.serialization.set_crc32_options(False)
        start = 0
        while (start := without.find(sign, start)) >= 0:
            without[start + field:start + field + 4] = bytes(4)
            start += 4
    case("without-checksums.pth", bytes(without))
    case("module-in-dictionary.pth", {"model": coarse(nn.Sequential(nn.Conv2d(3, 1, 1))), "epoch": 1}, error="torch.nn.modules.container.Sequential")
    case("module-legacy.pth", saved(coarse(nn.Sequential(nn.Conv2d(3, 1, 1))), legacy=True), error="state_dict()")
    hooked = Ordered(a)
    hooked._metadata = Ordered({"": {"version": 1}})
    hooked.note = ["of a kind"]
    case("ordered-with-attributes.pth", hooked)
    case("sets-and-scalars.pth", {"model": a, "seen": {np.int64(3), "x"}, "best": np.float32(.5), "when": np.datetime64("2020-01-01"), "size": torch.Size([2]), "where": torch.device("cuda:0"),
                                  "kind": torch.float16, "rng": np.random.RandomState(1).get_state()})
    case("keys-of-numbers.pth", {0: a["conv1.weight"], 1: a["bn1.weight"]}, error="no tensors")
    case("list-of-networks.pth", {"models": [a, b]}, error="no tensors")
    case("tuple.pth", (a, 3), error="no dictionary")


def npz():
    out = io.BytesIO()
    np.savez(out, **{k: v.numpy() for k, v in list(a.items())[:2]})
    return out.getvalue()


def onnx_head():
    return b"\x08\x07\x12\x07pytorch\x1a\x041.13:\x10\n\x0e\x12\x04main"


if __name__ == "__main__":
    for make in (contrastive, programs, variants, containers):
        make()
    write("frameworks")
