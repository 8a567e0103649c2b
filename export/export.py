"""Exports a pretrained vision model of PyTorch as ONNX, with a proof of parity.

Printed by akin for a machine that has the framework. Usage:

    python3 export.py SOURCE:NAME [--out FOLDER] [--name NAME] [--seed N]

SOURCE is torchvision, timm, open_clip or hf. It writes NAME.onnx, which holds in its metadata
what the framework says of the model, and NAME.proof, which holds pictures with what the
framework makes of them. With --seed the weights are random (torchvision and timm alone).

Written against the public interfaces of
- torchvision 0.14: models.get_model, get_model_weights; transforms of the weights
- timm 1.0 (timm/models/_factory.py, timm/data/config.py, timm/data/transforms_factory.py)
- open_clip 2.24 to 3 (open_clip/factory.py, open_clip/transform.py)
- transformers 4.40 to 5 (models/auto/image_processing_auto.py, image_processing_backends.py)
"""

import argparse
import contextlib
import hashlib
import io
import json
import os
import sys
import zipfile

FORMAT = 1  # of the metadata and of the proof


class Fault(Exception):
    """What the person at the keyboard can mend; printed without a traceback."""


def need(package, pip=None):
    try:
        return __import__(package)
    except ImportError as e:
        raise Fault(f"{sys.executable} cannot import {package} ({e}): install it with "
                    f"{sys.executable} -m pip install {pip or package}") from e


@contextlib.contextmanager
def told(what):
    """Turns a framework's error into one line."""
    try:
        yield
    except Fault:
        raise
    except Exception as e:  # whatever the framework raises
        raise Fault(f"{what}: {type(e).__name__}: {e}") from e


# ---- Sources: each returns a Loaded ------------------------------------------------------------


class Loaded:
    """A model, its preprocessing as a function of a PIL picture, and what is known of it."""

    def __init__(self, model, preprocess, transform, outputs, **about):
        self.model = model            # torch.nn.Module, in evaluation mode
        self.preprocess = preprocess  # RGB picture -> tensor (3, H, W)
        self.transform = transform    # the framework's own description, as it gives it
        # (model, batch) -> {name: tensor} in one pass: features (N, D), pooled, before the
        # classifier; logits (N, classes) of a classifier; tokens (N, T, C) or maps (N, C, H, W)
        self.outputs = outputs
        self.about = about            # licence, url, version, revision, parameters, accuracy, classes


def load_torchvision(name, seed):
    torchvision = need("torchvision")
    from torchvision import models
    name, _, tag = name.partition("/")
    try:
        weights = models.get_model_weights(name)
    except ValueError as e:
        raise Fault(f"torchvision {torchvision.__version__} has no model {name!r}: {e}") from e
    try:
        chosen = getattr(weights, tag or "DEFAULT")
    except AttributeError as e:
        raise Fault(f"{name} has no weights {tag!r}; it has {', '.join(w.name for w in weights)}") from e
    extra = {"init_weights": True} if seed is not None and name in ("googlenet", "inception_v3") else {}
    if seed is not None and name in ("googlenet", "inception_v3"):
        extra["transform_input"] = True  # as with their pretrained weights
    model = models.get_model(name, weights=None if seed is not None else chosen, **extra)
    preset = chosen.transforms()
    if not hasattr(preset, "crop_size"):
        raise Fault(f"{name} is no classifier of pictures: its transform is {type(preset).__name__}")
    transform = {"crop_size": preset.crop_size, "resize_size": preset.resize_size, "mean": preset.mean, "std": preset.std,
                 "interpolation": preset.interpolation.value}
    metrics = chosen.meta.get("_metrics", {}).get("ImageNet-1K", {})
    classes = len(chosen.meta["categories"])
    return Loaded(model, preset, transform, before_classifier(model, classes),
                  licence="BSD-3-Clause (torchvision); terms of the training data apply", url=chosen.url,
                  version=f"torchvision {torchvision.__version__}", revision=chosen.name, classes=classes,
                  accuracy={"top1": metrics.get("acc@1"), "top5": metrics.get("acc@5")} if metrics else None)


