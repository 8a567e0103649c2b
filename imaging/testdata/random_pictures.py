"""Writes COUNT pictures of random structure, most of them sound and odd, some
damaged, and golden: for each what Pillow makes of it (see odd.py). Other seeds
give other pictures.

    /usr/bin/python3 random_pictures.py FOLDER COUNT SEED
"""
import os
import random
import subprocess
import sys
import warnings

import numpy as np
from PIL import Image

import builders
from builders import *
from mutants import MUTANTS
from oddjpeg import cjpeg, renamed
from verdict import verdict

pick = random.Random()
maybe = lambda share: pick.random() < share


def some(least, most):
    """Small numbers more often than large ones."""
    return min(most, least + int(pick.expovariate(6 / (most - least + 1))))


def noise(n):
    return pick.randbytes(n)


def block():
    """EXIF with the orientation somewhere among other tags."""
    order = pick.choice("<>")
    entries = []
    for _ in range(some(0, 5)):
        kind = pick.choice([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 14, 99])
        value = pick.choice([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 200])
        tag = pick.choice([0x112, 0x112, 0x112, 0x100, 0x10f, 0x8769, 0x8825, 0x132, 0x201, 0xa005])
        if kind in (5, 10):
            data = struct.pack(order + ("II" if kind == 5 else "ii"), value * 2, pick.choice([1, 2, 2, 0]))
        elif kind in builders.FORMATS:
            data = struct.pack(order + builders.FORMATS[kind], min(value, 127) if kind == 6 else value)
        else:
            data = pick.choice([str(value).encode(), bytes([value])])
        count = pick.choice([1, 1, 1, 1, 0, 2, 5, 70000])
        entries.append((tag, kind, count, (data * min(count, 9) or data)))
    out = ifd(entries, order, at=pick.choice([8, 8, 8, 26]))
    if maybe(.1):
        out = out[:pick.randrange(len(out))]
    return pick.choice([b"", b"", b"", b"Exif\0\0"]) + out


def sides(wide, high):
    """Width and height, now and then of a long and thin picture."""
    w, h = some(1, wide), some(1, high)
    if maybe(.03):
        w, h = pick.choice([(some(1, 3), pick.randrange(300, 3000)), (pick.randrange(300, 3000), some(1, 3))])
    return w, h


def pixels(channels, depth=8, most=60):
    w, h = sides(most, most)
    if depth == 8 and maybe(.5):
        return smooth(w, h, channels)
    return rng.integers(0, 1 << depth, (h, w, channels)).astype(np.uint16)


def damaged(data):
    data = bytearray(data)
    for _ in range(some(1, 4)):
        at = pick.randrange(len(data))
        how = pick.randrange(4)
        if how == 0:
            data[at] ^= 1 << pick.randrange(8)
        elif how == 1:
            data[at] = pick.randrange(256)
        elif how == 2:
            del data[at:at + some(1, 9)]
        else:
            data[at:at] = noise(some(1, 9))
        if not data:
            return b"\0"
    return bytes(data[:pick.randrange(len(data))] if maybe(.2) else data)


# PNG

def png_extra():
    xml = text("XML:com.adobe.xmp", xmp(pick.randrange(10), maybe(.5)), pick.choice([b"tEXt", b"zTXt", b"iTXt"]), maybe(.5))
    return pick.choice([
        chunk(b"eXIf", block()), xml, text("Raw profile type exif", raw_profile(block()), pick.choice([b"tEXt", b"zTXt"])),
        chunk(b"gAMA", struct.pack(">I", pick.choice([45455, 100000, 0]))), chunk(b"sRGB", b"\0"), chunk(b"cHRM", noise(32)), chunk(b"gAMA", b""),
        chunk(b"iCCP", b"name\0\0" + zlib.compress(noise(60))), chunk(b"iCCP", b"bad"), chunk(b"pHYs", noise(9)), chunk(b"pHYs", noise(2)),
        chunk(b"bKGD", noise(6)), chunk(b"hIST", noise(8)), chunk(b"sBIT", noise(3)), chunk(b"tIME", noise(7)), chunk(b"cICP", noise(4)),
        text("Comment", b"words"), chunk(b"sPLT", noise(20)), chunk(b"CgBI", noise(4)), chunk(b"JDAT", noise(4)), chunk(b"tEXt", noise(5)),
        chunk(b"zTXt", noise(9)), chunk(b"iTXt", noise(9)), chunk(b"zTXt", b"k\0\1" + noise(4)), chunk(b"cHRM", noise(3)), chunk(b"sRGB", b""),
        chunk(b"PLTE", noise(3 * some(0, 40))), chunk(b"tRNS", noise(some(0, 9))), chunk(b"tEXt", b"exif\0" + block())])


