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


def chained(order, first, second, sub):
    """Directories: the first, which names a sub-directory, and the one behind it (of the thumbnail)."""
    value = lambda v: [(0x112, 3, 1, struct.pack(order + "H", v))] if v else []
    body = lambda entries, link: struct.pack(order + "H", len(entries)) + b"".join(
        struct.pack(order + "HHI", t, k, n) + v.ljust(4, b"\0") for t, k, n, v in entries) + struct.pack(order + "I", link)
    entries = value(first) + [(0x8769, 4, 1, b"")]
    at_sub = 8 + len(body(entries, 0))
    below = body(value(sub), 0)
    entries = value(first) + [(0x8769, 4, 1, struct.pack(order + "I", at_sub))]
    head = b"II*\0" if order == "<" else b"MM\0*"
    return head + struct.pack(order + "I", 8) + body(entries, at_sub + len(below)) + below + body(value(second), 0)


def exif_parts():
    j = jpeg(Image.fromarray(RGB))
    for order, (first, second, sub) in itertools.product("<>", ((0, 6, 0), (0, 0, 6), (3, 6, 8), (0, 6, 8))):
        name = f"{first}{second}{sub}-{'little' if order == '<' else 'big'}"
        block = chained(order, first, second, sub)
        put(f"orientation/chain-{name}.jpg", with_exif(j, block))
        put(f"orientation/chain-{name}.png", png(RGB, 2, 8, before=chunk(b"eXIf", block)))
        put(f"orientation/chain-{name}.webp", encoded(Image.fromarray(RGB), "WEBP", exif=block))
        put(f"orientation/chain-{name}-profile.png", png(RGB, 2, 8, before=text("Raw profile type exif", raw_profile(block), b"zTXt")))
    block = orientation(6)
    app = lambda body, marker=0xe1: bytes([0xff, marker]) + struct.pack(">H", len(body) + 2) + body
    at = j.index(b"\xff\xda")
    comment = app(b"words", 0xfe)
    jfif, rest = j[:20], j[20:]
    put("orientation/behind-others.jpg", jfif + app(b"ICC_PROFILE\0\1\1" + bytes(40), 0xe2) + comment + app(b"Exif\0\0" + block) + rest)
    put("orientation/before-the-scan.jpg", j[:at] + app(b"Exif\0\0" + block) + j[at:])
    put("orientation/behind-the-scan.jpg", j[:-2] + app(b"Exif\0\0" + block) + b"\xff\xd9")
    put("orientation/behind-the-end.jpg", j + app(b"Exif\0\0" + block))
    put("orientation/split.jpg", jfif + app(b"Exif\0\0" + block[:14]) + app(b"Exif\0\0" + block[14:]) + rest)
    put("orientation/second-sound.jpg", jfif + app(b"Exif\0\0" + ifd([])) + app(b"Exif\0\0" + block) + rest)
    put("orientation/no-prefix.jpg", jfif + app(block) + rest)
    put("orientation/one-zero-behind.jpg", jfif + app(b"Exif\0" + block) + rest)
    put("orientation/other-segment.jpg", jfif + app(b"Exif\0\0" + block, 0xe2) + rest)
    put("orientation/far-directory.jpg", with_exif(j, ifd([(0x112, 3, 1, b"\6\0")], at=60000)))
    for count in 0, 1, 2, 3, 4, 5:
        for kind in 3, 4, 6, 8, 9, 1:
            put(f"orientation/count-{count}-type-{kind}.jpg", with_exif(j, orientation(6, kind, ">", count)))
    wide = struct.pack("<III", 256, 17, 6)
    put("orientation/beyond-a-byte.jpg", with_exif(j, ifd([(0x112, 4, 1, wide[:4])])))
    put("orientation/values-differ.jpg", with_exif(j, ifd([(0x112, 4, 3, wide[8:] + wide[:8])])))


def odd_bmps():
    """Sides, planes and pictures inside, as headers may claim them."""
    bgr = b"".join(padded(r.tobytes()) for r in RGB[::-1, :, ::-1])
    sound = bmp(W, H, 24, bgr)
    for at, form, values in (18, "<i", (-W, 0, 1, W - 1, W + 1, 1 << 30)), (22, "<i", (0, 1, -1, H - 1, H + 1, -H, 1 << 30, -(1 << 31))), (26, "<H", (0, 2, 9)), (34, "<I", (0, 5, 1 << 31)):
        for value in values:
            data = bytearray(sound)
            struct.pack_into(form, data, at, value)
            put(f"bmp/field-{at}-{value}.bmp", data)
    for name, compression, inside in ("jpeg", 4, jpeg(Image.fromarray(RGB))), ("png", 5, png(RGB, 2, 8)):
        put(f"bmp/inside-{name}.bmp", bmp(W, H, 0, inside, compression))
        put(f"bmp/inside-{name}-24.bmp", bmp(W, H, 24, inside, compression))
    for low, n in itertools.product((0, 3, 8, 16, 24), (1, 5, 8)):
        masks = [(1 << n) - 1 << low & 0xffffffff] + [0xff00, 0xff, 0]
        put(f"bmp/mask-{low}-{n}.bmp", bmp(W, H, 32, rng.bytes(4 * W * H), 3, masks=struct.pack("<IIII", *masks), header=124))
    for bits in 0, 3, 5, 12, 48, 64:
        put(f"bmp/bits-{bits}.bmp", bmp(W, H, bits, bgr * 3))
