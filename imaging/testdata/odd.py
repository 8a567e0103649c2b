"""Writes odd.zip (several hundred small odd pictures) and odd.golden: for each its
size and the SHA-256 of its RGB pixels as Pillow reads them, upright, over white,
or "refused" where Pillow gives an error.

    /usr/bin/python3 odd.py         # Pillow 9.4, libjpeg-turbo 2.1.5 and its cjpeg, libwebp 1.2.4
"""
import hashlib
import io
import itertools
import struct
import subprocess
import tempfile
import warnings
import zipfile
import zlib

import numpy as np
from PIL import Image, ImageOps

from builders import *

files = {}


def put(name, data):
    assert name not in files, name
    files[name] = bytes(data)


W, H = 23, 17
RGB, RGBA, GREY = smooth(W, H), smooth(W, H, 4), smooth(W, H, 1)
PALETTE = bytes(rng.integers(0, 256, 48, np.uint8))
INDEX = (GREY[..., 0] // 16).astype(np.uint8)


def progressive():
    pictures = {"grey": (smooth(61, 43, 1)[..., 0], {}), "cmyk": (smooth(45, 38, 4), {})}
    for n, ratio in enumerate(("444", "422", "420")):
        pictures[ratio] = smooth(61, 43), {"subsampling": n}
    for w, h in (1, 1), (8, 8), (9, 40), (17, 16), (24, 24), (40, 9), (33, 65), (80, 33):
        pictures[f"{w}x{h}"] = smooth(w, h), {"subsampling": 2, "quality": 40}
    for ratio in range(3):
        pictures[f"coarse-{ratio}"] = smooth(70, 57), {"subsampling": ratio, "quality": 8}
    for name, (px, options) in pictures.items():
        mode = "CMYK" if name == "cmyk" else None
        j = jpeg(Image.fromarray(px, mode), progressive=True, **options)
        total = scans(j)
        counts = range(total + 1) if name in ("grey", "420", "444") else (1, 2, total // 2, total - 1)
        for n in sorted(set(counts)):
            put(f"progressive/{name}-{n}-scans.jpg", first_scans(j, n))
    j = jpeg(Image.fromarray(smooth(61, 43)), progressive=True, subsampling=2)
    for skipped in (1,), (2,), (3,), (4,), (5,), (6,), (7,), (8,), (1, 2), (4, 5, 6), tuple(range(1, 9)):
        put("progressive/without-" + "-".join(map(str, skipped)) + ".jpg", first_scans(j, 10, skipped))
    put("progressive/without-0.jpg", first_scans(j, 10, (0,)))
    for n in (1, 3, 6):
        put(f"progressive/zero-quantiser-{n}.jpg", zero_quantiser(first_scans(j, n)))
        put(f"progressive/no-end-{n}.jpg", first_scans(j, n)[:-2])
        put(f"progressive/turned-{n}.jpg", with_exif(first_scans(j, n), orientation(6)))
    put("progressive/bits-wrong.jpg", scan_header(j, 5, 2, 0x33))
    put("progressive/spectrum-wrong.jpg", scan_header(j, 0, 1, 5))
    put("progressive/cut.jpg", j[:-300] + b"\xff\xd9")
    for v in 1, 2, 4:  # rows of MCUs of another height
        grey = bytearray(jpeg(Image.fromarray(smooth(40, 72, 1)[..., 0]), progressive=True, quality=30))
        at = grey.index(b"\xff\xc2")
        grey[at + 11] = 0x10 | v
        put(f"progressive/grey-1x{v}.jpg", first_scans(bytes(grey), 1))
        put(f"progressive/grey-1x{v}-2-scans.jpg", first_scans(bytes(grey), 2))


SCRIPTS = {  # of scans, as cjpeg reads them
    "planes": "0: 0 0 0 0; 1: 0 0 0 0; 2: 0 0 0 0; 0: 1 63 0 0; 1: 1 63 0 0; 2: 1 63 0 0;",
    "spectrum": "0 1 2: 0 0 0 0; 0: 1 2 0 0; 0: 3 9 0 0; 1: 1 9 0 0; 2: 1 9 0 0; 0: 10 63 0 0; 1: 10 63 0 0; 2: 10 63 0 0;",
    "bits": "0 1 2: 0 0 0 3; 0: 1 63 0 3; 0 1 2: 0 0 3 2; 0: 1 63 3 2; 1: 1 63 0 2; 2: 1 63 0 2; 0 1 2: 0 0 2 1; 0: 1 63 2 1; 0 1 2: 0 0 1 0; "
            "0: 1 63 1 0; 1: 1 63 2 1; 2: 1 63 2 1; 1: 1 63 1 0; 2: 1 63 1 0;",
    "chroma": "0 1 2: 0 0 0 0; 1: 1 63 0 0; 2: 1 5 0 1; 0: 1 1 0 0; 0: 2 4 0 2; 2: 6 63 0 0; 0: 5 63 0 0; 2: 1 5 1 0; 0: 2 4 2 1; 0: 2 4 1 0;",
    "sequential": "0: 0 63 0 0; 2: 0 63 0 0; 1: 0 63 0 0;",
    "pairs": "0 2: 0 63 0 0; 1: 0 63 0 0;",
}


def cjpeg(px, *options, script=None):
    with tempfile.TemporaryDirectory() as folder:
        if script:
            with open(folder + "/scans", "w") as f:
                f.write(script.replace("; ", ";\n"))
            options += "-scans", folder + "/scans"
        picture = encoded(Image.fromarray(px), "PPM")
        return subprocess.run(["cjpeg", *options], input=picture, stdout=subprocess.PIPE, check=True).stdout


def scripted():
    for name, script in SCRIPTS.items():
        for ratio in "1x1", "2x1", "2x2", "1x2":
            j = cjpeg(smooth(53, 41), "-sample", ratio, "-quality", "60", script=script)
            for n in range(1, scans(j) + 1):
                if ratio == "2x2" or n in (2, 5):
                    put(f"scans/{name}-{ratio}-{n}.jpg", first_scans(j, n))
    for ratio in "1x1", "2x2", "4x1", "1x4", "4x2", "3x1", "1x1,2x2", "2x2,2x1,1x2":
        name = ratio.replace(",", "-")
        for kind in ("-progressive",), ("-optimize",), ("-restart", "1"), ("-restart", "2B"), ("-restart", "3B", "-progressive"):
            j = cjpeg(smooth(53, 41), "-sample", ratio, "-quality", "70", *kind)
            form = "".join(kind).replace("-", "")
            put(f"restarts/{name}-{form}.jpg", j)
            if "-progressive" in kind:
                put(f"restarts/{name}-{form}-2-scans.jpg", first_scans(j, 2))
    put("restarts/arithmetic.jpg", cjpeg(smooth(53, 41), "-arithmetic"))
    put("restarts/wide-quantisers.jpg", cjpeg(smooth(53, 41), "-quality", "1"))
    quantisers()


def quantisers():
    """Coefficients beyond 16 bits, with which vector code computes."""
    for mode, ratio, factor in itertools.product((False, True), (0, 2), (3, 10, 40, 255)):
        px = smooth(40, 32) if factor != 40 else rng.integers(0, 256, (32, 40, 3), np.uint8)
        j = bytearray(jpeg(Image.fromarray(px), subsampling=ratio, quality=95, progressive=mode))
        for marker, start, end in segments(bytes(j)):
            for i in range(start + 5, end) if marker == 0xdb else ():
                j[i] = min(255, max(1, j[i] * factor))
        put(f"scans/quantisers-{'progressive' if mode else 'sequential'}-{ratio}-x{factor}.jpg", j)


def zero_quantiser(j):
    at = j.index(b"\xff\xdb") + 5
    return j[:at + 4] + b"\0" + j[at + 5:]


def scan_header(j, n, at, value):
    """Another byte of spectral selection (0, 1) or approximation (2) in the n-th scan."""
    out, seen = bytearray(j), 0
    for marker, start, _ in segments(j):
        if marker == 0xda:
            if seen == n:
                out[start + 2 + struct.unpack(">H", j[start + 2:start + 4])[0] - 3 + at] = value
            seen += 1
    return out


def sequential():
    j = jpeg(Image.fromarray(RGB), subsampling=2)
    end = j.index(b"\xff\xda")
    put("sequential/no-end.jpg", j[:-2])
    put("sequential/zeros-for-end.jpg", j[:-2] + bytes(40))
    put("sequential/more-behind.jpg", j + b"something else")
    put("sequential/two-pictures.jpg", j + jpeg(Image.fromarray(RGB[::-1])))
    put("sequential/scan-twice.jpg", j[:-2] + j[end:])
    put("sequential/cut.jpg", j[:-60])
    put("sequential/cut-with-end.jpg", j[:-60] + b"\xff\xd9")
    put("sequential/no-tables.jpg", b"\xff\xd8" + b"".join(j[a:b] for m, a, b in segments(j) if m != 0xc4))
    put("sequential/short-jfif.jpg", with_segment(j[:2] + j[20:], 0xe0, b"JFIF\0\1\1"))
    named = bytearray(j[:2] + j[20:])
    for marker, step in (b"\xff\xc0", 3), (b"\xff\xda", 2):
        at = named.index(marker) + (10 if marker == b"\xff\xc0" else 5)
        named[at:at + 3 * step:step] = b"RGB"
    put("sequential/named-rgb-short-jfif.jpg", with_segment(bytes(named), 0xe0, b"JFIF\0\1\1"))
    put("sequential/named-rgb-jfif.jpg", named[:2] + j[2:20] + named[2:])
    put("sequential/fill-bytes.jpg", j[:2] + b"\xff\xff\xff" + j[2:])
    for transform in 0, 1, 2:
        marker = b"Adobe\0\x64\0\0\0\0" + bytes([transform])
        put(f"sequential/adobe-{transform}.jpg", with_segment(j[:2] + j[20:], 0xee, marker))
        put(f"sequential/adobe-{transform}-jfif.jpg", with_segment(j, 0xee, marker))
        ink = jpeg(Image.fromarray(RGBA, "CMYK"))
        at = ink.index(b"Adobe") + 11
        put(f"sequential/cmyk-adobe-{transform}.jpg", ink[:at] + bytes([transform]) + ink[at + 1:])
    planes = separate(smooth(61, 43))
    put("sequential/planes.jpg", planes)
    for n in 1, 2:
        put(f"sequential/planes-{n}.jpg", first_scans(planes, n))
    put("sequential/planes-last.jpg", first_scans(planes, 3, (0, 1)))
    put("sequential/mpo.jpg", mpo())
    put("sequential/12-bit.jpg", j.replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"))
    put("sequential/two-components.jpg", two_components(j))
    put("sequential/arithmetic.jpg", j.replace(b"\xff\xc0", b"\xff\xc9"))


def separate(px):
    """A sequential picture of three scans, one for each plane."""
    planes = [np.asarray(c) for c in Image.fromarray(px).convert("YCbCr").split()]
    parts = [jpeg(Image.fromarray(p)) for p in planes]
    out = b"\xff\xd8" + b"".join(parts[0][a:b] for m, a, b in segments(parts[0]) if m in (0xdb, 0xc4))
    h, w = px.shape[:2]
    out += b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, h, w, 3) + b"".join(bytes([i, 0x11, 0]) for i in (1, 2, 3))
    for i, part in enumerate(parts):
        at = part.index(b"\xff\xda")
        out += b"\xff\xda" + struct.pack(">H", 8) + bytes([1, i + 1, 0, 0, 63, 0]) + part[at + 10:-2]
    return out + b"\xff\xd9"


def mpo():
    first, second = Image.fromarray(RGB), Image.fromarray(RGB[::-1].copy())
    return encoded(first, "MPO", save_all=True, append_images=[second])


def two_components(j):
    at = j.index(b"\xff\xc0")
    return j[:at + 9] + b"\2" + j[at + 10:]


def orientations():
    j, plain = jpeg(Image.fromarray(RGB)), lambda block: png(RGB, 2, 8, before=chunk(b"eXIf", block))
    for order, kind in itertools.product("<>", (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16)):
        name = f"{kind}-{'little' if order == '<' else 'big'}"
        block = orientation(6, kind, order)
        put(f"orientation/type-{name}.jpg", with_exif(j, block))
        put(f"orientation/type-{name}.png", plain(block))
        put(f"orientation/type-{name}.webp", encoded(Image.fromarray(RGB), "WEBP", exif=b"Exif\0\0" + block))
    for value in 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255:
        put(f"orientation/value-{value}.png", plain(orientation(value)))
        put(f"orientation/value-{value}.jpg", with_exif(j, orientation(value, 4)))
    put("orientation/fraction.png", plain(ifd([(0x112, 5, 1, struct.pack("<II", 13, 2))])))
    put("orientation/rational-12-2.png", plain(ifd([(0x112, 5, 1, struct.pack("<II", 12, 2))])))
    put("orientation/rational-6-0.png", plain(ifd([(0x112, 5, 1, struct.pack("<II", 6, 0))])))
    put("orientation/negative.png", plain(ifd([(0x112, 8, 1, struct.pack("<h", -6))])))
    for count in 0, 2, 3:
        put(f"orientation/count-{count}.png", plain(orientation(6, 3, count=count)))
    put("orientation/count-lies.png", plain(ifd([(0x112, 3, 9000, b"\6\0")])))
    value = lambda v: (0x112, 3, 1, struct.pack("<H", v))
    put("orientation/twice.png", plain(ifd([value(6), value(3)])))
    put("orientation/after-unknown-type.png", plain(ifd([(0x100, 99, 1, b"abcd"), value(6)])))
    put("orientation/unknown-type.png", plain(ifd([(0x112, 99, 1, b"\6")])))
    put("orientation/after-broken-entry.png", plain(ifd([(0x100, 2, 500000, b"far away"), value(6)])))
    put("orientation/before-broken-entry.png", plain(ifd([value(6), (0x132, 2, 500000, b"far away")])))
    put("orientation/directory-later.png", plain(orientation(6, at=30)))
    for name, magic in ("ii-swapped", b"II\0*"), ("mm-swapped", b"MM*\0"), ("big-tiff", b"II+\0"), ("big-tiff-big", b"MM\0+"), ("no-tiff", b"XX*\0"):
        order = ">" if magic[:2] == b"MM" else "<"
        put(f"orientation/{name}.png", plain(orientation(6, 3, order, magic=magic)))
        put(f"orientation/{name}.jpg", with_exif(j, orientation(6, 3, order, magic=magic)))
    put("orientation/prefixed.png", plain(b"Exif\0\0" + orientation(6)))
    put("orientation/empty.png", plain(b""))
    put("orientation/two-blocks.jpg", with_exif(with_exif(j, orientation(3)), orientation(6)))
    put("orientation/one-zero.jpg", with_segment(j, 0xe1, b"Exif\0\1" + orientation(6)))
    put("orientation/xmp.jpg", with_segment(j, 0xe1, b"http://ns.adobe.com/xap/1.0/\0" + xmp(6)))
    put("orientation/after-xmp.jpg", with_segment(with_exif(j, orientation(8)), 0xe1, b"http://ns.adobe.com/xap/1.0/\0" + xmp(6)))
    put("orientation/comment.gif", encoded(Image.fromarray(RGB).quantize(16), "GIF", comment=xmp(6)))
    orientations_of_png()
    orientations_of_webp()


def orientations_of_png():
    def both(name, *chunks):
        put(f"orientation/{name}.png", png(RGB, 2, 8, before=b"".join(chunks)))
        put(f"orientation/{name}-behind.png", png(RGB, 2, 8, after=b"".join(chunks)))
    exif = chunk(b"eXIf", orientation(8))
    other = chunk(b"eXIf", ifd([(0x100, 3, 1, b"\1\0")]))
    profile, packet = raw_profile(orientation(3)), xmp(6)
    for kind, compressed in (b"tEXt", False), (b"zTXt", True), (b"iTXt", False), (b"iTXt", True):
        form = kind.decode() + ("-compressed" if compressed and kind == b"iTXt" else "")
        both(f"profile-{form}", text("Raw profile type exif", profile, kind, compressed))
        both(f"xmp-{form}", text("XML:com.adobe.xmp", packet, kind, compressed))
    put("orientation/exif-behind.png", png(RGB, 2, 8, after=exif))
    both("exif-and-xmp", exif, text("XML:com.adobe.xmp", packet, b"iTXt"))
    both("exif-without-tag-and-xmp", other, text("XML:com.adobe.xmp", packet, b"iTXt"))
    both("exif-without-tag-and-profile", other, text("Raw profile type exif", profile, b"zTXt"))
    both("exif-and-profile", exif, text("Raw profile type exif", profile, b"zTXt"))
    both("profile-and-xmp", text("Raw profile type exif", profile, b"zTXt"), text("XML:com.adobe.xmp", packet, b"iTXt"))
    both("profile-of-app1", text("Raw profile type APP1", raw_profile(orientation(3), "APP1"), b"zTXt"))
    both("profile-not-hex", text("Raw profile type exif", b"\nexif\n  8\nnothing\n"))
    both("text-exif", text("exif", orientation(5)))
    both("text-exif-prefixed", text("exif", b"Exif\0\0" + orientation(5)))
    both("xmp-element", text("XML:com.adobe.xmp", xmp(7, True), b"iTXt"))
    both("xmp-zero", text("XML:com.adobe.xmp", xmp(0), b"iTXt"))
    both("xmp-two-digits", text("XML:com.adobe.xmp", xmp(36), b"iTXt"))
    both("xmp-quotes", text("XML:com.adobe.xmp", packet.replace(b'"6"', b"'6'"), b"iTXt"))
    both("xmp-not-utf8", text("XML:com.adobe.xmp", packet + b"\xff\xfe", b"iTXt"))
    both("xmp-twice", text("XML:com.adobe.xmp", packet, b"iTXt"), text("XML:com.adobe.xmp", xmp(8), b"tEXt"))
    both("xmp-damaged", chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(packet)[:-30] + b"zzzz"))
    both("profile-cut", chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(profile)[:-8]))
    both("profile-damaged", chunk(b"zTXt", b"Raw profile type exif\0\0" + b"nothing"))
    both("exif-twice", exif, chunk(b"eXIf", orientation(3)))
    put("orientation/exif-before-and-behind.png", png(RGB, 2, 8, before=exif, after=chunk(b"eXIf", orientation(3))))
    put("orientation/xmp-before-exif-behind.png", png(RGB, 2, 8, before=text("XML:com.adobe.xmp", packet, b"iTXt"), after=exif))
    put("orientation/exif-without-tag-xmp-behind.png", png(RGB, 2, 8, before=other, after=text("XML:com.adobe.xmp", packet, b"iTXt")))
    put("orientation/exif-behind-end.png", png(RGB, 2, 8) + exif)


