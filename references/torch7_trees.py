#!/usr/bin/env python3
"""Converts random trees of Torch7 modules and compares features with PyTorch.

Usage: torch7_trees.py AKIN COUNT SEED

Each tree is a sequence of convolutions, normalisations, poolings that round down or up, sums, joins
and one or two fully connected layers; it is written as .t7 in one of the forms that people shipped.
A tree that is refused is printed with the reason; one with other features fails.
"""
import os
import random
import subprocess
import sys
import tempfile

import torch
from torch import nn

import files
import networks
from noise import RECIPE, equal, features, make_set

SIDE = 224  # what akin takes a .t7 to be for
LARGEST = 20000  # values in front of the first fully connected layer


def conv(r, i, o):
    kernel = r.choice([(1, 1), (1, 1), (3, 3), (3, 3), (5, 5), (2, 2), (3, 1), (1, 5)])
    groups = r.choice([1, 1, 1, 2]) if i % 2 == 0 and o % 2 == 0 else 1
    padding = tuple(r.choice([0, k // 2, k // 2, 1]) for k in kernel)
    return nn.Conv2d(i, o, kernel, r.choice([1, 1, (1, 2), (2, 1)]), padding, groups=groups, bias=r.random() < .5)


def pooling(r):
    kernel, stride, up = r.choice([2, 3, 3, 4]), r.choice([1, 2, 2, 3]), r.random() < .5
    padding = r.choice([0, 0, 1, kernel // 2])
    if r.random() < .5:
        return nn.MaxPool2d(kernel, stride, padding, ceil_mode=up)
    return nn.AvgPool2d(kernel, stride, padding, ceil_mode=up, count_include_pad=r.random() < .5)


def same_size(r, i, o):
    if r.random() < .3:
        return nn.Sequential(nn.Conv2d(i, o, 1))
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o, affine=r.random() < .8), nn.ReLU())


def piece(r, c, depth):
    """Modules, and the channels that they give."""
    kind, o = r.choice(["conv", "conv", "norm", "relu", "pool", "pool", "sum", "concat", "join", "sequence"]), r.choice([4, 6, 8])
    if kind == "conv":
        return [conv(r, c, o)], o
    if kind == "norm":
        return [nn.BatchNorm2d(c, affine=r.random() < .8, eps=r.choice([1e-5, 1e-3, .1]))], c
    if kind == "pool":
        return [pooling(r)], c
    if kind == "sum":
        return [networks.ConcatTable([same_size(r, c, c), r.choice([nn.Identity(), same_size(r, c, c)])]), networks.CAddTable()], c
    if kind == "concat":
        return [networks.Concat([nn.Identity(), same_size(r, c, o)])], c + o
    if kind == "join":
        return [networks.ConcatTable([nn.Identity(), same_size(r, c, o), same_size(r, c, c)]), networks.JoinTable()], 2 * c + o
    if kind == "sequence" and depth < 3:
        inner, o = chain(r, c, r.randint(1, 3), depth + 1)
        return [nn.Sequential(*inner)], o
    return [nn.ReLU()], c


def chain(r, c, n, depth=0):
    out = []
    for _ in range(n):
        more, c = piece(r, c, depth)
        out += more
    return out, c


def tree(r, x):
    """A network, or None where its poolings leave nothing or too much."""
    body, _ = chain(r, 3, r.randint(3, 9))
    for m in nn.Sequential(*body).modules():
        if isinstance(m, nn.BatchNorm2d):
            m.running_mean.uniform_(-.5, .5)
            m.running_var.uniform_(.3, 2)
    try:
        with torch.no_grad():
            least = min(nn.Sequential(*body).eval()(x).shape[2:])
            body.append(nn.AvgPool2d(max(1, least // r.choice([1, 1, 2])), max(1, least // 2)))
            values = nn.Sequential(*body).eval()(x)[0].numel()
    except RuntimeError:  # PyTorch refuses the geometry
        return None
    if values > LARGEST:
        return None
    hidden = [nn.Linear(values, 12), nn.ReLU()] if r.random() < .4 else []
    return nn.Sequential(*body, networks.View(values), *hidden, nn.Linear(12 if hidden else values, 5, bias=r.random() < .8)).eval()


def write(r, path, net):
    wrap = r.choice([lambda root: root, lambda root: {"model": root, "epoch": 3}, lambda root: files.Object("nn.DataParallelTable", modules=[root, root])])
    files.write_torch7(path, net, long=r.choice([8, 8, 4]), version=r.choice([1, 1, 0]), wrap=wrap, kind=r.choice(["Cuda", "Float", "Double"]),
                       library=r.choice(["nn", "cudnn"]), gradients=r.random() < .3, running_std=r.random() < .3)


def outcome(akin, net, path, pictures, x):
    """"equal", "other features", or why akin refuses."""
    model = path[:-3] + ".onnx"
    done = subprocess.run([akin, "models", "convert", path, "-o", model, "--name", "tree"], capture_output=True, text=True)
    if done.returncode:
        return done.stderr.strip()
    with open(model[:-5] + ".toml") as f:
        card = f.read()
    with open(model[:-5] + ".toml", "w") as f:
        f.write(card[:card.index("[recipe]")] + RECIPE % SIDE)
    got = features(akin, pictures, model)
    if isinstance(got, str):
        return got
    with torch.no_grad():
        want = net.double()[:-1](x.double()).numpy()
    return "equal" if equal(got, want, 1e-4) else "other features"


def main(akin, count, seed):
    count, tried, wrong = int(count), 0, 0
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        pictures = os.path.join(folder, "set")
        x = make_set(pictures, SIDE)
        for n in range(int(seed), int(seed) + 100 * count):
            r = random.Random(n)
            torch.manual_seed(n)
            net = tree(r, x) if tried < count else None
            if net is None:
                continue
            tried += 1
            path = os.path.join(folder, f"{n}.t7")
            write(r, path, net)
            said = outcome(akin, net, path, pictures, x)
            if said != "equal":
                print(n, said, net, flush=True)
            wrong += said == "other features"
    print(f"{tried} trees, {wrong} with other features")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), *sys.argv[2:])
