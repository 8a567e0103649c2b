"""The torch7-bicubic resizing, written from its description and nothing else.

Separable, rows first. Output i of D from S inputs lies at i*(S-1)/(D-1) (the
corners are aligned), is interpolated by a Catmull-Rom cubic without
antialiasing, extrapolates linearly at the borders, copies the last sample and
is never clamped. float32 throughout.
"""
import math

import numpy as np

F = np.float32


def resize_first_axis(src, size):
    n = len(src)
    out = np.empty((size,) + src.shape[1:], F)
    step = F(n - 1) / F(max(size - 1, 1))
    for i in range(size - 1):
        position = F(i) * step
        at = min(int(position), max(n - 2, 0))
        x = position - F(at)
        p1 = src[at]
        p2 = src[at + 1] if at + 1 < n else p1
        p0 = src[at - 1] if at > 0 else F(2) * p1 - p2
        p3 = src[at + 2] if at + 2 < n else F(2) * p2 - p1
        a1 = p2 - p0
        a2 = F(2) * p0 - F(5) * p1 + F(4) * p2 - p3
        a3 = F(3) * (p1 - p2) + p3 - p0
        out[i] = p1 + F(0.5) * x * (a1 + x * (a2 + x * a3))
    out[size - 1] = src[n - 1]
    return out


def resize(src, width, height):
    """src is (H, W, 3) float32 in 0..1."""
    wide = resize_first_axis(np.ascontiguousarray(src.transpose(1, 0, 2)), width)
    return resize_first_axis(np.ascontiguousarray(wide.transpose(1, 0, 2)), height)


def shorter_side(width, height, size):
    if min(width, height) == size:
        return width, height
    if width < height:
        return size, int(height / width * size)
    return int(width / height * size), size


def center_crop(src, side):
    top = math.ceil((src.shape[0] - side) / 2)
    left = math.ceil((src.shape[1] - side) / 2)
    return src[top:top + side, left:left + side]