def animation(w, h):
    n = pick.choice([0, 1, 1, 2, 3])
    x, y = (0, 0) if maybe(.6) else (some(0, 9), some(0, 9))
    fw, fh = max(1, w - x - pick.choice([0, 0, 2])), max(1, h - y - pick.choice([0, 0, 3]))
    head = chunk(b"acTL", struct.pack(">II", n, 0))
    frame = chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, fw, fh, x, y, 1, 10, pick.randrange(3), pick.randrange(2)))
    return (head + frame, fw, fh, x, y) if maybe(.7) else (head, w, h, 0, 0)


def any_png():
    colour, depth = pick.choice([(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8), (6, 16)])
    px = pixels(CHANNELS[colour], depth)
    h, w = px.shape[:2]
    before = b""
    if colour == 3 and maybe(.95):
        n = pick.choice([1 << depth, 1 << depth, some(1, 256)])
        before += chunk(b"PLTE", noise(3 * n) if maybe(.8) else bytes(v for i in range(n) for v in (i, i, i)))
    if maybe(.4):
        value = b"".join(struct.pack(">H", int(v)) for v in px[some(0, h - 1), some(0, w - 1)])
        if depth == 16 and maybe(.3):
            value = b"".join(bytes([value[i], value[i]]) for i in range(0, len(value), 2))
        alphas = bytes(pick.choice([0, 255, 255, pick.randrange(256)]) for _ in range(some(0, 1 << min(depth, 8))))
        before += chunk(b"tRNS", alphas if colour == 3 else value if maybe(.9) else noise(some(0, 7)))
    interlace = maybe(.4)
    part = px
    if maybe(.15):
        head, fw, fh, x, y = animation(w, h)
        before += head
        part = px[y:y + fh, x:x + fw]
        if not part.size:
            part = px
    filters = tuple(pick.choices(range(5), k=some(1, 7)))
    raw = (interlaced if interlace else rows)(part, depth, filters)
    raw += noise(some(1, 40)) if maybe(.1) else b""
    z = zlib.compressobj(pick.randrange(10), zlib.DEFLATED, pick.choice([15, 15, 9, 12]))
    stream = z.compress(raw) + z.flush()
    stream += noise(some(1, 9)) if maybe(.05) else b""
    cuts = sorted(pick.sample(range(len(stream) + 1), min(some(0, 5), len(stream))))
    idat = b"".join(chunk(b"IDAT", stream[a:b]) for a, b in zip([0] + cuts, cuts + [len(stream)]))
    for _ in range(some(0, 3)):
        before = before + png_extra() if maybe(.5) else png_extra() + before
    after = b"".join(png_extra() for _ in range(some(0, 3)))
    out = png(px, colour, depth, before=before, after=after, idat=idat, interlace=interlace, end=maybe(.95))
    return "png", out + (noise(some(1, 30)) if maybe(.1) else b"")


# JPEG

def jpeg_options():
    factors = lambda: pick.choice(["1x1", "1x1", "2x1", "1x2", "2x2", "4x1", "1x4", "4x2", "2x4", "4x4", "3x1", "1x3", "3x3", "3x2"])
    options = ["-quality", str(pick.choice([1, 5, 20, 50, 75, 90, 98, 100])), "-sample", ",".join(factors() for _ in range(some(1, 3)))]
    options += pick.choice([[], [], ["-optimize"], ["-progressive"], ["-progressive"], ["-arithmetic"]] if maybe(.3) else [[], ["-progressive"], ["-optimize"]])
    options += pick.choice([[], [], ["-restart", "1"], ["-restart", "1B"], ["-restart", "7B"]])
    options += pick.choice([[], [], [], ["-grayscale"], ["-rgb"]])
    return options + (["-dct", "float"] if maybe(.2) else []) + (["-smooth", "30"] if maybe(.1) else [])


