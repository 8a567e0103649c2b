#!/usr/bin/env python3
"""Compares layers of torchvision's networks with PyTorch: which axis is which, and the mean over places.

Usage: layers.py AKIN NAME...

AKIN is the binary, NAME a model of torchvision. The outputs of thirteen or so of its modules become
outputs of the exported graph, under names that say nothing. Which axis holds channels is found by
running the network on pictures of two sizes: channels keep their number, places do not. AKIN is then
asked for each layer with no more than its name. A layer for which akin names no layout is counted,
one with another layout or other values is printed, and the exit code is 1.
"""
import json
import os
import subprocess
import sys
import tempfile

import torch
from torch import nn
from torchvision import models
from torchvision.models.maxvit import MaxVit

from noise import RECIPE, equal, features, make_set

SIDE, OTHER, LAYERS = 96, 128, 12


def build(name, side):
    torch.manual_seed(1)
    if name == "maxvit_t":  # a small one
        net = MaxVit(input_size=(side, side), stem_channels=16, partition_size=side // 32, block_channels=[16, 32, 64, 128],
                     block_layers=[1, 1, 2, 1], head_dim=16, stochastic_depth_prob=0.)
    else:
        extra = {"image_size": side} if name.startswith("vit") else {}
        if name in ("googlenet", "inception_v3"):
            extra = {"init_weights": False, "transform_input": False, "aux_logits": False}
        net = getattr(models, name)(weights=None, **extra)
    for m in net.modules():
        if isinstance(m, nn.BatchNorm2d):
            m.running_mean.uniform_(-.1, .1)
            m.running_var.uniform_(.6, 1.4)
    return net.eval()


class Tapped(nn.Module):
    """A network that also gives the outputs of some modules; of all, in a dictionary."""

    def __init__(self, net, names=None):
        super().__init__()
        self.net, self.names, self.got = net, names, {}
        for name, module in net.named_modules():
            if name and (names is None or name in names):
                module.register_forward_hook(lambda m, i, out, name=name: self.got.__setitem__(name, out))

    def forward(self, x):
        self.got.clear()
        y = self.net(x)
        return self.got if self.names is None else (y, *(self.got[n] * 1. for n in self.names))


def shapes(name, side):
    with torch.no_grad():
        got = Tapped(build(name, side))(torch.zeros(2, 3, side, side))
    return {n: list(out.shape) for n, out in got.items() if isinstance(out, torch.Tensor)}


def tapped(name):
    """Names of modules whose outputs are maps or tokens, and the axes of each: n, c, and p for places."""
    small, large = shapes(name, SIDE), shapes(name, OTHER)
    found = [n for n, s in small.items() if len(s) in (3, 4) and s[0] == 2 and n in large]
    found = found[::max(1, len(found) // LAYERS)]
    letter = lambda n, i: "n" if i == 0 else "c" if small[n][i] == large[n][i] > 1 else "p"
    return {n: "".join(letter(n, i) for i in range(len(small[n]))) for n in found}


def compare(akin, name, folder):
    pictures, model = os.path.join(folder, "set"), os.path.join(folder, name + ".onnx")
    x, axes = make_set(pictures, SIDE), tapped(name)
    net = Tapped(build(name, SIDE), list(axes))
    with torch.no_grad():
        right = net(x)[1:]
    labels = ["logits", *(f"h{i}" for i in range(len(axes)))]
    torch.onnx.export(net, x[:1], model, input_names=["input"], output_names=labels, dynamic_axes={n: {0: "n"} for n in ["input", *labels]}, opset_version=16)
    with open(model[:-5] + ".toml", "w") as f:
        f.write(f'name = "{name}"\n[outputs]\nfeatures = "logits"\n' + RECIPE % SIDE)
    listed = json.loads(subprocess.run([akin, "models", "layers", model, "--json"], capture_output=True, check=True).stdout)
    layouts = {layer["name"]: layer.get("layout") or "" for layer in listed}
    same, untold, wrong = 0, 0, []
    for (module, want), label, out in zip(axes.items(), labels[1:], right):
        got = "".join({"N": "n", "C": "c"}.get(c, "p") for c in layouts[label])
        mean = out.mean([i for i, c in enumerate(got) if c == "p"]) if "p" in got else out
        vectors = features(akin, pictures, model, "--layer", label) if got else ""
        if not got:
            untold += 1
        elif "c" in want and got != want or isinstance(vectors, str) or not equal(vectors, mean.reshape(3, -1).numpy()):
            wrong.append((module, want, layouts[label], vectors if isinstance(vectors, str) else "other values"))
        else:
            same += 1
    print(f"| {name} | {same} | {untold} | {len(wrong)} |", *wrong, flush=True)
    return not wrong


def main(akin, *names):
    sound = True
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            sound = compare(akin, name, folder) and sound
    sys.exit(not sound)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), *sys.argv[2:])