def orientations_of_webp():
    picture = Image.fromarray(RGB)
    block = orientation(6)
    simple = dict(webp_chunks(encoded(picture, "WEBP")))
    lossy, pixels = (b"VP8 ", simple[b"VP8 "]), RGB.shape[1::-1]
    exif, again = (b"EXIF", block), (b"EXIF", orientation(3))
    put("orientation/flag.webp", riff(vp8x(*pixels, 8), lossy, exif))
    put("orientation/no-flag.webp", riff(vp8x(*pixels, 0), lossy, exif))
    put("orientation/simple-file.webp", riff(lossy, exif))
    put("orientation/before-the-picture.webp", riff(vp8x(*pixels, 8), exif, lossy))
    put("orientation/two-blocks.webp", riff(vp8x(*pixels, 8), lossy, exif, again))
    put("orientation/xmp.webp", riff(vp8x(*pixels, 4), lossy, (b"XMP ", xmp(6))))
    put("orientation/exif-without-tag-and-xmp.webp", riff(vp8x(*pixels, 12), lossy, (b"EXIF", ifd([])), (b"XMP ", xmp(6))))
    put("orientation/unknown-chunk.webp", riff(vp8x(*pixels, 8), (b"ABCD", b"odd"), lossy, exif))
    lossless = encoded(Image.fromarray(RGBA), "WEBP", lossless=True, exif=block)
    put("orientation/lossless-alpha.webp", lossless)
    put("orientation/lossy-alpha.webp", encoded(Image.fromarray(RGBA), "WEBP", exif=block))
    put("orientation/profile.webp", encoded(picture, "WEBP", exif=block, icc_profile=bytes(200)))


