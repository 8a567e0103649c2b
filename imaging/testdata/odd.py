"""Writes odd.zip (several hundred small odd pictures) and odd.golden: for each its
size and the SHA-256 of its RGB pixels as Pillow reads them, upright, over white,
or "refused" where Pillow gives an error.

    /usr/bin/python3 odd.py         # Pillow 9.4, libjpeg-turbo 2.1.5 and its cjpeg, libwebp 1.2.4
"""
import struct
import warnings
import zipfile

from PIL import Image

from builders import *
from oddbase import *
from oddjpeg import progressive, scripted, sequential
from oddparts import exif_parts, jpeg_parts, odd_bmps, webp_parts
from oddpng import pngs
from oddturned import orientations, webps
from verdict import verdict


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
    swallowed = gif_frame(INDEX[:5, :5], 4, data=lzw(INDEX[:5, :5].tobytes(), 4).ljust(33, b"\0"))  # by who reads its "," as a length
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
    for name, empty in ("unknown", b"!\x77\0"), ("text", b"!\1\0"), ("comment", b"!\xfe\0"), ("application", b"!\xff\0"), ("control", b"!\xf9\0"), ("loop", b"!\xff\x0bNETSCAPE2.0\0"):
        put(f"gif/extension-empty-{name}.gif", gif(W, H, [empty, frame], PALETTE))
        put(f"gif/extension-empty-{name}-behind.gif", gif(W, H, [frame, empty, other], PALETTE))
        put(f"gif/extension-empty-{name}-two-frames.gif", gif(W, H, [empty, swallowed, other], PALETTE))
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


def main():
    warnings.simplefilter("ignore")
    for make in progressive, scripted, sequential, orientations, webps, pngs, gifs, bmps, webp_parts, jpeg_parts, exif_parts, odd_bmps:
        make()
    with zipfile.ZipFile("odd.zip", "w", zipfile.ZIP_DEFLATED) as archive, open("odd.golden", "w") as golden:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
            print(name, verdict(files[name]), file=golden)


main()
