"""Builders of small odd files, from the formats' descriptions."""
import io
import struct
import zlib

import numpy as np
from PIL import Image

rng = np.random.default_rng(16)


def smooth(w, h, c=3):
    """A smooth picture with some noise."""
    coarse = rng.integers(0, 256, (max(h // 7, 2), max(w // 7, 2), c), np.uint8)
    planes = [np.asarray(Image.fromarray(coarse[..., i]).resize((w, h), Image.BICUBIC)) for i in range(c)]
    noisy = np.stack(planes, -1).astype(int) + rng.integers(-9, 10, (h, w, c))
    return np.clip(noisy, 0, 255).astype(np.uint8)


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(image, **options):
    return encoded(image, "JPEG", **{"quality": 90, **options})


# EXIF and its relatives

FORMATS = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I", 16: "Q"}


def ifd(entries, order="<", at=8, magic=None):
    """entries: (tag, type, count, value bytes); longer values follow the directory."""
    head = magic or (b"II*\0" if order == "<" else b"MM\0*")
    out = head + struct.pack(order + "I", at) + bytes(at - 8) + struct.pack(order + "H", len(entries))
    data, free = b"", len(out) + 12 * len(entries) + 4
    for tag, kind, count, value in entries:
        if len(value) > 4:
            value, data = struct.pack(order + "I", free + len(data)), data + value
        out += struct.pack(order + "HHI", tag, kind, count) + value.ljust(4, b"\0")
    return out + struct.pack(order + "I", 0) + data


def orientation(value, kind=3, order="<", count=1, **options):
    if kind in (5, 10):
        packed = struct.pack(order + ("II" if kind == 5 else "ii"), value, 1)
    elif kind in (2, 7):
        packed = str(value).encode() if kind == 2 else bytes([value])
    else:
        packed = struct.pack(order + FORMATS[kind], value)
    return ifd([(0x112, kind, count, packed * count)], order, **options)


def with_segment(j, marker, body):
    return j[:2] + bytes([0xff, marker]) + struct.pack(">H", len(body) + 2) + body + j[2:]


def with_exif(j, block):
    return with_segment(j, 0xe1, b"Exif\0\0" + block)


def xmp(value, element=False):
    name = "tiff:Orientation"
    inner = f"><{name}>{value}</{name}></rdf:Description>" if element else f' {name}="{value}"/>'
    return ('<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            '<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/"' + inner + '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>').encode()


def raw_profile(block, name="exif"):
    body = b"Exif\0\0" + block
    digits = body.hex()
    return ("\n%s\n%8d\n%s\n" % (name, len(body), "\n".join(digits[i:i + 72] for i in range(0, len(digits), 72)))).encode()


# JPEG

def segments(j):
    """(marker, start, end) of each segment; the coded data belong to their scan."""
    at = 2
    while at < len(j):
        marker = j[at + 1]
        end = at + 2 if marker == 0xd9 else at + 2 + struct.unpack(">H", j[at + 2:at + 4])[0]
        while marker == 0xda and not (j[end] == 0xff and j[end + 1] != 0 and not 0xd0 <= j[end + 1] <= 0xd7):
            end += 1
        yield marker, at, end
        at = end


def scans(j):
    return sum(marker == 0xda for marker, _, _ in segments(j))


def first_scans(j, n, skip=()):
    """The first n scans without those in skip, then the end marker."""
    out, seen = j[:2], 0
    for marker, start, end in segments(j):
        if marker == 0xda:
            seen += 1
            if seen > n:
                break
            if seen - 1 in skip:
                continue
        if marker != 0xd9:
            out += j[start:end]
    return out + b"\xff\xd9"


# PNG

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def chunk(kind, body, crc=None):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body) if crc is None else crc)


def ihdr(w, h, depth, colour, interlace=0, filters=0, compression=0):
    return struct.pack(">IIBBBBB", w, h, depth, colour, compression, filters, interlace)


def packed(line, depth):
    if depth == 8:
        return line.astype("u1").tobytes()
    if depth == 16:
        return line.astype(">u2").tobytes()
    bits = "".join(format(int(v), f"0{depth}b") for v in line)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))