def webps():
    picture, size = Image.fromarray(RGB), (W, H)
    opaque, clear = encoded(picture, "WEBP", lossless=True), encoded(Image.fromarray(RGBA), "WEBP", lossless=True)
    lossy = encoded(Image.fromarray(RGBA), "WEBP")
    parts, alone = dict(webp_chunks(lossy)), dict(webp_chunks(encoded(picture, "WEBP")))
    for flags in 0, 0x10:
        put(f"webp/lossless-opaque-{flags}.webp", riff(vp8x(*size, flags), (b"VP8L", opaque[20:])))
        put(f"webp/lossless-alpha-{flags}.webp", riff(vp8x(*size, flags), (b"VP8L", clear[20:])))
        put(f"webp/alpha-chunk-{flags}.webp", riff(vp8x(*size, flags), (b"ALPH", parts[b"ALPH"]), (b"VP8 ", parts[b"VP8 "])))
        put(f"webp/no-alpha-chunk-{flags}.webp", riff(vp8x(*size, flags), (b"VP8 ", alone[b"VP8 "])))
    put("webp/canvas-larger.webp", riff(vp8x(W + 3, H, 0), (b"VP8 ", alone[b"VP8 "])))
    put("webp/more-behind.webp", opaque + b"more")
    put("webp/size-too-large.webp", opaque[:4] + struct.pack("<I", len(opaque) + 50) + opaque[8:])
    put("webp/size-too-small.webp", opaque[:4] + struct.pack("<I", len(opaque) - 30) + opaque[8:])
    put("webp/cut.webp", opaque[:-30])
    put("webp/animated.webp", encoded(picture, "WEBP", save_all=True, append_images=[Image.fromarray(RGB[::-1].copy())], lossless=True))
    put("webp/two-pictures.webp", riff(vp8x(*size, 0), (b"VP8 ", alone[b"VP8 "]), (b"VP8L", opaque[20:])))
    for method, alpha in itertools.product((0, 4, 6), (0, 60, 100)):
        put(f"webp/method-{method}-alpha-{alpha}.webp", encoded(Image.fromarray(smooth(37, 29, 4)), "WEBP", method=method, alpha_quality=alpha, quality=40))
    for w, h in (1, 9), (9, 1), (2, 3), (16, 16), (17, 33):
        put(f"webp/lossless-{w}x{h}.webp", encoded(Image.fromarray(smooth(w, h, 4)), "WEBP", lossless=True, exact=True))


