"""Changes the parts of a sound picture: parts missing, twice, in another order,
other numbers in headers. Checksums are made right again, so that a reader gets as
far as the change."""
import struct
import zlib

from builders import SIGNATURE, blocks, chunk, ihdr, padded, riff, segments, vp8x, webp_chunks


def shuffled(parts, pick, fixed=0):
    """One part more, less, or elsewhere; the first ones stay."""
    parts = list(parts)
    if len(parts) <= fixed:
        return parts
    at, to = (pick.randrange(fixed, len(parts)) for _ in range(2))
    how = pick.randrange(4)
    if how == 0:
        del parts[at]
    elif how == 1:
        parts.insert(to, parts[at])
    elif how == 2:
        parts[at], parts[to] = parts[to], parts[at]
    else:
        parts.insert(to, parts.pop(at))
    return parts


def altered(body, pick):
    """Another byte, some more, or some less."""
    body = bytearray(body)
    how = pick.randrange(5) if body else 1
    at = pick.randrange(len(body) + 1)
    if how == 0:
        body[at % len(body)] ^= 1 << pick.randrange(8)
    elif how == 1:
        body[at:at] = pick.randbytes(pick.randrange(1, 5))
    elif how == 2:
        del body[at % len(body)]
    elif how == 3:
        body[at % len(body)] = pick.choice([0, 1, 2, 3, 4, 8, 16, 127, 128, 254, 255])
    else:
        del body[at:]
    return bytes(body)


