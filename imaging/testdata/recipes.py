"""Writes recipes.golden: for each recipe of recipes.json and each synthetic
picture the SHA-256 of the resized and cropped pixels and of the tensor, by
Pillow and torchvision (and torch7.py beside this file).

    /usr/bin/python3 recipes.py     # Pillow 9.4, torchvision 0.14, torch 1.13

Columns: recipe width height seed pixels tensor [pixels in hex, where few]. The
pixels of a torch7 recipe are "-": they are floats.
"""
import hashlib
import json

import numpy as np
import torch
from PIL import Image
from torchvision import transforms
from torchvision.transforms import InterpolationMode

import torch7

SIZES = [(1, 1), (1, 7), (7, 1), (2, 2), (3, 5), (5, 3), (8, 8), (9, 8), (8, 9), (11, 11), (16, 16), (17, 13),
         (23, 25), (24, 31), (31, 32), (33, 64), (100, 3), (3, 100), (1, 300), (300, 1), (2, 257), (257, 2), (97, 113),
         (224, 224), (256, 256), (256, 300), (300, 256), (255, 257), (257, 255), (341, 256), (500, 375), (375, 500),
         (333, 500), (640, 480), (512, 10), (700, 31), (427, 599)]


def synthetic(width, height, seed):
    """Noise, or for odd seeds ramps that wrap around; picture_test.go has the same."""
    i = np.arange(width * height * 3, dtype=np.uint32)
    if seed % 2:
        x, y, c = i // 3 % width, i // 3 // width, i % 3
        v = (x * 7 + y * 5 * (c + 1)) % 256
    else:
        v = (i + np.uint32(seed * 7919)) * np.uint32(2654435761)
        v = (v ^ (v >> 15)) * np.uint32(2246822519)
        v = (v ^ (v >> 13)) >> 24
    return Image.fromarray(v.astype(np.uint8).reshape(height, width, 3))


def keep_fraction(image, fraction):
    w, h = image.size
    dx, dy = int((w - w * fraction) / 2), int((h - h * fraction) / 2)
    return image.crop((dx, dy, w - dx, h - dy))


def pillow_pixels(image, r):
    modes = {"pillow-bilinear": InterpolationMode.BILINEAR, "pillow-bicubic": InterpolationMode.BICUBIC}
    steps = []
    if r["resize"] != "none":
        size = (r["square"], r["square"]) if "square" in r else r["shorter"]
        steps.append(transforms.Resize(size, modes[r["resize"]]))
    floor = r.get("crop_rounding") == "floor"
    if "crop" in r and not floor:
        steps.append(transforms.CenterCrop(r["crop"]))
    image = transforms.Compose(steps)(image)
    return floor_crop(image, r["crop"]) if floor else image


def floor_crop(image, side):
    """As center_crop of Hugging Face's transformers (image_transforms.py): the
    first column is (width - side) // 2; what lies beyond the picture is black."""
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def torch7_values(image, r):
    values = np.asarray(image).astype(np.float32) / np.float32(255)
    w, h = (r["square"],) * 2 if "square" in r else torch7.shorter_side(*image.size, r["shorter"])
    values = torch7.resize(values, w, h)
    return torch7.center_crop(values, r.get("crop", r.get("square")))


def scaled(pixels, scale):
    if scale == "1/255":
        return transforms.ToTensor()(pixels)
    values = torch.from_numpy(np.array(pixels)).permute(2, 0, 1).contiguous().float()
    if scale.startswith("1/"):
        return values.div(float(scale[2:]))
    return values * torch.tensor(float(scale), dtype=torch.float32)


def tensor(values, r):
    if r.get("channels") == "BGR":
        values = values.flip(0)
    values = transforms.Normalize(r.get("mean", [0, 0, 0]), r.get("std", [1, 1, 1]))(values)
    return values.contiguous().numpy().astype("<f4").tobytes()


def sha(data):
    return hashlib.sha256(data).hexdigest()


def main():
    with open("recipes.json") as f, open("recipes.golden", "w") as out:
        for name, r in json.load(f).items():
            for seed, (w, h) in enumerate(SIZES):
                image = keep_fraction(synthetic(w, h, seed), r.get("crop_fraction", 1))
                if max(w, h) > 60 * min(w, h) and name == "torch7":
                    continue  # slow in Python and nothing new
                if r["resize"].startswith("torch7"):
                    values = torch7_values(image, r)
                    data = tensor(torch.from_numpy(np.ascontiguousarray(values.transpose(2, 0, 1))), r)
                    print(name, w, h, seed, "-", sha(data), file=out)
                    continue
                pixels = pillow_pixels(image, r)
                line = [name, w, h, seed, sha(pixels.tobytes()), sha(tensor(scaled(pixels, r.get("scale", "1")), r))]
                if pixels.size == (8, 8) and seed < 6:
                    line.append(pixels.tobytes().hex())
                print(*line, file=out)


main()