def pngs():
    depths = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
    for colour, depth in ((c, d) for c in depths for d in depths[c]):
        most = 1 << depth
        px = rng.integers(0, most, (H, W, CHANNELS[colour])).astype(np.uint16)
        px[:8] = px[:8] // 3 * 3 % most
        plte = chunk(b"PLTE", bytes(rng.integers(0, 256, 3 * min(most, 200), np.uint8))) if colour == 3 else b""
        for interlace in 0, 1:
            put(f"png/type-{colour}-{depth}-{interlace}.png", png(px, colour, depth, before=plte, interlace=interlace, filters=(0, 1, 2, 3, 4)))
        for n, t in enumerate(transparencies(colour, depth, px)):
            put(f"png/transparent-{colour}-{depth}-{n}.png", png(px, colour, depth, before=plte + chunk(b"tRNS", t)))
        if colour in (0, 2, 3):
            t = transparencies(colour, depth, px)[0]
            put(f"png/transparent-behind-{colour}-{depth}.png", png(px, colour, depth, before=plte, after=chunk(b"tRNS", t)))
    for w, h in (1, 1), (1, 9), (2, 2), (3, 3), (4, 5), (5, 4), (9, 8):
        put(f"png/interlaced-{w}x{h}.png", png(smooth(w, h), 2, 8, interlace=1, filters=(4, 1)))
        put(f"png/interlaced-bits-{w}x{h}.png", png(rng.integers(0, 2, (h, w, 1)), 0, 1, interlace=1))
    png_palettes()
    png_data()
    png_chunks()
    apngs()


def transparencies(colour, depth, px):
    if colour == 3:
        return [bytes([255, 0]), bytes(range(0, 250, 50)), bytes([0, 0]), bytes([255, 0, 10]), b"\0\n", bytes(256), bytes(257), b"", b"\xff\xff"]
    if colour == 0:
        return [struct.pack(">H", v) for v in (int(px[3, 3, 0]), 0, 1, 85, (1 << depth) - 1)] + [b"\1"]
    if colour == 2:
        a = px[3, 3]
        return [struct.pack(">HHH", *map(int, a)), struct.pack(">HHH", *(int(v) >> 8 for v in a)), bytes(6), b"\0\1"]
    return [b"\0\1", b""]


def png_palettes():
    for n in 0, 1, 3, 15, 17, 255, 256, 257:
        put(f"png/palette-of-{n}.png", png(GREY, 3, 8, before=chunk(b"PLTE", bytes(rng.integers(0, 256, 3 * n, np.uint8)))))
    put("png/palette-none.png", png(INDEX, 3, 4))
    put("png/palette-part.png", png(INDEX, 3, 4, before=chunk(b"PLTE", PALETTE[:47])))
    put("png/palette-behind.png", png(INDEX, 3, 4, after=chunk(b"PLTE", PALETTE)))
    put("png/palette-twice.png", png(INDEX, 3, 4, before=chunk(b"PLTE", PALETTE[::-1]) + chunk(b"PLTE", PALETTE)))
    put("png/palette-of-colour.png", png(RGB, 2, 8, before=chunk(b"PLTE", PALETTE)))
    put("png/bit-3-colours.png", png(INDEX >> 3, 3, 1, before=chunk(b"PLTE", PALETTE[:9])))
    put("png/transparent-then-palette.png", png(INDEX, 3, 4, before=chunk(b"tRNS", b"\x80\x40") + chunk(b"PLTE", PALETTE)))


