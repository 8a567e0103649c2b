"""Odd PNG."""
import struct
import zlib

from builders import *
from oddbase import *


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