def rows(px, depth, filters=(0,)):
    """Rows of samples, filtered in turn by the given filters."""
    h = px.shape[0]
    step = max(1, (px.shape[2] if px.ndim == 3 else 1) * depth // 8)
    above, out = None, b""
    for y in range(h):
        row = packed(px[y].reshape(-1), depth)
        kind = filters[y % len(filters)]
        out += bytes([kind]) + filtered(row, above or bytes(len(row)), kind, step)
        above = row
    return out


def filtered(row, above, kind, step):
    out = bytearray()
    for i, v in enumerate(row):
        a, b = row[i - step] if i >= step else 0, above[i]
        c = above[i - step] if i >= step else 0
        pa, pb, pc = abs(b - c), abs(a - c), abs(a + b - 2 * c)
        paeth = a if pa <= pb and pa <= pc else b if pb <= pc else c
        out.append((v - {0: 0, 1: a, 2: b, 3: (a + b) // 2, 4: paeth}.get(kind, 0)) & 255)
    return bytes(out)


PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def interlaced(px, depth, filters=(0,)):
    return b"".join(rows(px[y::dy, x::dx], depth, filters) for x, y, dx, dy in PASSES if px[y::dy, x::dx].size)


def png(px, colour, depth, before=b"", after=b"", raw=None, idat=None, end=True, head=None, interlace=0, filters=(0,)):
    h, w = px.shape[:2]
    if raw is None:
        raw = (interlaced if interlace else rows)(px, depth, filters)
    idat = chunk(b"IDAT", zlib.compress(raw)) if idat is None else idat
    head = chunk(b"IHDR", ihdr(w, h, depth, colour, interlace)) if head is None else head
    return SIGNATURE + head + before + idat + after + (chunk(b"IEND", b"") if end else b"")


def text(key, value, kind=b"tEXt", compressed=False):
    key = key.encode()
    if kind == b"tEXt":
        return chunk(kind, key + b"\0" + value)
    if kind == b"zTXt":
        return chunk(kind, key + b"\0\0" + zlib.compress(value))
    return chunk(kind, key + b"\0" + bytes([compressed, 0]) + b"\0\0" + (zlib.compress(value) if compressed else value))


# BMP

def padded(b, to=4):
    return b + bytes(-len(b) % to)


def bmp(w, h, bits, px, compression=0, palette=b"", header=40, masks=b"", between=b"", down=False, used=0, reserved=0, offset=None):
    if header == 12:
        head = struct.pack("<IHHHH", 12, w, h, 1, bits)
    else:
        head = struct.pack("<IiiHHIIiiII", header, w, -h if down else h, 1, bits, compression, len(px), 2835, 2835, used, 0)
        head = (head + masks).ljust(header, b"\0")
    at = 14 + len(head) + len(palette) + len(between) if offset is None else offset
    return b"BM" + struct.pack("<III", at + len(px), reserved, at) + head + palette + between + px


# GIF

def lzw(indices, bits, clear_every=0, end=True):
    """Codes by the usual algorithm; clear_every > 0 clears the table so often."""
    clear, out, acc, n = 1 << bits, bytearray(), 0, 0

    def put(code):
        nonlocal acc, n
        acc |= code << n
        n += size
        while n >= 8:
            out.append(acc & 255)
            acc >>= 8
            n -= 8

    def fresh():
        return {bytes([i]): i for i in range(min(clear, 256))}, clear + 2, bits + 1
    table, free, size = fresh()
    put(clear)
    word, codes = b"", 0
    for v in bytes(indices):
        if word + bytes([v]) in table:
            word += bytes([v])
            continue
        put(table[word])
        codes += 1
        if free < 4096:
            table[word + bytes([v])] = free
            size += free == 1 << size and size < 12
            free += 1
        if clear_every and codes % clear_every == 0:
            put(clear)
            table, free, size = fresh()
        word = bytes([v])
    put(table[word])
    if end:
        size += free == 1 << size and size < 12
        put(clear + 1)
    if n:
        out.append(acc & 255)
    return bytes(out)


def blocks(data, size=255, end=True):
    return b"".join(bytes([len(data[i:i + size])]) + data[i:i + size] for i in range(0, len(data), size)) + (b"\0" if end else b"")


def gif_frame(indices, bits, left=0, top=0, palette=b"", control=b"", interlace=False, data=None, size=255):
    h, w = indices.shape
    flags = (0x80 | (len(palette) // 3).bit_length() - 2 if palette else 0) | (0x40 if interlace else 0)
    order = [y for first, step in ((0, 8), (4, 8), (2, 4), (1, 2)) for y in range(first, h, step)] if interlace else range(h)
    coded = lzw(indices[list(order)].astype("u1").tobytes(), bits) if data is None else data
    return control + b"," + struct.pack("<HHHHB", left, top, w, h, flags) + palette + bytes([bits]) + blocks(coded, size)


def gif(w, h, frames, palette=b"", background=0, end=b";", version=b"GIF89a"):
    flags = 0x80 | (len(palette) // 3).bit_length() - 2 if palette else 0
    return version + struct.pack("<HHBBB", w, h, flags, background, 0) + palette + b"".join(frames) + end


def control(transparent=None, disposal=0):
    flags = disposal << 2 | (transparent is not None)
    return b"!\xf9\4" + struct.pack("<BHB", flags, 0, transparent or 0) + b"\0"


# WebP

def riff(*chunks, size=None):
    body = b"".join(name + struct.pack("<I", len(data)) + padded(data, 2) for name, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4 if size is None else size) + b"WEBP" + body


def webp_chunks(data):
    at = 12
    while at + 8 <= len(data):
        size = struct.unpack("<I", data[at + 4:at + 8])[0]
        yield data[at:at + 4], data[at + 8:at + 8 + size]
        at += 8 + size + size % 2


def vp8x(w, h, flags):
    return b"VP8X", bytes([flags, 0, 0, 0]) + struct.pack("<I", w - 1)[:3] + struct.pack("<I", h - 1)[:3]