def png_data():
    raw = rows(RGB, 8, (1, 2, 3, 4))
    line = 3 * W + 1
    whole = zlib.compress(raw)
    data = {"more-rows": raw + bytes(2 * line), "more-bytes": raw + b"abc", "row-less": raw[:-line], "bytes-less": raw[:-5], "half": raw[:line * 8],
            "filter-5": raw[:line] + b"\5" + raw[line + 1:], "nothing": b""}
    for name, r in data.items():
        put(f"png/{name}.png", png(RGB, 2, 8, raw=r))
        put(f"png/{name}-interlaced.png", png(RGB, 2, 8, raw=interlaced(RGB, 8) + r[len(raw):] if len(r) > len(raw) else interlaced(RGB, 8)[:len(r)], head=chunk(b"IHDR", ihdr(W, H, 8, 2, 1))))
    streams = {"behind-stream": whole + b"abcdef", "no-checksum": whole[:-4], "part-of-checksum": whole[:-2], "wrong-checksum": whole[:-4] + b"abcd",
               "cut": whole[:-40], "damaged": whole[:60] + b"\xff\xff\xff" + whole[63:], "no-stream": b"nothing at all", "header-wrong": b"\x78\x00" + whole[2:],
               "stored": zlib.compress(raw, 0), "small-window": deflated(raw, 9), "dictionary": deflated(raw, 15, bytes(16))}
    for name, stream in streams.items():
        put(f"png/stream-{name}.png", png(RGB, 2, 8, idat=chunk(b"IDAT", stream)))
        put(f"png/stream-{name}-split.png", png(RGB, 2, 8, idat=chunk(b"IDAT", stream[:50]) + chunk(b"IDAT", stream[50:])))
    for size in 1, 2, 100:
        put(f"png/chunks-of-{size}.png", png(RGB, 2, 8, idat=b"".join(chunk(b"IDAT", whole[i:i + size]) for i in range(0, len(whole), size))))
    put("png/empty-chunks.png", png(RGB, 2, 8, idat=chunk(b"IDAT", b"") + chunk(b"IDAT", whole) + chunk(b"IDAT", b"")))
    put("png/data-interrupted.png", png(RGB, 2, 8, idat=chunk(b"IDAT", whole[:90]) + chunk(b"tIME", bytes(7)) + chunk(b"IDAT", whole[90:])))
    put("png/data-again.png", png(RGB, 2, 8, after=chunk(b"tIME", bytes(7)) + chunk(b"IDAT", whole)))
    put("png/data-wrong-checksum.png", png(RGB, 2, 8, idat=chunk(b"IDAT", whole, crc=1)))
    put("png/data-named-ddat.png", png(RGB, 2, 8, idat=chunk(b"DDAT", whole)))
    put("png/data-idat-ddat.png", png(RGB, 2, 8, idat=chunk(b"IDAT", whole[:90]) + chunk(b"DDAT", whole[90:])))


def deflated(raw, bits, dictionary=None):
    c = zlib.compressobj(9, zlib.DEFLATED, bits, zdict=dictionary) if dictionary else zlib.compressobj(9, zlib.DEFLATED, bits)
    return c.compress(raw) + c.flush()


def png_chunks():
    good = png(RGB, 2, 8)
    put("png/no-end.png", png(RGB, 2, 8, end=False))
    put("png/no-end-no-checksum.png", png(RGB, 2, 8, end=False)[:-4])
    put("png/no-end-part-of-checksum.png", png(RGB, 2, 8, end=False)[:-2])
    put("png/end-cut.png", good[:-6])
    put("png/end-too-long.png", good[:-12] + b"\0\0\1\0IEND")
    for n in 1, 4, 7, 9, 20:
        put(f"png/data-lack-{n}.png", good[:-16 - n])
    put("png/chunk-empty-behind-data.png", png(RGB, 2, 8, end=False) + b"\0\0\0\0IDAT")
    put("png/behind-end.png", good + b"anything")
    put("png/nothing-behind-header.png", SIGNATURE + chunk(b"IHDR", ihdr(W, H, 8, 2)))
    put("png/end-without-data.png", SIGNATURE + chunk(b"IHDR", ihdr(W, H, 8, 2)) + chunk(b"IEND", b""))
    put("png/junk-behind-data.png", png(RGB, 2, 8, end=False) + b"\0\0\0\0\0\0\0\0junk")
    for name, kind in ("ancillary", b"tIME"), ("critical", b"ABCD"), ("text", b"tEXt"), ("digits", b"a1_9"), ("no-name", b"a-+9"):
        put(f"png/chunk-{name}.png", png(RGB, 2, 8, before=chunk(kind, b"key\0value")))
        put(f"png/chunk-{name}-behind.png", png(RGB, 2, 8, after=chunk(kind, b"key\0value")))
        put(f"png/chunk-{name}-wrong-checksum.png", png(RGB, 2, 8, before=chunk(kind, b"key\0value", crc=5)))
        put(f"png/chunk-{name}-wrong-checksum-behind.png", png(RGB, 2, 8, after=chunk(kind, b"key\0value", crc=5)))
    put("png/chunk-cut-behind.png", png(RGB, 2, 8, after=chunk(b"tEXt", b"key\0value" * 9)[:40], end=False))
    head = ihdr(W, H, 8, 2)
    put("png/header-longer.png", png(RGB, 2, 8, head=chunk(b"IHDR", head + b"more")))
    put("png/header-shorter.png", png(RGB, 2, 8, head=chunk(b"IHDR", head[:12])))
    put("png/header-wrong-checksum.png", png(RGB, 2, 8, head=chunk(b"IHDR", head, crc=7)))
    put("png/header-second.png", SIGNATURE + chunk(b"tIME", bytes(7)) + good[8:])
    put("png/header-twice.png", png(RGB, 2, 8, before=chunk(b"IHDR", head)))
    put("png/compression-1.png", png(RGB, 2, 8, head=chunk(b"IHDR", ihdr(W, H, 8, 2, compression=1))))
    put("png/filters-1.png", png(RGB, 2, 8, head=chunk(b"IHDR", ihdr(W, H, 8, 2, filters=1))))
    put("png/interlace-2.png", png(RGB, 2, 8, interlace=2))
    for depth, colour in (3, 0), (16, 3), (4, 2), (8, 1), (8, 5), (1, 6), (32, 2):
        put(f"png/no-such-type-{colour}-{depth}.png", png(RGB, 2, 8, head=chunk(b"IHDR", ihdr(W, H, depth, colour))))
    for name, body in ("gamma", chunk(b"gAMA", struct.pack(">I", 100000))), ("srgb", chunk(b"sRGB", b"\0")), ("profile", chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(99)))), \
            ("background", chunk(b"bKGD", bytes(6))), ("bits", chunk(b"sBIT", b"\5\5\5")), ("physical", chunk(b"pHYs", struct.pack(">IIB", 1, 3, 0))):
        put(f"png/with-{name}.png", png(RGB, 2, 8, before=body))