def near(value, pick):
    return max(0, pick.choice([value - 1, value + 1, value // 2, value * 2, value + 8, value - 8, 0, 1]))


# PNG

def png_chunks(data):
    at = len(SIGNATURE)
    while at + 8 <= len(data):
        size, = struct.unpack(">I", data[at:at + 4])
        yield data[at + 4:at + 8], data[at + 8:at + 8 + size]
        at += 12 + size


def png_mutant(data, pick):
    chunks = list(png_chunks(data))
    kinds = [b"PLTE", b"tRNS", b"IDAT", b"IEND", b"IHDR", b"acTL", b"fcTL", b"fdAT", b"eXIf", b"abcd", b"ABCD", b"DDAT"]
    for _ in range(pick.choice([1, 1, 2, 3])):
        how = pick.randrange(7)
        n = pick.randrange(len(chunks))
        kind, body = chunks[n][:2]
        if how == 0:
            chunks = shuffled(chunks, pick, pick.choice([0, 1, 1, 1])) or chunks
        elif how == 1 and kind != b"IHDR":
            chunks[n] = kind, altered(body, pick)
        elif how == 2:
            chunks[n] = (pick.choice(kinds) if pick.random() < .3 else kind), body
        elif how == 3:
            chunks[n] = kind, body, 12345
        elif how == 4:
            chunks = [(k[0], header_of_png(k[1], pick)) if k[0] == b"IHDR" else k for k in chunks]
        elif how == 5:
            chunks = rows_altered(chunks, pick)
        else:
            chunks.insert(n + pick.randrange(2), (b"IDAT", b"") if pick.random() < .5 else (b"tRNS", pick.randbytes(pick.randrange(9))))
    return SIGNATURE + b"".join(chunk(*c) for c in chunks)


def header_of_png(body, pick):
    if len(body) != 13:
        return body
    w, h, depth, colour, compression, filters, interlace = struct.unpack(">IIBBBBB", body)
    how = pick.randrange(5)
    if how == 0:
        w = near(w, pick)
    elif how == 1:
        h = near(h, pick)
    elif how == 2:
        depth = pick.choice([1, 2, 4, 8, 16])
    elif how == 3:
        colour = pick.choice([0, 2, 3, 4, 6])
    else:
        interlace = 1 - min(1, interlace)
    return ihdr(w, h, depth, colour, interlace, filters, compression)


def rows_altered(chunks, pick):
    """Other bytes in the rows themselves."""
    data = b"".join(c[1] for c in chunks if c[0] == b"IDAT")
    try:
        raw = zlib.decompress(data)
    except zlib.error:
        return chunks
    first = next(n for n, c in enumerate(chunks) if c[0] == b"IDAT")
    stream = zlib.compress(altered(raw, pick))
    if pick.random() < .2:
        stream = altered(stream, pick)
    rest = [c for c in chunks[first:] if c[0] != b"IDAT"]
    return chunks[:first] + [(b"IDAT", stream)] + rest


# JPEG

def jpeg_mutant(data, pick):
    try:
        parts = [[marker, data[start:end]] for marker, start, end in segments(data)]
    except (IndexError, struct.error):
        return data
    for _ in range(pick.choice([1, 1, 1, 2])):
        how = pick.randrange(8)
        n = pick.randrange(len(parts))
        marker, part = parts[n]
        if how == 0:
            parts = shuffled(parts, pick) or parts
        elif how == 1 and marker not in (0xda, 0xd9):
            body = altered(part[4:], pick)
            parts[n] = [marker, part[:2] + struct.pack(">H", len(body) + 2) + body]
        elif how == 2:
            parts = [[m, frame_altered(p, pick)] if m in (0xc0, 0xc1, 0xc2) else [m, p] for m, p in parts]
        elif how == 3:
            parts = [[m, wide_tables(p, pick)] if m == 0xdb else [m, p] for m, p in parts]
        elif how == 4:
            parts = [[m, restarts_altered(p, pick)] if m == 0xda else [m, p] for m, p in parts]
        elif how == 5:
            parts.insert(n, [0xdd, b"\xff\xdd\0\4" + struct.pack(">H", pick.choice([0, 1, 2, 7, 1000]))])
        elif how == 6:
            parts = height_later(parts, pick)
        elif marker == 0xda:
            head = 2 + struct.unpack(">H", part[2:4])[0]
            at = pick.randrange(5, head) if pick.random() < .5 else pick.randrange(head, len(part) + 1)
            parts[n] = [marker, part[:at] + bytes([pick.choice([0, 1, 2, 0x11, 0x22, 63, pick.randrange(255)])]) + part[at + 1:]]
    return data[:2] + b"".join(p for _, p in parts)


def frame_altered(part, pick):
    part = bytearray(part)
    components = part[9]
    at = 10 + 3 * pick.randrange(max(1, components))
    how = pick.randrange(7)
    if how == 0:
        part[1] = pick.choice([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc9])
    elif how == 1:
        part[4] = pick.choice([8, 12, 16])
    elif how == 2:
        side = pick.choice([5, 7])
        part[side:side + 2] = struct.pack(">H", min(65535, near(struct.unpack(">H", part[side:side + 2])[0], pick)))
    elif how == 3 and at + 1 < len(part):
        part[at + 1] = pick.randrange(1, 5) << 4 | pick.randrange(1, 5)
    elif how == 4 and at + 2 < len(part):
        part[at + 2] = pick.randrange(4)
    elif how == 5 and at < len(part):
        part[at] = pick.choice([0, 1, 2, 3, 82, 71, 66, 255])
    else:
        part[9] = pick.randrange(6)
    return bytes(part)


def wide_tables(part, pick):
    """Quantisers of 16 bits, with other values now and then."""
    body, out = part[4:], b""
    while len(body) >= 65 and body[0] < 16:
        values = [v if pick.random() < .98 else pick.choice([0, 1, 255, 256, 1000, 32767, 32768, 65535]) for v in body[1:65]]
        out += bytes([body[0] | 16]) + struct.pack(">64H", *values)
        body = body[65:]
    return part[:2] + struct.pack(">H", len(out + body) + 2) + out + body


def restarts_altered(part, pick):
    """Restart markers with another number, none, or one more; padding in front."""
    marks = [i for i in range(len(part) - 1) if part[i] == 0xff and 0xd0 <= part[i + 1] <= 0xd7]
    if not marks:
        at = pick.randrange(len(part) // 2, len(part))
        return part[:at] + b"\xff" + bytes([0xd0 + pick.randrange(8)]) + part[at:]
    at = pick.choice(marks)
    return part[:at] + pick.choice([b"", b"\xff" + bytes([0xd0 + pick.randrange(8)]), part[at:at + 2] * 2, b"\xff\xff" + part[at:at + 2], b"\0" + part[at:at + 2]]) + part[at + 2:]


def height_later(parts, pick):
    """The number of lines behind the first scan (DNL), not in the header."""
    lines = b"\0\1"
    out = []
    for marker, part in parts:
        if marker in (0xc0, 0xc1, 0xc2):
            lines, part = part[5:7], part[:5] + (b"\0\0" if pick.random() < .7 else part[5:7]) + part[7:]
        out.append([marker, part])
        if marker == 0xda:
            out.append([0xdc, b"\xff\xdc\0\4" + lines])
    return out


# GIF

def gif_mutant(data, pick):
    """Another number in the screen, or in a frame's descriptor or control."""
    data = bytearray(data)
    at = data.find(b",", 13)
    places = [6, 8, 10, 11, 12]
    if at > 0 and at + 11 < len(data):
        places += [at + 1, at + 3, at + 5, at + 7, at + 9, at + 10]
    place = pick.choice(places)
    if place in (6, 8, at + 1, at + 3, at + 5, at + 7):
        value, = struct.unpack("<H", data[place:place + 2])
        data[place:place + 2] = struct.pack("<H", min(300, near(value, pick)))
    else:
        data[place] = pick.choice([data[place] ^ 1 << pick.randrange(8), pick.randrange(14)])
    if pick.random() < .3:
        data[at:at] = b"!\xf9" + blocks(pick.randbytes(pick.randrange(6)))
    return bytes(data)


# BMP

def bmp_mutant(data, pick):
    data = bytearray(data)
    size = data[14]
    fields = [(10, "<I"), (14, "<I"), (18, "<H"), (20, "<H"), (22, "<H"), (24, "<H")] if size == 12 else [
        (10, "<I"), (14, "<I"), (18, "<i"), (22, "<i"), (26, "<H"), (28, "<H"), (30, "<I"), (46, "<I"), (50, "<I")]
    for _ in range(pick.choice([1, 1, 2])):
        at, form = pick.choice(fields)
        value, = struct.unpack_from(form, data, at)
        if at in (28, 24) and (at == 24) == (size == 12):
            value = pick.choice([1, 2, 4, 8, 16, 24, 32])
        elif at == 14:
            value = pick.choice([12, 16, 40, 52, 56, 64, 108, 124])
        elif at == 30:
            value = pick.randrange(7)
        elif pick.random() < .3 and form == "<i":
            value = -value
        else:
            value = min(400, near(abs(value), pick))
        struct.pack_into(form, data, at, value)
    if size >= 52 and pick.random() < .3:
        low, n = pick.randrange(25), pick.randrange(1, 9)
        struct.pack_into("<I", data, 54 + 4 * pick.randrange(4), ((1 << n) - 1) << low)
    return bytes(data)


# WebP

def webp_mutant(data, pick):
    chunks = list(webp_chunks(data))
    for _ in range(pick.choice([1, 1, 2])):
        if not chunks:
            break
        how = pick.randrange(6)
        n = pick.randrange(len(chunks))
        kind, body = chunks[n]
        if how == 0:
            chunks = shuffled(chunks, pick)
        elif how == 1:
            chunks[n] = kind, altered(body[:12], pick) + body[12:]
        elif how == 2:
            chunks[n] = kind, altered(body, pick)
        elif how == 3:
            chunks[n] = pick.choice([b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"EXIF", b"ANIM", b"ABCD"]), body
        elif how == 4:
            chunks.insert(0, vp8x(pick.randrange(1, 99), pick.randrange(1, 99), pick.randrange(64)))
        else:
            chunks = framed(chunks, pick)
    return riff(*chunks)


def framed(chunks, pick):
    """The picture as the only frame of an animation, or one that says it has some."""
    inner = b"".join(k + struct.pack("<I", len(b)) + padded(b, 2) for k, b in chunks if k in (b"ALPH", b"VP8 ", b"VP8L"))
    w, h = pick.randrange(1, 99), pick.randrange(1, 99)
    frame = bytes(6) + struct.pack("<I", w - 1)[:3] + struct.pack("<I", h - 1)[:3] + bytes(4) + inner
    return [vp8x(w, h, pick.choice([2, 2, 0x12, 0])), (b"ANIM", bytes(6)), (b"ANMF", frame)]


MUTANTS = {"png": png_mutant, "jpg": jpeg_mutant, "gif": gif_mutant, "bmp": bmp_mutant, "webp": webp_mutant}
