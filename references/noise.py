"""A set of three noisy pictures, what a network gets of them, and akin's features of them."""
import os
import subprocess

import numpy as np
import torch
from PIL import Image

NAMES = "a.png", "b.png", "c.png"
RECIPE = '[recipe]\nresize = "pillow-bicubic"\nsquare = %d\nscale = "1/255"\nmean = [0.5, 0.5, 0.5]\nstd = [0.5, 0.5, 0.5]\n'


def make_set(folder, side):
    """Writes the set; returns the tensor of its pictures as RECIPE makes it."""
    os.makedirs(folder, exist_ok=True)
    pixels = np.random.default_rng(1).integers(0, 256, (3, side, side, 3)).astype(np.uint8)
    for name, p in zip(NAMES, pixels):
        Image.fromarray(p).save(os.path.join(folder, name))
    with open(os.path.join(folder, "set.toml"), "w") as f:
        f.write('name = "noise"\n')
    with open(os.path.join(folder, "triplets.csv"), "w") as f:
        f.write("id,target,related,unrelated\nt," + ",".join(NAMES) + "\n")
    return (torch.tensor(pixels).permute(0, 3, 1, 2).float() / 255 - .5) / .5


def features(akin, pictures, model, *options):
    """The vectors of the pictures in the order of NAMES, or the error."""
    out = os.path.join(os.path.dirname(model), "features.npy")
    done = subprocess.run([akin, "features", "export", pictures, "--model", model, "--out", out, *options], capture_output=True, text=True)
    if done.returncode:
        return done.stderr.strip()
    with open(out + ".csv") as f:
        order = [os.path.basename(line.split(",")[1]) for line in f.read().splitlines()[1:]]
    return np.load(out)[[order.index(name) for name in NAMES]]


def equal(got, want, within=2e-3):
    return got.shape == want.shape and np.abs(got - want).max() <= within * max(1e-3, np.abs(want).max())
