"""Writes photographs in every format that is decoded, for BenchmarkKinds.

    /usr/bin/python3 speed.py FOLDER PHOTOGRAPHS     # FOLDER/KIND/NAME; PHOTOGRAPHS are files
"""
import os
import shutil
import sys

from PIL import Image

from oddjpeg import cjpeg

import numpy as np


def clear(image):
    """Half of it fades away to the right."""
    ramp = np.minimum(np.arange(image.width) * 512 // image.width, 255).astype(np.uint8)
    image.putalpha(Image.fromarray(np.tile(ramp[::-1], (image.height, 1))))
    return image


KINDS = {
    "jpeg-progressive": lambda i, out: i.save(out, "JPEG", quality=85, progressive=True),
    "jpeg-444": lambda i, out: i.save(out, "JPEG", quality=85, subsampling=0),
    "jpeg-grey": lambda i, out: i.convert("L").save(out, "JPEG", quality=85),
    "jpeg-cmyk": lambda i, out: i.convert("CMYK").save(out, "JPEG", quality=85),
    "png": lambda i, out: i.save(out, "PNG"),
    "png-alpha": lambda i, out: clear(i).save(out, "PNG"),
    "png-grey": lambda i, out: i.convert("L").save(out, "PNG"),
    "png-palette": lambda i, out: i.quantize(256).save(out, "PNG"),
    "png-16-colours": lambda i, out: i.quantize(16).save(out, "PNG"),
    "gif": lambda i, out: i.quantize(256).save(out, "GIF", interlace=0),
    "gif-interlaced": lambda i, out: i.quantize(256).save(out, "GIF", interlace=1),
    "webp-lossy": lambda i, out: i.save(out, "WEBP", quality=80),
    "webp-lossy-alpha": lambda i, out: clear(i).save(out, "WEBP", quality=80),
    "webp-lossless": lambda i, out: i.save(out, "WEBP", lossless=True, method=2),
    "bmp-24": lambda i, out: i.save(out, "BMP"),
    "bmp-8": lambda i, out: i.quantize(256).save(out, "BMP"),
    "bmp-32": lambda i, out: clear(i).save(out, "BMP"),
}


def main(folder, photographs):
    for kind in "jpeg", "jpeg-restart", *KINDS:
        os.makedirs(os.path.join(folder, kind), exist_ok=True)
    for n, photograph in enumerate(photographs):
        at = lambda kind: os.path.join(folder, kind, f"{n:03d}")
        shutil.copy(photograph, at("jpeg"))
        image = Image.open(photograph).convert("RGB")
        with open(at("jpeg-restart"), "wb") as f:
            f.write(cjpeg(np.asarray(image), "-quality", "85", "-restart", "2"))
        for kind, save in KINDS.items():
            save(image.copy(), at(kind))


main(sys.argv[1], sys.argv[2:])