def script():
    parts = ["0: 0 63 0 0; 1 2: 0 63 0 0;", "2: 0 63 0 0; 1: 0 63 0 0; 0: 0 63 0 0;", "0 1: 0 63 0 0; 2: 0 63 0 0;", "0 1 2: 0 63 0 0;"]
    if maybe(.4):
        return pick.choice(parts)
    low = pick.randrange(4)
    lines = pick.choice([["0 1 2: 0 0 0 %d"], ["0: 0 0 0 %d", "1 2: 0 0 0 %d"], ["2: 0 0 0 %d", "0 1: 0 0 0 %d"]])
    lines = [line % low for line in lines] + [f"0 1 2: 0 0 {k} {k - 1}" for k in range(low, 0, -1)]
    for c in pick.sample(range(3), 3):
        edges = sorted({1, 64, *pick.sample(range(2, 64), some(0, 3))})
        for a, b in zip(edges, edges[1:]):
            bits = pick.randrange(4)
            lines += [f"{c}: {a} {b - 1} 0 {bits}"] + [f"{c}: {a} {b - 1} {k} {k - 1}" for k in range(bits, 0, -1)]
    return "; ".join(lines) + ";"


def any_jpeg():
    if maybe(.12):  # ink
        px = smooth(*sides(60, 60), 4)
        j = bytearray(jpeg(Image.fromarray(px, "CMYK"), subsampling=pick.randrange(3), progressive=maybe(.4), quality=pick.choice([20, 80, 95])))
        at = j.find(b"Adobe")
        if at > 0:
            j[at + 11] = pick.choice([0, 1, 2, 2])
            j = j if maybe(.8) else j[:at - 4] + j[at + 12:]
        return "jpg", wrapped(bytes(j))
    px = smooth(*sides(90, 70))
    options = jpeg_options()
    lines = None
    if "-progressive" not in options and "-grayscale" not in options and "-arithmetic" not in options and maybe(.4):
        lines = script()
    try:
        j = cjpeg(px, *options, script=lines)
    except subprocess.CalledProcessError:
        return any_jpeg()
    n = scans(j)
    if n > 1 and maybe(.3):
        j = first_scans(j, pick.randrange(1, n + 1), () if maybe(.7) else (pick.randrange(n),))
    return "jpg", wrapped(marked(j))


def marked(j):
    """Other names of components, other Adobe and JFIF markers."""
    if maybe(.2):
        j = renamed(j, pick.choice([b"RGB", b"\0\1\2", b"YCc", b"BGR", b"rgb", b"\1\1\1", b"\1\2\2"]))
    if maybe(.3):
        j = b"\xff\xd8" + b"".join(j[a:b] for m, a, b in segments(j) if m not in (0xe0, 0xee))
        j += b"" if j.endswith(b"\xff\xd9") else b"\xff\xd9"
    if maybe(.25):
        j = with_segment(j, 0xee, b"Adobe\0\x64\0\0\0\0" + bytes([pick.choice([0, 1, 2, 3])]) + (b"more" if maybe(.1) else b""))
    return j