def apngs():
    control_of = lambda n, w=W, h=H, x=0, y=0: chunk(b"fcTL", struct.pack(">IIIIIHHBB", n, w, h, x, y, 1, 10, 0, 0))
    frames = lambda n: chunk(b"acTL", struct.pack(">II", n, 0))
    more = lambda n: control_of(n) + chunk(b"fdAT", struct.pack(">I", n + 1) + zlib.compress(rows(RGB[::-1], 8)))
    put("apng/first-is-picture.png", png(RGB, 2, 8, before=frames(2) + control_of(0), after=more(1)))
    put("apng/picture-apart.png", png(RGB, 2, 8, before=frames(1), after=more(0)))
    put("apng/one-frame.png", png(RGB, 2, 8, before=frames(1) + control_of(0)))
    put("apng/no-frames.png", png(RGB, 2, 8, before=frames(0) + control_of(0)))
    put("apng/announced-twice.png", png(RGB, 2, 8, before=frames(2) + frames(2) + control_of(0), after=more(1)))
    put("apng/not-announced.png", png(RGB, 2, 8, before=control_of(0), after=more(1)))
    put("apng/order-wrong.png", png(RGB, 2, 8, before=frames(2) + control_of(3)))
    put("apng/beyond.png", png(RGB, 2, 8, before=frames(2) + control_of(0, W, H, 5)))
    put("apng/no-size.png", png(RGB, 2, 8, before=frames(2) + control_of(0, 0, 0, 5, 5)))
    exif = chunk(b"eXIf", orientation(6))
    put("apng/turned.png", png(RGB, 2, 8, before=frames(2) + control_of(0) + exif, after=more(1)))
    put("apng/turned-behind.png", png(RGB, 2, 8, before=frames(2) + control_of(0), after=more(1) + exif))
    put("apng/turned-between.png", png(RGB, 2, 8, before=frames(2) + control_of(0), after=exif + more(1)))
    put("apng/turned-behind-one.png", png(RGB, 2, 8, before=frames(1) + control_of(0), after=exif))
    for colour, depth, px in (2, 8, RGB), (6, 8, RGBA), (0, 8, GREY), (3, 4, INDEX[..., None]), (4, 8, RGBA[..., :2]):
        part = px[3:12, 5:18]
        before = (chunk(b"PLTE", PALETTE) if colour == 3 else b"") + frames(1) + control_of(0, 13, 9, 5, 3)
        for interlace in 0, 1:
            raw = (interlaced if interlace else rows)(part, depth)
            put(f"apng/part-{colour}-{interlace}.png", png(px, colour, depth, before=before, raw=raw, head=chunk(b"IHDR", ihdr(W, H, depth, colour, interlace))))
    put("apng/frames-first.png", png(RGB, 2, 8, before=frames(2) + more(0)))


