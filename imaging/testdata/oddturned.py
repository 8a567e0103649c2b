"""Orientation in all places, and odd WebP."""
import itertools
import struct
import zlib

from builders import *
from oddbase import *


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
