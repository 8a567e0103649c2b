#!/usr/bin/env python3
"""Compares the features of exported models with torchvision's own pipeline on photographs.

Usage: zoo_photos.py AKIN PHOTOS NAME...

AKIN is the binary, PHOTOS a folder of photographs, NAME a model of torchvision. Each model, with
random weights of seed 1 (pretrained ones are exported the same way), is exported by AKIN and shown
the first photographs by name; torchvision loads the same weights, opens the photographs with
Pillow, and prepares them with the transforms that come with its pretrained weights. Prints a row
of a table for each model: the least cosine of the two vectors of a photograph, and the largest
difference in a value relative to the largest value. docs/own-model.md shows the rows.
"""

import csv
import os
import shutil
import subprocess
import sys
import tempfile

import numpy as np
import torch
from PIL import Image
from torchvision import models

PHOTOGRAPHS = 20


def make_set(folder, photos):
    """A set whose pictures are the photographs; its triplets only name them."""
    with open(os.path.join(folder, "set.toml"), "w") as f:
        f.write('name = "photographs"\n')
    for p in photos:
        shutil.copy(p, folder)
    names = [os.path.basename(p) for p in photos]
    with open(os.path.join(folder, "triplets.csv"), "w", newline="") as f:
        w = csv.writer(f)
        w.writerow(["id", "target", "related", "unrelated"])
        for i in range(len(names)):
            w.writerow([f"t{i}", names[i], names[(i + 1) % len(names)], names[(i + 2) % len(names)]])


def of_akin(akin, folder, graph):
    """By name of the photograph, the vector that akin computes."""
    out = os.path.join(folder, "features.npy")
    subprocess.run([akin, "features", "export", folder, "--model", graph, "--out", out], check=True, stdout=subprocess.DEVNULL)
    with open(out + ".csv", newline="") as f:
        rows = [os.path.basename(row["path"]) for row in csv.DictReader(f)]
    return dict(zip(rows, np.load(out).astype(np.float64)))


def of_torchvision(name, photos):
    """By name of the photograph, what torchvision's model hands to its classifier."""
    torch.manual_seed(1)
    extra = {"init_weights": True, "transform_input": True} if name in ("googlenet", "inception_v3") else {}
    model = models.get_model(name, weights=None, **extra).eval()
    preset = models.get_model_weights(name).DEFAULT.transforms()
    last = [m for m in model.modules() if getattr(m, "out_features", getattr(m, "out_channels", 0)) == 1000][-1]
    seen = {}
    last.register_forward_pre_hook(lambda _, inputs: seen.__setitem__("x", inputs[0]))
    vectors = {}
    with torch.no_grad():
        for p in photos:
            model(preset(Image.open(p).convert("RGB"))[None])
            x = seen["x"].double()
            vectors[os.path.basename(p)] = (x.mean((2, 3)) if x.dim() == 4 else x)[0].numpy()
    return vectors


def main(akin, folder, *names):
    photos = sorted(os.path.join(folder, f) for f in os.listdir(folder) if f.lower().endswith((".jpeg", ".jpg", ".png")))[:PHOTOGRAPHS]
    print("| model | dimension | least cosine | largest difference |\n|---|---:|---:|---:|")
    for name in names:
        with tempfile.TemporaryDirectory() as work:
            subprocess.run([akin, "models", "export", "torchvision:" + name, "--python", sys.executable, "--seed", "1", "--name", name, "--out", work],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            os.mkdir(os.path.join(work, "set"))
            make_set(os.path.join(work, "set"), photos)
            ours, theirs = of_akin(akin, os.path.join(work, "set"), os.path.join(work, name + ".onnx")), of_torchvision(name, photos)
        assert ours.keys() == theirs.keys() and len(ours) == len(photos)
        cosine = min(float(ours[k] @ theirs[k] / np.linalg.norm(ours[k]) / np.linalg.norm(theirs[k])) for k in ours)
        largest = max(float(np.abs(ours[k] - theirs[k]).max() / np.abs(theirs[k]).max()) for k in ours)
        print(f"| {name} | {len(next(iter(ours.values())))} | {cosine:.9f} | {largest:.1e} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