def load_timm(name, seed):
    timm = need("timm")
    try:
        model = timm.create_model(name, pretrained=seed is None)
    except RuntimeError as e:
        raise Fault(f"timm {timm.__version__}: {e}") from e
    config = timm.data.resolve_model_data_config(model)
    preprocess = timm.data.create_transform(**config, is_training=False)
    cfg = dict(getattr(model, "pretrained_cfg", {}) or {})
    classes = int(getattr(model, "num_classes", 0) or 0)

    def outputs(m, x):
        tokens = m.forward_features(x)
        made = {"features": m.forward_head(tokens, pre_logits=True)}
        if classes:
            made["logits"] = m.forward_head(tokens)
        return dict(made, tokens=tokens)

    return Loaded(model, preprocess, config, outputs,
                  licence=cfg.get("license") or "unknown", url="https://huggingface.co/" + cfg["hf_hub_id"] if cfg.get("hf_hub_id") else cfg.get("url", ""),
                  version=f"timm {timm.__version__}", revision=cfg.get("tag", ""), classes=classes)


def load_open_clip(name, seed):
    if seed is not None:
        raise Fault("random weights are for torchvision and timm")
    open_clip = need("open_clip", "open_clip_torch")
    name, _, tag = name.partition("/")
    if not tag:
        tags = [t for n, t in open_clip.list_pretrained() if n == name]
        raise Fault(f"say which weights of {name}: open_clip:{name}/TAG with TAG one of {', '.join(tags) or 'none known'}")
    model, _, preprocess = open_clip.create_model_and_transforms(name, pretrained=tag)
    if hasattr(preprocess, "is_naflex_eval_transform_factory"):
        raise Fault(f"{name} takes sequences of patches (NaFlex), not pictures of one size")
    transform = open_clip.get_model_preprocess_cfg(model)
    return Loaded(model, preprocess, transform, lambda m, x: {"features": m.encode_image(x)},
                  licence="see the publisher of the weights", url=f"open_clip {name}, {tag}",
                  version=f"open_clip {open_clip.__version__}", revision=tag, classes=0)


def load_hf(name, seed):
    if seed is not None:
        raise Fault("random weights are for torchvision and timm")
    transformers = need("transformers")
    name, _, revision = name.partition("@")
    extra = {"revision": revision} if revision else {}
    processor = transformers.AutoImageProcessor.from_pretrained(name, **by_pillow(transformers.__version__), **extra)
    model = transformers.AutoModel.from_pretrained(name, **extra)
    model = getattr(model, "vision_model", model)

    def preprocess(picture):
        return processor(images=picture, return_tensors="pt")["pixel_values"][0]

    def outputs(m, x):
        out = m(pixel_values=x)
        pooled = getattr(out, "pooler_output", None)
        features = pooled if pooled is not None else out.last_hidden_state[:, 0]
        return {"features": features.flatten(1), "tokens": out.last_hidden_state}

    config = processor.to_dict()
    config.update({side: plain_size(config[side]) for side in ("size", "crop_size") if config.get(side) is not None},
                  backend=backend_of(processor))
    return Loaded(model, preprocess, config, outputs,
                  licence="see the model's page", url="https://huggingface.co/" + name, version=f"transformers {transformers.__version__}",
                  revision=getattr(model.config, "_commit_hash", None) or revision, classes=0)


def by_pillow(version):
    """The argument that asks transformers for the processor that resizes with Pillow."""
    return {"backend": "pil"} if int(version.split(".")[0]) >= 5 else {"use_fast": False}


def backend_of(processor):
    """What resizes. From version 5 on, a processor's name does not tell."""
    return getattr(processor, "backend", None) or ("torchvision" if type(processor).__name__.endswith("Fast") else "pil")


def plain_size(size):
    """A dict of what is given of a size, which version 5 keeps as an object; a number as it is."""
    if isinstance(size, int):
        return size
    names = ("height", "width", "shortest_edge", "longest_edge", "max_height", "max_width")
    values = size if isinstance(size, dict) else {n: getattr(size, n, None) for n in names}
    return {n: v for n, v in values.items() if v is not None}


SOURCES = {"torchvision": load_torchvision, "timm": load_timm, "open_clip": load_open_clip, "hf": load_hf}


