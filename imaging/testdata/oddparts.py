"""Odd order and number of the parts of WebP and JPEG, most of which Pillow refuses."""
import itertools
import struct

from builders import *
from oddbase import *
from oddjpeg import separate


def webp_parts():
    size = W, H
    alpha = dict(webp_chunks(encoded(Image.fromarray(RGBA), "WEBP")))
    lossy, lossless = ((n, dict(webp_chunks(encoded(Image.fromarray(RGB), "WEBP", lossless=n == b"VP8L")))[n]) for n in (b"VP8 ", b"VP8L"))
    alph, own = (b"ALPH", alpha[b"ALPH"]), (b"VP8 ", alpha[b"VP8 "])
    exif, other, head = (b"EXIF", orientation(6)), (b"ABCD", b"odd"), vp8x(*size, 0x18)
    orders = {
        "alpha-simple": [alph, own], "alpha-behind": [head, own, alph], "alpha-behind-simple": [own, alph], "alpha-twice": [head, alph, alph, own],
        "alpha-apart": [head, alph, exif, own], "alpha-before-unknown": [head, alph, other, own], "alpha-lossless": [head, alph, lossless],
        "alpha-only": [head, alph], "picture-twice": [head, own, own], "picture-twice-apart": [head, own, exif, own], "picture-twice-simple": [lossy, lossless],
        "header-twice": [head, head, own], "header-behind": [own, head], "unknown-first": [other, own], "unknown-behind": [own, other], "exif-first": [exif, own],
        "animation-before": [head, (b"ANIM", bytes(6)), own], "animation-behind": [head, own, (b"ANIM", bytes(6))], "frame": [head, (b"ANMF", bytes(16)), own],
        "flag-64": [vp8x(*size, 0x40), lossy], "flag-1": [vp8x(*size, 1), lossy], "header-long": [(b"VP8X", head[1] + bytes(4)), alph, own, exif],
        "header-short": [(b"VP8X", head[1][:8]), alph, own],
    }
    for name, chunks in orders.items():
        put(f"webp/order-{name}.webp", riff(*chunks))
    odd = riff(lossy, (b"ABCD", b"odd"))
    put("webp/no-last-filler.webp", riff(head, own, (b"ABCD", b"odd"))[:-1])
    put("webp/no-last-filler-counted.webp", odd[:4] + struct.pack("<I", len(odd) - 9) + odd[8:-1])
    put("webp/few-bytes-behind-simple.webp", riff(lossy)[:4] + struct.pack("<I", len(riff(lossy)) - 8 + 4) + riff(lossy)[8:] + b"more")
    for at, value in itertools.product((0,), (1, 8, 16, 0x20)):  # key frame, profile, shown, size of the first part
        pixels = bytearray(lossy[1])
        pixels[at] ^= value
        put(f"webp/lossy-bit-{value}.webp", riff((b"VP8 ", bytes(pixels))))
    put("webp/lossy-part-too-long.webp", riff((b"VP8 ", bytes([lossy[1][0] & 31 | 0xe0, 0xff, 0xff]) + lossy[1][3:])))


def scan(*components, tail=b"\0\x3f\0"):
    return b"\xff\xda" + struct.pack(">H", 6 + 2 * len(components)) + bytes([len(components)]) + b"".join(bytes([c, 0 if c == 1 else 0x11]) for c in components) + tail


def jpeg_parts():
    j = jpeg(Image.fromarray(RGB), subsampling=0)
    at = j.index(b"\xff\xda")
    head, data = j[:at], j[at + 14:]
    for order in itertools.product((1, 2, 3), repeat=3):
        put("sequential/order-" + "".join(map(str, order)) + ".jpg", head + scan(*order) + data)
    planes = separate(RGB)
    parts = [planes[a:b] for m, a, b in segments(planes) if m == 0xda]
    start = planes[:planes.index(b"\xff\xda")]
    for order in itertools.permutations(range(3)):
        put("sequential/planes-order-" + "".join(map(str, order)) + ".jpg", start + b"".join(parts[i] for i in order) + b"\xff\xd9")
    behind = {"scan": j[at:-2], "start": b"\xff\xd8", "tables": b"\xff\xc4\0\5abc", "frame": j[j.index(b"\xff\xc0"):j.index(b"\xff\xc0") + 19],
              "unknown": b"\xff\x94\0\2", "comment": b"\xff\xfe\0\4ab", "lines": b"\xff\xdc\0\4\0\x11", "cut": b"\xff\xe1\xff\xff", "restart": b"\xff\xd3", "expand": b"\xff\xdf\0\3\0"}
    for name, part in behind.items():
        put(f"sequential/behind-{name}.jpg", j[:-2] + part + b"\xff\xd9")
        put(f"sequential/behind-{name}-no-end.jpg", j[:-2] + part)
        if name != "scan":
            put(f"sequential/before-{name}.jpg", head + part + j[at:])
    for ratio, factor in itertools.product((0, 2), (1, 40)):
        for zero in 0, 1, 3, 63:
            q = bytearray(jpeg(Image.fromarray(smooth(40, 32)), subsampling=ratio, quality=95))
            for marker, start, end in segments(bytes(q)):
                for i in range(start + 5, end) if marker == 0xdb else ():
                    q[i] = 0 if i - start - 5 == zero else min(255, max(1, q[i] * factor))
            put(f"scans/zero-quantiser-{ratio}-x{factor}-{zero}.jpg", q)
