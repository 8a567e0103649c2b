"""What the scripts of odd pictures share."""
import numpy as np

from builders import rng, smooth

files = {}


def put(name, data):
    assert name not in files, name
    files[name] = bytes(data)


W, H = 23, 17
RGB, RGBA, GREY = smooth(W, H), smooth(W, H, 4), smooth(W, H, 1)
PALETTE = bytes(rng.integers(0, 256, 48, np.uint8))
INDEX = (GREY[..., 0] // 16).astype(np.uint8)