def before_classifier(model, classes):
    """(model, batch) -> the input of the last classifying layer as features, and logits.

    The classifier is the last linear layer, or 1x1 convolution, with as many outputs as there
    are classes. What a convolution reads (SqueezeNet) is averaged over places, as its output is.
    """
    from torch import nn
    found = [m for m in model.modules()
             if isinstance(m, nn.Linear) and m.out_features == classes or isinstance(m, nn.Conv2d) and m.out_channels == classes]
    if not found:
        raise Fault(f"no layer with {classes} outputs was found; this model has no classifier that is known here")
    layer, seen = found[-1], {}
    layer.register_forward_pre_hook(lambda _, inputs: seen.__setitem__("input", inputs[0]))

    def both(m, x):
        logits = m(x)
        features = seen["input"]
        return {"features": features.mean((2, 3)) if features.dim() == 4 else features, "logits": logits}

    return both


# ---- Pictures ----------------------------------------------------------------------------------

# Width, height and kind of the sixteen pictures: odd margins, upscaling, panorama, grey, alpha.
SHAPES = [(320, 240, "RGB"), (240, 320, "RGB"), (257, 256, "RGB"), (256, 257, "RGB"), (224, 224, "RGB"), (259, 256, "RGB"),
          (96, 64, "RGB"), (64, 96, "RGB"), (33, 50, "RGB"), (500, 375, "RGB"), (375, 500, "RGB"), (400, 90, "RGB"),
          (90, 400, "RGB"), (301, 233, "RGB"), (280, 210, "L"), (230, 310, "RGBA")]


def pictures():
    """Sixteen pictures with the statistics of photographs: light falls off, texture is fine."""
    import numpy as np
    from PIL import Image
    made = []
    for k, (width, height, mode) in enumerate(SHAPES):
        r = np.random.RandomState(1000 + k)
        y, x = np.mgrid[0:height, 0:width] / max(width, height)
        planes = []
        for _ in range({"RGB": 3, "L": 1, "RGBA": 3}[mode]):
            a, b, c, d, e = r.uniform(-1, 1, 5)
            light = 128 + 60 * (a * x + b * y) + 50 * np.sin(9 * (c * x + d * y) + 3 * e)
            texture = 18 * r.standard_normal((height, width)) + 25 * np.sin(0.8 * np.arange(width) * (1 + abs(a)))[None, :] * (x > 0.5)
            planes.append(light + texture + 70 * (((x - 0.3 - 0.2 * d) ** 2 + (y - 0.3) ** 2) < 0.03))
        if mode == "RGBA":
            planes.append(np.where((x - 0.4) ** 2 + (y - 0.5) ** 2 < 0.1, 255, 120 * (y > 0.5)))
        data = np.clip(np.rint(np.stack(planes, -1)), 0, 255).astype(np.uint8)
        made.append(Image.fromarray(data[..., 0] if mode == "L" else data, mode))
    return made


def over_white(picture):
    """RGB, transparency laid over white: akin's rule, which every framework leaves to its user."""
    from PIL import Image
    if picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, (255, 255, 255, 255)), picture)
    return picture.convert("RGB")


# ---- Export and proof --------------------------------------------------------------------------


def export_graph(loaded, prepared, file):
    import torch
    from torch import nn
    batch = torch.from_numpy(prepared)[None]
    with torch.no_grad():
        made = loaded.outputs(loaded.model, batch)
        if "logits" in made and not torch.allclose(made["logits"], loaded.model(batch), rtol=1e-4, atol=1e-4):
            raise Fault("the model's own forward gives other logits than its parts; it cannot be exported so")
    names = list(made)

    class Graph(nn.Module):
        def __init__(self):
            super().__init__()
            self.model = loaded.model

        def forward(self, x):
            return tuple(loaded.outputs(self.model, x).values())

    if hasattr(torch.backends, "mha"):  # its fused kernel has no ONNX
        torch.backends.mha.set_fastpath_enabled(False)
    extra = {"dynamo": False} if torch.__version__ >= "2.5" else {}
    torch.onnx.export(Graph().eval(), torch.cat([batch, batch]), file, input_names=["input"], output_names=names,
                      dynamic_axes={n: {0: "batch"} for n in ["input"] + names}, opset_version=17, do_constant_folding=True, **extra)
    return names


