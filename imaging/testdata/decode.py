"""Writes pictures/ (small files of every kind) and decode.golden: their size and
the SHA-256 of their RGB pixels as Pillow reads them: EXIF orientation applied,
alpha composed over white, convert("RGB").

    /usr/bin/python3 decode.py                  # Pillow 9.4, libjpeg-turbo 2.1.5, libwebp 1.2.4
    /usr/bin/python3 decode.py NAME FOLDER      # NAME.golden for the pictures in FOLDER
"""
import glob
import hashlib
import io
import os
import shutil
import struct
import sys
import zlib

import numpy as np
from PIL import Image, ImageOps

rng = np.random.default_rng(20)


def picture(w, h, mode="RGB"):
    """A smooth picture with some noise: chroma that varies, edges, saturation."""
    bands = len(mode) if mode in ("RGB", "RGBA", "LA") else 1
    coarse = rng.integers(0, 256, (max(h // 6, 2), max(w // 6, 2), 4), dtype=np.uint8)
    smooth = np.asarray(Image.fromarray(coarse, "RGBA").resize((w, h), Image.BICUBIC)).astype(int)
    pixels = np.clip(smooth + rng.integers(-20, 21, smooth.shape), 0, 255).astype(np.uint8)[..., :bands]
    return Image.fromarray(pixels[..., 0] if bands == 1 else pixels, mode)


def save(name, image, **options):
    image.save("pictures/" + name, **options)


def write(name, data):
    with open("pictures/" + name, "wb") as f:
        f.write(data)


def jpeg(image, **options):
    out = io.BytesIO()
    image.save(out, "JPEG", **options)
    return bytearray(out.getvalue())


def reframe(data, w, h, sampling):
    """Other size and sampling factors for the same blocks. The picture becomes
    another one, but a valid one, if the number of blocks stays the same."""
    at = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))
    struct.pack_into(">HH", data, at + 5, h, w)
    data[at + 11] = sampling
    return data


def jpegs():
    for w, h in (1, 1), (3, 5), (5, 3), (17, 33), (61, 43):
        for sampling, name in enumerate(("444", "422", "420")):
            save(f"{name}-{w}x{h}.jpg", picture(w, h), quality=90, subsampling=sampling)
    for sampling, name in enumerate(("444", "422", "420")):
        save(f"progressive-{name}.jpg", picture(45, 38), quality=85, subsampling=sampling, progressive=True)
        write(f"noise-{name}.jpg", jpeg(Image.fromarray(rng.integers(0, 256, (19, 26, 3), np.uint8)), quality=97, subsampling=sampling))
    save("quality-1.jpg", picture(40, 30), quality=1)
    # 4:2:2 and 4:2:0 blocks read as other ratios
    write("440.jpg", reframe(jpeg(picture(64, 32), subsampling=1), 29, 60, 0x12))
    write("440-narrow.jpg", reframe(jpeg(picture(16, 32), subsampling=1), 2, 60, 0x12))
    write("411.jpg", reframe(jpeg(picture(32, 64), subsampling=2), 59, 31, 0x41))
    write("1x4.jpg", reframe(jpeg(picture(64, 32), subsampling=2), 30, 61, 0x14))
    save("grey.jpg", picture(35, 27, "L"))
    save("grey-progressive.jpg", picture(35, 27, "L"), progressive=True)
    grey = jpeg(picture(35, 27, "L"))
    write("grey-2x2.jpg", reframe(grey, 35, 27, 0x22))
    jpegs_of_ink()
    rgb = jpeg(picture(33, 22), subsampling=0)
    write("adobe-rgb.jpg", rgb[:2] + adobe(0) + rgb[20:])  # the JFIF segment goes
    write("adobe-ycc.jpg", rgb[:2] + adobe(1) + rgb[20:])
    write("rgb-by-name.jpg", named(rgb[:2] + rgb[20:], b"RGB"))
    write("adobe-ycc-named-rgb.jpg", named(rgb[:2] + adobe(1) + rgb[20:], b"RGB"))
    write("restart.jpg", restarts(picture(50, 20)))
    plain = jpeg(picture(30, 20))
    write("junk-before-marker.jpg", plain[:20] + b"\x12\x34" + plain[20:])


def jpegs_of_ink():
    cmyk = jpeg(picture(31, 25).convert("CMYK"), quality=92)
    write("cmyk.jpg", cmyk)
    at = cmyk.find(b"Adobe")
    ycck = bytearray(cmyk)
    ycck[at + 11] = 2
    write("ycck.jpg", ycck)
    write("cmyk-no-adobe.jpg", cmyk[:at - 4] + cmyk[at + 12:])
    save("cmyk-progressive.jpg", picture(31, 25).convert("CMYK"), progressive=True)


def adobe(transform):
    return b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00" + bytes([transform])


def named(data, names):
    """Other names of the components in the frame and the scan header."""
    frame, scan = data.find(b"\xff\xc0"), data.find(b"\xff\xda")
    for i, name in enumerate(names):
        data[frame + 10 + 3 * i] = name
        data[scan + 5 + 2 * i] = name
    return data


def restarts(image):
    """A restart interval of one MCU: one scan data of several one-MCU pictures."""
    parts = [jpeg(image.crop((8 * i, 0, 8 * i + 8, 8)), subsampling=0) for i in range(6)]
    head = reframe(parts[0], 48, 8, 0x11)
    start = head.find(b"\xff\xda")
    body = start + 14
    out = head[:start] + b"\xff\xdd\x00\x04\x00\x01" + head[start:body]
    for i, part in enumerate(parts):
        begin = part.find(b"\xff\xda") + 14
        out += part[begin:-2] + (b"\xff" + bytes([0xd0 + i]) if i < 5 else b"\xff\xd9")
    return out


def exif(orientation, order=">"):
    magic = b"MM\x00*" if order == ">" else b"II*\x00"
    return magic + struct.pack(order + "IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)


def orientations():
    image = picture(21, 13)
    for o in range(1, 9):
        save(f"orientation-{o}.jpg", image, exif=b"Exif\x00\x00" + exif(o, "<>"[o % 2]))
    save("orientation-6.png", image, exif=exif(6))
    save("orientation-8.webp", image, exif=exif(8), quality=70)
    save("orientation-3-alpha.webp", picture(21, 13, "RGBA"), exif=exif(3, "<"), quality=70)


def png(name, pixels, colour, depth, extra=b""):
    """pixels is (H, W, C) of uint8 or uint16, written without a filter."""
    h, w = pixels.shape[:2]
    rows = pixels.astype(">u2" if depth == 16 else "u1")
    data = b"".join(b"\x00" + row.tobytes() for row in rows)
    chunk = lambda kind, body: struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    write(name, b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, colour, 0, 0, 0)) +
          (chunk(b"tRNS", extra) if extra else b"") + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b""))