def wrapped(j):
    xap = b"http://ns.adobe.com/xap/1.0/\0"
    for _ in range(some(0, 3)):
        kind, body = pick.choice([
            (0xe1, b"Exif\0\0" + block()), (0xe1, b"Exif\0\0" + block()), (0xe1, xap + xmp(6)), (0xe1, b"exif\0\0" + block()), (0xe1, b"Exif"),
            (0xe2, b"ICC_PROFILE\0\1\1" + noise(50)), (0xe2, b"MPF\0" + noise(30)), (0xe0, b"JFXX\0\x10" + noise(9)), (0xe0, b"JFIF\0\1\1"), (0xfe, noise(20)),
            (0xed, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\0\0\4abcd"), (0xed, b"Photoshop 3.0\0" + noise(20)), (0xdd, b"\0\0"), (0xec, b"Ducky" + noise(9)),
            (0xe0, b"JFIF\0\1\1\1\0\x48\0\x48\0\0"), (0xef, noise(3)), (0xe1, b"Exif\0\0" + block() + noise(60000))])
        j = with_segment(j, kind, body)
    if maybe(.1):
        at = j.index(b"\xff", 2)
        j = j[:at] + b"\xff" * some(1, 5) + j[at:]
    if maybe(.1):
        j = j + noise(some(1, 200))
    return j


# GIF, BMP, WebP

def any_gif():
    bits = pick.randrange(1, 9)
    w, h = sides(60, 60)
    index = rng.integers(0, 1 << bits, (h, w)).astype(np.uint8) if maybe(.5) else (smooth(w, h, 1)[..., 0] >> (8 - bits)).astype(np.uint8)
    ramp = lambda n: bytes(v for i in range(n) for v in (i, i, i))
    palette = lambda: pick.choice([b"", noise(3 << bits), noise(3 << bits), noise(3 << pick.randrange(1, 9)), ramp(1 << bits)])
    frames = []
    for _ in range(some(1, 3)):
        left, top = (0, 0) if maybe(.7) else (some(0, 20), some(0, 20))
        head = b""
        for _ in range(some(0, 2)):
            head += pick.choice([control(None if maybe(.4) else pick.randrange(1 << bits), pick.randrange(4)), b"!\xfe" + blocks(noise(some(0, 300))),
                                 b"!\xff\x0bNETSCAPE2.0\3\1\0\0\0", b"!\xff\x0bNETSCAPE2.0\0", b"!\1" + blocks(noise(12)), b"!\x77\0", b"!\xff\x0bXMP DataXMP" + xmp(6) + b"\1\0",
                                 b"!\xff" + blocks(noise(11)), noise(1).replace(b";", b"x").replace(b",", b"x").replace(b"!", b"x"), b"!\xf9\5" + noise(5) + b"\0"])
        size = max(bits, 2) if maybe(.8) else min(12, max(bits, 2) + pick.randrange(3))
        shown = index if maybe(.8) else index[:some(1, h)]
        data = None
        if maybe(.3):
            data = lzw(shown.tobytes() + (noise(9) if maybe(.3) and bits == 8 else b""), size, clear_every=pick.choice([0, 0, 7, 100]), end=maybe(.7))
            frames.append(gif_frame(shown, size, left, top, palette(), head, data=data, size=pick.choice([255, 255, 100, 3])))
        else:
            frames.append(gif_frame(shown, size, left, top, palette(), head, interlace=maybe(.4), size=pick.choice([255, 255, 100, 3])))
    cw, ch = (w, h) if maybe(.6) else (some(0, 70), some(0, 70))
    out = gif(cw, ch, frames, palette(), background=pick.randrange(256), end=pick.choice([b";", b";", b"", b"\0;"]), version=pick.choice([b"GIF89a", b"GIF87a"]))
    return "gif", out


def any_bmp():
    bits = pick.choice([1, 2, 4, 8, 8, 16, 24, 32])
    w, h = sides(50, 50)
    header = pick.choice([12, 40, 40, 40, 64, 108, 124, 52, 56])
    step = 3 if header == 12 else 4
    colours, used, between, masks, compression = b"", 0, b"", b"", 0
    if bits <= 8:
        n = pick.choice([1 << bits, 1 << bits, some(1, 256)])
        grey = b"".join(bytes([i * 255 // max(1, n - 1)] * 3) + b"\0" * (step - 3) for i in range(n))
        colours = noise(step * n) if maybe(.7) else grey if maybe(.6) else b"".join(bytes([i] * 3) + b"\0" * (step - 3) for i in range(n))
        used = n if n != 1 << bits or maybe(.5) else 0
    index = rng.integers(0, 1 << min(bits, 8), (h, w)).astype(np.uint8)
    if bits <= 8:
        px = b"".join(padded(packed(r, bits)) for r in index)
    else:
        px = b"".join(padded(noise(w * bits // 8)) for _ in range(h))
    if bits in (16, 32) and maybe(.5):
        compression = 3
        sets = [(0xf800, 0x7e0, 0x1f, 0), (0x7c00, 0x3e0, 0x1f, 0), (0x7c00, 0x3e0, 0x1f, 0x8000), (0xf00, 0xf0, 0xf, 0xf000)] if bits == 16 else [
            (0xff0000, 0xff00, 0xff, 0), (0xff0000, 0xff00, 0xff, 0xff000000), (0xff, 0xff00, 0xff0000, 0xff000000), (0xff000000, 0xff0000, 0xff00, 0xff),
            (0xff000000, 0xff0000, 0xff00, 0), (0xff, 0xff00, 0xff0000, 0), (0xff00, 0xff0000, 0xff000000, 0xff), (0, 0, 0, 0)]
        masks = struct.pack("<IIII", *pick.choice(sets))
        masks = masks[:12] if header == 40 and maybe(.7) else masks
    elif bits in (4, 8) and header != 12 and maybe(.4):
        compression = 1 if bits == 8 else 2
        px = runs(index, bits)
    if maybe(.15):
        between = noise(some(1, 9))
    out = bmp(w, h, bits, px, compression, colours, header, masks, between, down=maybe(.3), used=used, reserved=pick.choice([0, 0, 7]), offset=0 if maybe(.05) else None)
    return "bmp", out + (noise(some(1, 9)) if maybe(.1) else b"")


def runs(index, bits):
    out = b""
    for row in index:
        x = 0
        while x < len(row):
            n = min(len(row) - x, some(1, 40))
            if maybe(.5) or n < 3:
                out += bytes([n, int(row[x]) if bits == 8 else int(row[x]) << 4 | int(row[x + n - 1])])
            else:
                n -= n % 2 if bits == 4 and maybe(.95) else 0
                if n < 3:
                    continue
                out += bytes([0, n]) + padded(packed(row[x:x + n], bits), 2)
            x += n
        out += b"\0\0" if maybe(.97) else b""
    return out + (b"\0\1" if maybe(.9) else b"")


def any_webp():
    mode = pick.choice(["RGB", "RGBA"])
    w, h = sides(90, 90)
    px = smooth(w, h, len(mode))
    if mode == "RGBA" and maybe(.3):
        px[..., 3] = np.where(px[..., 3] > 128, 255, 0)
    options = {"lossless": maybe(.4), "quality": pick.choice([0, 10, 50, 80, 100]), "method": pick.randrange(7), "alpha_quality": pick.choice([0, 50, 100]), "exact": maybe(.5)}
    if maybe(.4):
        options["exif"] = block()
    if maybe(.2):
        options["icc_profile"] = noise(100)
    if maybe(.2):
        options["xmp"] = xmp(6)
    data = encoded(Image.fromarray(px), "WEBP", **options)
    if maybe(.3):
        chunks = [(n, b) for n, b in webp_chunks(data) if n != b"VP8X"]
        if maybe(.3):
            pick.shuffle(chunks)
        if maybe(.3):
            chunks.insert(pick.randrange(len(chunks) + 1), (b"ABCD", noise(some(0, 9))))
        if maybe(.3):
            chunks.insert(pick.randrange(len(chunks) + 1), (b"EXIF", block()))
        data = riff(vp8x(w, h, pick.choice([0, 8, 0x10, 0x18, 0x1c, 0x38])), *chunks) if maybe(.8) else riff(*chunks)
    return "webp", data + (noise(some(1, 9)) if maybe(.1) else b"")


KINDS = any_png, any_jpeg, any_gif, any_bmp, any_webp


def main(folder, count, seed):
    warnings.simplefilter("ignore")
    pick.seed(seed)
    builders.rng = globals()["rng"] = np.random.default_rng(seed)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "golden"), "w") as golden:
        for n in range(count):
            ending, data = KINDS[n % len(KINDS)]()
            if maybe(.4):
                data = MUTANTS[ending](data, pick)
            if maybe(.1):
                data = damaged(data)
            name = f"{n:06d}.{ending}"
            with open(os.path.join(folder, name), "wb") as f:
                f.write(data)
            print(name, verdict(data), file=golden)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