def varint(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def add_metadata(file, key, value):
    """Appends an entry of metadata_props (field 14 of ModelProto): protobuf messages may be joined end to end."""
    entry = b"".join(varint(field << 3 | 2) + varint(len(t)) + t for field, t in ((1, key.encode()), (2, value.encode())))
    with open(file, "ab") as f:
        f.write(varint(14 << 3 | 2) + varint(len(entry)) + entry)


def levels(tensor):
    """float32 (3, H, W), as the framework prepared it."""
    import numpy as np
    return np.ascontiguousarray(tensor.detach().cpu().numpy().astype(np.float32))


def npy(array):
    import numpy as np
    b = io.BytesIO()
    np.save(b, array, allow_pickle=False)
    return b.getvalue()


def write_proof(file, loaded, about, graph):
    import numpy as np
    import torch
    shown = pictures()
    prepared = [levels(loaded.preprocess(over_white(p))) for p in shown]
    features, logits = [], []
    with torch.no_grad():
        for x in prepared:  # alone, so that nothing rests on the company
            batch = torch.from_numpy(x)[None]
            made = loaded.outputs(loaded.model, batch)
            features.append(made["features"].numpy()[0])
            if "logits" in made:
                logits.append(made["logits"].numpy()[0])
    with open(graph, "rb") as f:
        about = dict(about, graph_sha256=hashlib.sha256(f.read()).hexdigest(), pictures=[])
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as z:
        for k, (p, x) in enumerate(zip(shown, prepared)):
            b = io.BytesIO()
            p.save(b, "PNG")
            z.writestr(f"pictures/{k:02d}.png", b.getvalue())
            about["pictures"].append({"file": f"pictures/{k:02d}.png", "tensor_sha256": hashlib.sha256(x.tobytes()).hexdigest(),
                                      "tensor_sum": float(x.astype(np.float64).sum()), "shape": list(x.shape)})
        z.writestr("tensors.npy", npy(np.stack(prepared)))
        z.writestr("features.npy", npy(np.stack(features).astype(np.float32)))
        if logits:
            z.writestr("logits.npy", npy(np.stack(logits).astype(np.float32)))
        z.writestr("proof.json", json.dumps(about, indent=1, sort_keys=True))


def main(argv):
    parser = argparse.ArgumentParser(description="exports a vision model of PyTorch as ONNX, with a proof of parity")
    parser.add_argument("model", help="SOURCE:NAME, such as torchvision:resnet50 or timm:vit_small_patch16_224.augreg_in1k")
    parser.add_argument("--out", default=".", help="folder of the files (default: here)")
    parser.add_argument("--name", help="name of the files (default: made of SOURCE and NAME)")
    parser.add_argument("--seed", type=int, help="random weights of this seed, for trials")
    arguments = parser.parse_args(argv)
    source, _, name = arguments.model.partition(":")
    if source not in SOURCES or not name:
        raise Fault(f"{arguments.model!r} is not SOURCE:NAME with SOURCE one of {', '.join(SOURCES)}")
    torch = need("torch")
    if arguments.seed is not None:
        torch.manual_seed(arguments.seed)
    print(f"loading {arguments.model}", file=sys.stderr)
    with told(f"{source} could not load {name}"):
        loaded = SOURCES[source](name, arguments.seed)
    loaded.model.eval().float()  # weights may come in half precision
    for p in loaded.model.parameters():
        p.requires_grad_(True)  # keeps torch 1.13 off a fused attention kernel that has no ONNX
    label = arguments.name or "".join(c if c.isalnum() or c in "._+-" else "-" for c in f"{name}-{source}")
    os.makedirs(arguments.out, exist_ok=True)
    graph, proof = (os.path.join(arguments.out, label + ending) for ending in (".onnx", ".proof"))
    probe = levels(loaded.preprocess(over_white(pictures()[0])))
    about = {"format": FORMAT, "source": source, "model": name, "random_seed": arguments.seed, "transform": loaded.transform,
             "input": list(probe.shape), "parameters": sum(p.numel() for p in loaded.model.parameters()),
             "torch": torch.__version__, **{k: v for k, v in loaded.about.items()}}
    print(f"exporting {graph}", file=sys.stderr)
    with told(f"torch {torch.__version__} could not write {name} as ONNX"):
        about["outputs"] = export_graph(loaded, probe, graph + ".partial")
    add_metadata(graph + ".partial", "akin.export", json.dumps(about, sort_keys=True, default=str))
    os.replace(graph + ".partial", graph)
    print(f"proving {proof}", file=sys.stderr)
    write_proof(proof + ".partial", loaded, json.loads(json.dumps(about, default=str)), graph)
    os.replace(proof + ".partial", proof)
    print(json.dumps({"graph": graph, "proof": proof}))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Fault as e:
        print(f"export: {e}", file=sys.stderr)
        sys.exit(1)
