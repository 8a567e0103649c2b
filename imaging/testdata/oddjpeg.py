"""Odd JPEG."""
import itertools
import struct
import subprocess
import tempfile

from builders import *
from oddbase import *


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
        return subprocess.run(["cjpeg", *options], input=picture, capture_output=True, check=True).stdout


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
    for name, ids in ("alike", b"\1\1\1"), ("two-alike", b"\1\2\2"):
        put(f"sequential/names-{name}.jpg", renamed(j, ids))
        put(f"sequential/names-{name}-planes.jpg", renamed(separate(RGB), ids))
        put(f"progressive/names-{name}.jpg", renamed(jpeg(Image.fromarray(RGB), progressive=True), ids))
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


def renamed(j, names):
    """Other names for the components 1, 2, 3."""
    out = bytearray(j)
    for marker, start, _ in segments(j):
        if marker in (0xc0, 0xc1, 0xc2, 0xda):
            first, step = (start + 5, 2) if marker == 0xda else (start + 10, 3)
            for at in range(first, first + step * j[first - 1], step):
                out[at] = names[j[at] - 1] if 1 <= j[at] <= 3 else j[at]
    return bytes(out)


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