def pngs():
    for mode in "1", "L", "LA", "RGB", "RGBA":
        image = picture(23, 17, "L").convert("1") if mode == "1" else picture(23, 17, mode)
        save(f"{mode}.png", image)
    palette = picture(23, 17).quantize(13)
    save("palette.png", palette)
    save("palette-bits.png", palette, bits=4)
    save("palette-transparent.png", palette, transparency=3)
    save("palette-alpha.png", palette, transparency=bytes(range(0, 260, 20)))
    save("grey-transparent.png", picture(23, 17, "L").point(lambda v: v // 16 * 16), transparency=96)
    save("rgb-transparent.png", palette.convert("RGB"), transparency=palette.convert("RGB").getpixel((5, 5)))
    wide = lambda c: rng.integers(0, 1 << 16, (9, 11, c), np.uint16)
    png("rgb-16.png", wide(3), 2, 16)
    png("rgba-16.png", wide(4), 6, 16)
    png("la-16.png", wide(2), 4, 16)
    wide(1)  # keeps the numbers of what follows


def others():
    palette = picture(26, 18).quantize(30)
    save("palette.gif", palette)
    save("transparent.gif", palette, transparency=2)
    save("frames.gif", palette, save_all=True, append_images=[picture(26, 18).quantize(30)])
    save("interlaced.gif", palette, interlace=1)
    small = io.BytesIO()
    palette.save(small, "GIF", transparency=2)
    canvas = bytearray(small.getvalue())
    struct.pack_into("<HH", canvas, 6, 40, 30)
    at = canvas.find(b"\x2c\x00\x00\x00\x00")
    struct.pack_into("<HH", canvas, at + 1, 5, 7)
    write("canvas.gif", canvas)
    for mode in "1", "L", "P", "RGB", "RGBA":
        image = palette if mode == "P" else picture(22, 15, "L").convert("1") if mode == "1" else picture(22, 15, mode)
        save(f"{mode}.bmp", image)


def webps():
    for w, h in (1, 1), (2, 2), (3, 5), (16, 17), (33, 20), (40, 31):
        save(f"lossy-{w}x{h}.webp", picture(w, h), quality=75)
        save(f"lossy-alpha-{w}x{h}.webp", picture(w, h, "RGBA"), quality=60)
    save("quality-5.webp", picture(50, 37), quality=5)
    save("quality-100.webp", picture(50, 37), quality=100)
    save("alpha-quantised.webp", picture(50, 37, "RGBA"), quality=50, alpha_quality=20)
    save("lossless.webp", picture(25, 14), lossless=True)
    save("lossless-alpha.webp", picture(25, 14, "RGBA"), lossless=True)


def over_white():
    """All values at all alphas: 256 rows of one alpha each, grey 0..255."""
    v, a = np.meshgrid(np.arange(256, dtype=np.uint8), np.arange(256, dtype=np.uint8))
    save("over-white.png", Image.fromarray(np.stack([v, a], -1), "LA"), optimize=True)


def rgb(path):
    image = ImageOps.exif_transpose(Image.open(path))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def golden(name, folder):
    with open(name + ".golden", "w") as out:
        for path in sorted(glob.glob(folder + "/*.*")):
            base = os.path.basename(path)
            if base.endswith(".csv"):
                continue
            image = rgb(path)
            print(base, *image.size, hashlib.sha256(image.tobytes()).hexdigest(), file=out)


def main():
    if len(sys.argv) == 3:
        return golden(sys.argv[1], sys.argv[2])
    shutil.rmtree("pictures", ignore_errors=True)
    os.makedirs("pictures")
    jpegs()
    orientations()
    pngs()
    others()
    webps()
    over_white()
    golden("decode", "pictures")


main()