def gifs():
    big = (smooth(70, 60, 1)[..., 0] // 2).astype(np.uint8)
    ramp = lambda n: bytes(v for i in range(n) for v in (i, i, i))
    wide = bytes(rng.integers(0, 256, 3 * 128, np.uint8))
    put("gif/plain.gif", gif(W, H, [gif_frame(INDEX, 4)], PALETTE))
    put("gif/large.gif", gif(70, 60, [gif_frame(big, 7)], wide))
    put("gif/table-full.gif", gif(200, 160, [gif_frame(rng.integers(0, 128, (160, 200)).astype(np.uint8), 7)], wide))
    for n in 1, 3, 50, 900:
        put(f"gif/clear-every-{n}.gif", gif(70, 60, [gif_frame(big, 7, data=lzw(big.tobytes(), 7, n))], wide))
    for bits in range(2, 13):
        put(f"gif/codes-of-{bits}.gif", gif(W, H, [gif_frame(INDEX % (1 << min(bits, 4)), bits)], PALETTE))
    for size in 1, 2, 7, 254:
        put(f"gif/blocks-of-{size}.gif", gif(W, H, [gif_frame(INDEX, 4, size=size)], PALETTE))
    for w, h in (1, 1), (9, 1), (1, 2), (5, 3), (7, 5), (8, 9), (W, H):
        put(f"gif/interlaced-{w}x{h}.gif", gif(w, h, [gif_frame(INDEX[:h, :w], 4, interlace=True)], PALETTE))
    put("gif/local-palette.gif", gif(W, H, [gif_frame(INDEX, 4, palette=PALETTE)], PALETTE[::-1]))
    put("gif/local-palette-only.gif", gif(W, H, [gif_frame(INDEX, 4, palette=PALETTE)]))
    put("gif/local-palette-grey.gif", gif(W, H, [gif_frame(INDEX, 4, palette=ramp(16))], PALETTE))
    put("gif/local-palette-grey-transparent.gif", gif(W, H, [gif_frame(INDEX, 4, palette=ramp(16), control=control(3))], PALETTE))
    put("gif/palettes-grey.gif", gif(W, H, [gif_frame(INDEX, 4, palette=ramp(16), control=control(3))], ramp(16)))
    put("gif/palette-grey.gif", gif(W, H, [gif_frame(INDEX, 4)], ramp(16)))
    put("gif/palette-none.gif", gif(W, H, [gif_frame(INDEX * 15, 8)]))
    put("gif/palette-small.gif", gif(W, H, [gif_frame(INDEX * 15, 8)], PALETTE[:12]))
    put("gif/87a.gif", gif(W, H, [gif_frame(INDEX, 4)], PALETTE, version=b"GIF87a"))
    put("gif/88a.gif", gif(W, H, [gif_frame(INDEX, 4)], PALETTE, version=b"GIF88a"))
    for t in None, 0, 3, 15, 40:
        for palette, name in (PALETTE, "colour"), (ramp(16), "grey"):
            put(f"gif/transparent-{t}-{name}.gif", gif(W, H, [gif_frame(INDEX, 4, control=control(t))], palette))
            put(f"gif/canvas-{t}-{name}.gif", gif(30, 25, [gif_frame(INDEX, 4, 4, 5, control=control(t))], palette, background=2))
            put(f"gif/beyond-{t}-{name}.gif", gif(20, 10, [gif_frame(INDEX, 4, 4, 5, control=control(t))], palette))
    gif_parts()
    gif_data()


def gif_parts():
    frame = gif_frame(INDEX, 4)
    other = gif_frame(INDEX[::-1], 4, control=control(3))
    for disposal in range(4):
        put(f"gif/frames-disposal-{disposal}.gif", gif(W, H, [gif_frame(INDEX, 4, control=control(2, disposal)), other], PALETTE))
    put("gif/controls-twice.gif", gif(W, H, [control(3), control(None), frame], PALETTE))
    put("gif/controls-other.gif", gif(W, H, [control(3), control(5), frame], PALETTE))
    put("gif/control-behind.gif", gif(W, H, [frame, control(5)], PALETTE))
    put("gif/control-short.gif", gif(W, H, [b"!\xf9\2\1\0\0", frame], PALETTE))
    put("gif/control-three.gif", gif(W, H, [b"!\xf9\3\0\0\0\0", frame], PALETTE))
    put("gif/comment.gif", gif(W, H, [b"!\xfe" + blocks(b"words, words" * 50), frame], PALETTE))
    put("gif/application.gif", gif(W, H, [b"!\xff\x0bNETSCAPE2.0\3\1\0\0\0", frame], PALETTE))
    put("gif/plain-text.gif", gif(W, H, [b"!\1" + blocks(bytes(12) + b"text"), frame], PALETTE))
    put("gif/extension-unknown.gif", gif(W, H, [b"!\x77" + blocks(b"abc"), frame], PALETTE))
    put("gif/junk-before-frame.gif", gif(W, H, [b"\0\0xyz", frame], PALETTE))
    put("gif/no-trailer.gif", gif(W, H, [frame], PALETTE, end=b""))
    put("gif/no-frame.gif", gif(W, H, [], PALETTE))
    put("gif/canvas-0x0.gif", gif(0, 0, [frame], PALETTE))
    put("gif/frame-0x0.gif", gif(W, H, [gif_frame(INDEX[:1, :0], 4, data=lzw(b"\1", 4))], PALETTE))
    put("gif/palette-cut.gif", gif(W, H, [], PALETTE, end=b"")[:-20])


def gif_data():
    def put_data(name, data, indices=INDEX, **options):
        put(f"gif/{name}.gif", gif(W, H, [gif_frame(indices, 4, data=data)], PALETTE, **options))
    whole = lzw(INDEX.tobytes(), 4)
    put_data("rows-more", lzw(INDEX.tobytes() * 2, 4))
    put_data("rows-more-interlaced-not", lzw(INDEX.tobytes() + b"\3\3\3", 4))
    put_data("rows-less", lzw(INDEX[:12].tobytes(), 4))
    put_data("pixels-less", lzw(INDEX.tobytes()[:-2], 4))
    put_data("no-end-code", lzw(INDEX.tobytes(), 4, end=False))
    put_data("cut", whole[:-20])
    put_data("code-missing", b"\x10\xff\xff\xff" + whole)
    put_data("behind-end-code", whole + b"abcdefgh")
    put_data("no-clear-first", lzw_without_clear(INDEX))
    put("gif/block-cut.gif", gif(W, H, [gif_frame(INDEX, 4)], PALETTE)[:-30])
    put("gif/block-without-terminator.gif", gif(W, H, [b"," + struct.pack("<HHHHB", 0, 0, W, H, 0) + b"\4" + blocks(whole, end=False)], PALETTE))
    put("gif/rows-less-two-frames.gif", gif(W, H, [gif_frame(INDEX, 4, data=lzw(INDEX[:9].tobytes(), 4)), gif_frame(INDEX, 4)], PALETTE))
    put("gif/frame-of-9-rows.gif", gif(W, H, [gif_frame(INDEX[:9], 4, data=whole)], PALETTE))
    for bits in 0, 1:
        put(f"gif/codes-of-{bits}.gif", gif(W, H, [gif_frame(INDEX % 2, bits, data=b"\x44\x44\x44" * 80)], PALETTE[:6]))


def lzw_without_clear(indices):
    """Each pixel as a code of its own, the table cleared in time."""
    acc = n = 0
    out, since = bytearray(), 0
    for v in indices.tobytes():
        acc, n, since = acc | v << n, n + 5, since + 1
        if since == 13:
            acc, n, since = acc | 16 << n, n + 5, 0
        while n >= 8:
            out.append(acc & 255)
            acc, n = acc >> 8, n - 8
    return bytes(out) + bytes([acc & 255, 17 << (8 - n) & 255 if n else 17])


def bmps():
    colours = b"".join(PALETTE[3 * i:3 * i + 3] + b"\0" for i in range(16))
    bgr = b"".join(padded(r.tobytes()) for r in RGB[::-1, :, ::-1])
    down = b"".join(padded(r.tobytes()) for r in RGB[:, :, ::-1])
    four = np.concatenate([RGB[..., ::-1], GREY], -1)[::-1]
    for header in 12, 40, 52, 56, 64, 108, 124, 16:
        put(f"bmp/header-{header}.bmp", bmp(W, H, 24, bgr, header=header))
        put(f"bmp/header-{header}-32.bmp", bmp(W, H, 32, four.tobytes(), header=header))
        small = b"".join(colours[4 * i:4 * i + 3] for i in range(16)) if header == 12 else colours
        put(f"bmp/header-{header}-palette.bmp", bmp(W, H, 4, bits_of(INDEX, 4), palette=small, header=header))
        put(f"bmp/header-{header}-8.bmp", bmp(W, H, 8, bits_of(INDEX, 8), palette=small * 16, header=header))
        put(f"bmp/header-{header}-offset-0.bmp", bmp(W, H, 24, bgr, header=header, offset=0))
    put("bmp/top-down.bmp", bmp(W, H, 24, down, down=True))
    put("bmp/gap.bmp", bmp(W, H, 24, bgr, between=bytes(20)))
    put("bmp/gap-odd.bmp", bmp(W, H, 8, bits_of(INDEX, 8), palette=colours, used=16, between=bytes(7)))
    put("bmp/reserved.bmp", bmp(W, H, 24, bgr, reserved=0x1234))
    put("bmp/more-behind.bmp", bmp(W, H, 24, bgr + bytes(99)))
    put("bmp/padding-of-last-row-missing.bmp", bmp(W, H, 24, bgr)[:-3])
    put("bmp/cut.bmp", bmp(W, H, 24, bgr)[:-4])
    put("bmp/offset-in-header.bmp", bmp(W, H, 24, bgr, offset=30))
    put("bmp/offset-beyond.bmp", bmp(W, H, 24, bgr, offset=90000))
    put("bmp/offset-before-palette.bmp", bmp(W, H, 4, bits_of(INDEX, 4), palette=colours, offset=54))
    put("bmp/dib.bmp", bmp(W, H, 24, bgr)[14:])
    bmp_palettes(colours)
    bmp_masks(four)
    bmp_runs(colours)


def bits_of(indices, bits):
    return b"".join(padded(packed(r, bits)) for r in indices[::-1])


def bmp_palettes(colours):
    ramp = lambda n, step=1: b"".join(bytes([i * step & 255] * 3 + [0]) for i in range(n))
    for bits in 1, 2, 4, 8:
        index = INDEX % (1 << bits)
        px = bits_of(index, bits)
        for n in 1, 2, 3, 16, 255, 256, 257:
            put(f"bmp/palette-{bits}-{n}.bmp", bmp(W, H, bits, px, palette=(colours * 20)[:4 * n], used=n))
            put(f"bmp/ramp-{bits}-{n}.bmp", bmp(W, H, bits, px, palette=ramp(n), used=n))
        put(f"bmp/black-white-{bits}.bmp", bmp(W, H, bits, px, palette=ramp(2, 255), used=2))
        put(f"bmp/white-black-{bits}.bmp", bmp(W, H, bits, px, palette=ramp(2, 255)[4:] + ramp(1), used=2))
        put(f"bmp/greys-{bits}.bmp", bmp(W, H, bits, px, palette=ramp(1 << bits, 255 // ((1 << bits) - 1))))
        put(f"bmp/palette-none-{bits}.bmp", bmp(W, H, bits, px))
        put(f"bmp/palette-short-{bits}.bmp", bmp(W, H, bits, px, palette=colours[:4], used=0, offset=58))


def bmp_masks(four):
    sets = [(0xff0000, 0xff00, 0xff, 0), (0xff000000, 0xff0000, 0xff00, 0), (0xff000000, 0xff0000, 0xff00, 0xff), (0xff, 0xff00, 0xff0000, 0xff000000),
            (0xff0000, 0xff00, 0xff, 0xff000000), (0, 0, 0, 0), (0xff, 0xff00, 0xff0000, 0), (0x3ff00000, 0xffc00, 0x3ff, 0), (0xf, 0xf0, 0xf00, 0)]
    for n, masks in enumerate(sets):
        packed_masks = struct.pack("<IIII", *masks)
        for header in 40, 64, 108, 124:
            put(f"bmp/masks-{n}-{header}.bmp", bmp(W, H, 32, four.tobytes(), 3, header=header, masks=packed_masks[:12] if header == 40 else packed_masks))
    values = rng.integers(0, 1 << 16, (H, W)).astype("<u2")
    px = b"".join(padded(r.tobytes()) for r in values)
    put("bmp/16.bmp", bmp(W, H, 16, px))
    put("bmp/16-os2.bmp", bmp(W, H, 16, px, header=12))
    for n, masks in enumerate([(0xf800, 0x7e0, 0x1f, 0), (0x7c00, 0x3e0, 0x1f, 0), (0xf00, 0xf0, 0xf, 0), (0x7c00, 0x3e0, 0x1f, 0x8000)]):
        for header in 40, 108:
            put(f"bmp/16-masks-{n}-{header}.bmp", bmp(W, H, 16, px, 3, header=header, masks=struct.pack("<IIII", *masks)[:12 if header == 40 else 16]))
    bgr = b"".join(padded(r.tobytes()) for r in RGB)
    put("bmp/24-masks.bmp", bmp(W, H, 24, bgr, 3, masks=struct.pack("<III", 0xff0000, 0xff00, 0xff)))
    put("bmp/24-masks-other.bmp", bmp(W, H, 24, bgr, 3, masks=struct.pack("<III", 0xff, 0xff00, 0xff0000)))
    put("bmp/8-masks.bmp", bmp(W, H, 8, bits_of(INDEX, 8), 3, masks=bytes(12)))
    for compression in 4, 5, 6, 11:
        put(f"bmp/compression-{compression}.bmp", bmp(W, H, 24, bgr, compression))


def bmp_runs(colours):
    def runs(name, px, bits=8, compression=1, **options):
        put(f"bmp/rle-{name}.bmp", bmp(W, H, bits, px, compression, **{"palette": colours, "used": 16, **options}))
    singles = b"".join(b"".join(bytes([1, int(v)]) for v in r) + b"\0\0" for r in INDEX[::-1])
    runs("singles", singles + b"\0\1")
    runs("no-end", singles)
    runs("top-down", singles + b"\0\1", down=True)
    runs("absolute", b"".join(bytes([0, W]) + padded(r.tobytes(), 2) + b"\0\0" for r in INDEX[::-1]) + b"\0\1")
    runs("absolute-odd-offset", b"".join(bytes([0, W]) + padded(r.tobytes(), 2) + b"\0\0" for r in INDEX[::-1]) + b"\0\1", between=b"x")
    runs("no-row-ends", b"".join(bytes([1, int(v)]) for v in INDEX.reshape(-1)))
    runs("absolute-no-row-ends", b"".join(bytes([0, W]) + padded(r.tobytes(), 2) for r in INDEX))
    runs("long-runs", b"".join(bytes([200, int(r[0])]) + b"\0\0" for r in INDEX) + b"\0\1")
    runs("short-rows", b"".join(bytes([9, int(r[0])]) + b"\0\0" for r in INDEX) + b"\0\1")
    wide = b"".join(bytes([1, y % 16]) + b"\0\0" for y in range(40)) + b"\0\1"
    put("bmp/rle-wide-short-rows.bmp", bmp(3000, 40, 8, wide, 1, palette=colours, used=16))
    runs("early-end", singles[:300] + b"\0\1")
    runs("cut", singles[:-60])
    runs("empty-rows", b"\0\0" * 3 + singles + b"\0\1")
    runs("delta", b"\0\2\3\2" + singles + b"\0\1")
    runs("grey", singles + b"\0\1", palette=b"".join(bytes([i] * 3 + [0]) for i in range(16)))
    runs("black-white", b"".join(bytes([W, y % 2]) + b"\0\0" for y in range(H)) + b"\0\1", palette=b"\0\0\0\0\xff\xff\xff\0", used=2)
    runs("more-behind", singles + b"\0\1" + bytes(50))
    pairs = b"".join(bytes([W, int(r[0]) << 4 | int(r[1])]) + b"\0\0" for r in INDEX) + b"\0\1"
    runs("4", pairs, 4, 2)
    runs("4-top-down", pairs, 4, 2, down=True)
    runs("4-of-8", pairs, 8, 2)
    runs("8-of-4", singles, 4, 1)
    runs("of-24", singles, 24, 1)
    even = b"".join(bytes([0, 22]) + padded(packed(r[:22], 4), 2) + bytes([1, int(r[22]) << 4]) + b"\0\0" for r in INDEX[::-1]) + b"\0\1"
    runs("4-absolute", even, 4, 2)
    runs("4-absolute-odd", b"".join(bytes([0, W]) + padded(packed(r, 4), 2) + b"\0\0" for r in INDEX) + b"\0\1", 4, 2)
    runs("4-grey", pairs, 4, 2, palette=b"".join(bytes([i] * 3 + [0]) for i in range(16)))


def rgb(data):
    """Upright, over white: akin's rule, done by Pillow."""
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def verdict(data):
    try:
        image = rgb(data)
    except Exception:
        return "refused"
    return f"{image.width} {image.height} {hashlib.sha256(image.tobytes()).hexdigest()}"


def main():
    warnings.simplefilter("ignore")
    for make in progressive, scripted, sequential, orientations, webps, pngs, gifs, bmps:
        make()
    with zipfile.ZipFile("odd.zip", "w", zipfile.ZIP_DEFLATED) as archive, open("odd.golden", "w") as golden:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
            print(name, verdict(files[name]), file=golden)


main()
