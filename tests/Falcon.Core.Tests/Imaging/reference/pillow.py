"""Writes pillow.json, the image files that ReferenceFilesTests reads: one small picture as files of many kinds, and the pixels that Pillow finds in each
(upright, as RGB, without alpha); and TIFF files of numbers that are no colours. Kinds that Pillow does not write are put together here; their pixels are those that went in. Needs NumPy, Pillow,
libjpeg-turbo-progs and libtiff-tools. Usage: python3 pillow.py > pillow.json"""
import base64
import io
import json
import os
import struct
import subprocess
import tempfile
import zlib

import numpy
import PIL
from PIL import Image, ImageCms, ImageOps

WIDTH, HEIGHT = 19, 14
random = numpy.random.RandomState(1)
y, x = numpy.mgrid[:HEIGHT, :WIDTH]
colours = numpy.stack([20 + 200 * x // WIDTH, 230 - 200 * y // HEIGHT, 40 + 150 * (x + y) // (WIDTH + HEIGHT)], 2)
colours = numpy.clip(colours + random.randint(-20, 21, colours.shape), 0, 255).astype(numpy.uint8)
picture = Image.fromarray(colours)
gray_picture = picture.convert("L")
gray = numpy.array(gray_picture)
alpha = random.randint(0, 256, gray.shape).astype(numpy.uint8)
alpha[:3] = 0
transparent = picture.copy()
transparent.putalpha(Image.fromarray(alpha))
gray_transparent = gray_picture.convert("LA")
gray_transparent.putalpha(Image.fromarray(alpha))
bilevel = picture.convert("1")
deep = colours.astype(int) * 256 + random.randint(0, 256, colours.shape)
deep_gray = gray.astype(int) * 256 + random.randint(0, 256, gray.shape)
scratch = tempfile.mkdtemp()
pictures = []
cases = []


def add(name, file, pixels=None):
    if pixels is None:
        pixels = numpy.array(ImageOps.exif_transpose(Image.open(io.BytesIO(file))).convert("RGB"))
    pixels = numpy.asarray(pixels).astype(numpy.uint8)
    if pixels.ndim == 2:
        pixels = numpy.stack([pixels] * 3, 2)
    found = {"width": pixels.shape[1], "height": pixels.shape[0], "pixels": base64.b64encode(numpy.ascontiguousarray(pixels).tobytes()).decode()}
    if found not in pictures:
        pictures.append(found)
    cases.append({"name": name, "picture": pictures.index(found), "file": base64.b64encode(file).decode()})


def refused(name, file):
    cases.append({"name": name, "picture": None, "file": base64.b64encode(file).decode()})


def written(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def converted(tool, options, file):
    source, target = os.path.join(scratch, "in"), os.path.join(scratch, "out")
    open(source, "wb").write(file)
    subprocess.run([tool] + options + ([source, target] if tool == "tiffcp" else ["-outfile", target, source]), check=True, stderr=subprocess.DEVNULL)
    return open(target, "rb").read()


def packed(row, bits):
    row = numpy.asarray(row).reshape(-1).astype(int)
    if bits >= 8:
        return row.astype({8: ">u1", 16: ">u2"}[bits]).tobytes()
    return numpy.packbits(((row[:, None] >> numpy.arange(bits - 1, -1, -1)) & 1).reshape(-1).astype(numpy.uint8)).tobytes()


def turned(pixels, orientation):
    """The upright picture of one that is stored with an orientation."""
    mirrored, flipped = pixels[:, ::-1], pixels[::-1]
    half = pixels[::-1, ::-1]
    across = lambda array: array.swapaxes(0, 1)
    return [pixels, mirrored, half, flipped, across(pixels), across(flipped), across(half), across(mirrored)][orientation - 1]


def exif(orientation):
    block = Image.Exif()
    block[274] = orientation
    return block.tobytes()


def wide_profile():
    """An ICC profile of a gamut much wider than sRGB's."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for i in range(struct.unpack(">I", profile[128:132])[0]):
        tag, place = profile[132 + 12 * i:136 + 12 * i], struct.unpack(">I", profile[136 + 12 * i:140 + 12 * i])[0] + 8
        xyz = {b"rXYZ": (0.610, 0.311, 0.019), b"gXYZ": (0.205, 0.626, 0.061), b"bXYZ": (0.149, 0.063, 0.745)}.get(bytes(tag))
        if xyz:
            profile[place:place + 12] = struct.pack(">iii", *(int(65536 * value) for value in xyz))
    return bytes(profile)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(samples, kind, bits, interlaced=False, more=()):
    samples = numpy.asarray(samples)
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)] if interlaced else [(0, 0, 1, 1)]
    rows = b"".join(b"\0" + packed(row, bits) for left, top, dx, dy in passes for row in samples[top::dy, left::dx] if row.size)
    header = struct.pack(">IIBBBBB", samples.shape[1], samples.shape[0], bits, kind, 0, 0, interlaced)
    chunks = [(b"IHDR", header), *more, (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, data) for name, data in chunks)


def bmp(bits, data, palette=b"", compression=0, masks=b"", height=HEIGHT):
    start = 54 + len(masks) + len(palette)
    return (b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start)
            + struct.pack("<IiiHHIIiiII", 40, WIDTH, height, 1, bits, compression, len(data), 2835, 2835, len(palette) // 4, 0) + masks + palette + data)


def bmp_rows(samples, bits):
    return b"".join(row + bytes(-len(row) % 4) for row in (packed(row, bits) for row in samples))


def run_lengths(samples, unit):
    rows = []
    for row in samples[::-1]:
        rows.append(b"".join(bytes([1, int(value) * unit]) for value in row) + b"\0\0")
    return b"".join(rows) + b"\0\1"


def tiff(samples, bits, colours_are, little=True, extra=None, floating=False, palette=None, fields=()):
    order = "<" if little else ">"
    samples = numpy.asarray(samples)
    per_pixel = 1 if samples.ndim == 2 else samples.shape[2]
    data = (samples.astype(order + "f4").tobytes() if floating else samples.astype(order + "u2").tobytes() if bits == 16
            else b"".join(packed(row, bits) for row in samples))
    entries, tail = [], b""

    def field(tag, size, *values):
        nonlocal tail
        content = b"".join(struct.pack(order + {2: "H", 4: "I"}[size], int(value)) for value in values)
        if len(content) > 4:
            tail, content = tail + content, struct.pack(order + "I", 8 + len(data) + len(tail))
        entries.append(struct.pack(order + "HHI", tag, {2: 3, 4: 4}[size], len(values)) + content.ljust(4, b"\0"))

    for tag, size, *values in sorted([
            (256, 2, samples.shape[1]), (257, 2, samples.shape[0]), (258, 2, *[bits] * per_pixel), (262, 2, colours_are), (273, 4, 8), (277, 2, per_pixel),
            (279, 4, len(data)), *([(320, 2, *palette)] if palette is not None else []), *([(338, 2, extra)] if extra is not None else []),
            *([(339, 2, 3)] if floating else []), *fields]):
        field(tag, size, *values)
    start = struct.pack(order + "I", 8 + len(data) + len(tail))
    return (b"II*\0" if little else b"MM\0*") + start + data + tail + struct.pack(order + "H", len(entries)) + b"".join(entries) + bytes(4)


profile = wide_profile()
wide_chunk = (b"iCCP", b"wide\0\0" + zlib.compress(profile, 9))

# PNG
for interlaced in (False, True):
    way = ", interlaced" if interlaced else ""
    add(f"png, RGB of 8 bits{way}", png(colours, 2, 8, interlaced), colours)
    add(f"png, RGB of 16 bits{way}", png(deep, 2, 16, interlaced), colours)
    add(f"png, RGB with alpha of 8 bits{way}", png(numpy.array(transparent), 6, 8, interlaced), colours)
    add(f"png, RGB with alpha of 16 bits{way}", png(numpy.dstack([deep, alpha.astype(int) * 257]), 6, 16, interlaced), colours)
    add(f"png, gray with alpha of 8 bits{way}", png(numpy.array(gray_transparent), 4, 8, interlaced), gray)
    add(f"png, gray with alpha of 16 bits{way}", png(numpy.dstack([deep_gray, alpha.astype(int) * 257]), 4, 16, interlaced), gray)
    add(f"png, gray of 16 bits{way}", png(deep_gray, 0, 16, interlaced), gray)
    for bits in (1, 2, 4, 8):
        levels = gray.astype(int) >> (8 - bits)
        palette = random.randint(0, 256, (1 << bits, 3)).astype(numpy.uint8)
        add(f"png, gray of {bits} bits{way}", png(levels, 0, bits, interlaced), levels * 255 // ((1 << bits) - 1))
        add(f"png, palette of {bits} bits{way}", png(levels, 3, bits, interlaced, [(b"PLTE", palette.tobytes())]), palette[levels])
opacities = random.randint(0, 256, 100).astype(numpy.uint8).tobytes()
add("png, palette with transparency", png(gray, 3, 8, more=[(b"PLTE", palette.tobytes()), (b"tRNS", opacities)]), palette[gray])
add("png, RGB with a transparent colour", png(colours, 2, 8, more=[(b"tRNS", struct.pack(">HHH", *colours[2, 2]))]), colours)
add("png, gray with a transparent shade", png(gray, 0, 8, more=[(b"tRNS", struct.pack(">H", gray[2, 2]))]), gray)
add("png with a gamma", png(colours, 2, 8, more=[(b"gAMA", struct.pack(">I", 100000))]), colours)
add("png of a wide gamut", png(colours, 2, 8, more=[wide_chunk]), colours)
add("png of a wide gamut and 16 bits", png(deep, 2, 16, more=[wide_chunk]), colours)

# JPEG
for sampling, name in enumerate(["4:4:4", "4:2:2", "4:2:0"]):
    add(f"jpeg, {name}", written(picture, "jpeg", quality=88, subsampling=sampling))
add("jpeg, progressive", written(picture, "jpeg", quality=88, progressive=True))
add("jpeg, gray", written(gray_picture, "jpeg", quality=88))
add("jpeg, arithmetic coding", converted("jpegtran", ["-arithmetic"], written(picture, "jpeg", quality=88)))
add("jpeg, RGB", converted("cjpeg", ["-rgb"], written(picture, "ppm")))
add("jpeg of a wide gamut", written(picture, "jpeg", quality=88, icc_profile=profile))
inks = written(picture.convert("CMYK"), "jpeg", quality=95)
add("jpeg, inks", inks)
transform = inks.index(b"Adobe") + 11
add("jpeg, inks as luminance and chrominance", inks[:transform] + b"\2" + inks[transform + 1:])

# BMP
add("bmp, RGB", written(picture, "bmp"))
add("bmp, RGB with alpha", written(transparent, "bmp"))
add("bmp, gray", written(gray_picture, "bmp"))
add("bmp, from the top", bmp(24, bmp_rows(colours[:, :, ::-1], 8), height=-HEIGHT), colours)
add("bmp, fields of 32 bits", bmp(32, bmp_rows(numpy.dstack([colours, alpha])[::-1], 8), compression=3, masks=struct.pack("<III", 255, 255 << 8, 255 << 16)), colours)
for bits in (1, 4, 8):
    levels = gray.astype(int) >> (8 - bits)
    palette = numpy.zeros((1 << bits, 4), numpy.uint8)
    palette[:, :3] = random.randint(0, 256, (1 << bits, 3))
    add(f"bmp, palette of {bits} bits", bmp(bits, bmp_rows(levels[::-1], bits), palette.tobytes()), palette[:, 2::-1][levels])
    if bits > 1:
        data = run_lengths(levels, 1 << (8 - bits))
        add(f"bmp, run lengths of {bits} bits", bmp(bits, data, palette.tobytes(), compression=9 // bits), palette[:, 2::-1][levels])

# WebP
add("webp, lossy", written(picture, "webp", quality=80))
add("webp, lossless", written(picture, "webp", lossless=True))
add("webp, lossy with alpha", written(transparent, "webp", quality=80))
add("webp, lossless with alpha", written(transparent, "webp", lossless=True, exact=True), colours)
add("webp of a wide gamut", written(picture, "webp", lossless=True, icc_profile=profile), colours)
refused("webp, animated", written(picture, "webp", lossless=True, save_all=True, append_images=[picture.transpose(0)]))

# TIFF
for name, method in [("uncompressed", "raw"), ("LZW", "tiff_lzw"), ("Deflate", "tiff_adobe_deflate"), ("old Deflate", "tiff_deflate"), ("PackBits", "packbits")]:
    add(f"tiff, RGB, {name}", written(picture, "tiff", compression=method))
    add(f"tiff, gray, {name}", written(gray_picture, "tiff", compression=method))
    add(f"tiff, RGB with alpha, {name}", written(transparent, "tiff", compression=method))
    add(f"tiff, palette, {name}", written(picture.quantize(40), "tiff", compression=method))
    add(f"tiff, inks, {name}", written(picture.convert("CMYK"), "tiff", compression=method))
    add(f"tiff, bilevel, {name}", written(bilevel, "tiff", compression=method))
stored = written(picture, "tiff")
for name, options in [("strips", ["-r", "5"]), ("planes", ["-p", "separate"]), ("planes, LZW", ["-p", "separate", "-c", "lzw"]),
                      ("highest byte first", ["-B"]), ("LZW with predictor", ["-c", "lzw:2", "-r", "5"]), ("Deflate with predictor", ["-c", "zip:2", "-B"])]:
    add(f"tiff, RGB, {name}", converted("tiffcp", options, stored), colours)
fax = tiff(1 - numpy.array(bilevel).astype(int), 1, 0)
for name, file in [("black is 0", written(bilevel, "tiff", compression="raw")), ("white is 0", fax)]:
    add(f"tiff, bilevel, {name}", file, numpy.array(bilevel) * 255)
    add(f"tiff, fax of group 3, {name}", converted("tiffcp", ["-c", "g3:1d"], file), numpy.array(bilevel) * 255)
    add(f"tiff, fax of group 4, {name}", converted("tiffcp", ["-c", "g4"], file), numpy.array(bilevel) * 255)
    add(f"tiff, fax of group 4, lowest bit first, {name}", converted("tiffcp", ["-c", "g4", "-f", "lsb2msb"], file), numpy.array(bilevel) * 255)
add("tiff, fax of runs", written(bilevel, "tiff", compression="tiff_ccitt"))
for little in (True, False):
    way = "lowest" if little else "highest"
    add(f"tiff, RGB of 16 bits, {way} byte first", tiff(deep, 16, 2, little), colours)
    add(f"tiff, RGB with alpha of 16 bits, {way} byte first", tiff(numpy.dstack([deep, alpha.astype(int) * 257]), 16, 2, little, extra=1), colours)
    add(f"tiff, gray of 16 bits, {way} byte first", tiff(deep_gray, 16, 1, little), gray)
    add(f"tiff, gray of 16 bits, white is 0, {way} byte first", tiff(65535 - deep_gray, 16, 0, little), gray)
    for meaning in (0, 1, 2):
        add(f"tiff, RGB with alpha of meaning {meaning}, {way} byte first", tiff(numpy.array(transparent), 8, 2, little, extra=meaning), colours)
for bits in (1, 2, 4, 8):
    levels = gray.astype(int) >> (8 - bits)
    palette = random.randint(0, 256, (3, 1 << bits))
    add(f"tiff, gray of {bits} bits", tiff(levels, bits, 1), levels * 255 // ((1 << bits) - 1))
    add(f"tiff, gray of {bits} bits, white is 0", tiff(levels, bits, 0), 255 - levels * 255 // ((1 << bits) - 1))
    add(f"tiff, palette of {bits} bits", tiff(levels, bits, 3, palette=(palette * 257).reshape(-1)), palette.T[levels])
add("tiff, big", converted("tiffcp", ["-8"], stored), colours)
refused("tiff of two pages", written(picture, "tiff", save_all=True, append_images=[picture.rotate(90, expand=True)]))
add("tiff of a wide gamut", written(picture, "tiff", icc_profile=profile), colours)

# Orientations
for orientation in range(1, 9):
    upright = turned(colours, orientation)
    add(f"png, orientation {orientation}", png(colours, 2, 8, more=[(b"eXIf", exif(orientation)[6:])]), upright)
    add(f"jpeg, orientation {orientation}", written(picture, "jpeg", quality=88, exif=exif(orientation)))
    add(f"webp, orientation {orientation}", written(picture, "webp", lossless=True, exif=exif(orientation)), upright)
    add(f"webp, lossy, orientation {orientation}", written(picture, "webp", quality=80, exif=exif(orientation)))
    add(f"tiff, orientation {orientation}", tiff(colours, 8, 2, fields=[(274, 2, orientation)]), upright)

# What the libraries do not read, or not as Pillow does
refused("tiff of tiles", converted("tiffcp", ["-t", "-w", "16", "-l", "16"], stored))
refused("tiff, JPEG", converted("tiffcp", ["-c", "jpeg:r"], stored))
refused("tiff, fax of group 3 in two dimensions", converted("tiffcp", ["-c", "g3:2d"], fax))
refused("tiff, RGB, lowest bit first", converted("tiffcp", ["-f", "lsb2msb"], stored))
refused("tiff, gray with alpha", written(gray_transparent, "tiff"))
refused("tiff, L*a*b*", written(picture.convert("LAB"), "tiff"))
refused("tiff, floating-point numbers", tiff(gray / 255, 32, 1, floating=True))
refused("tiff, planes with predictor", converted("tiffcp", ["-p", "separate", "-c", "lzw:2"], stored))
refused("tiff, five samples", tiff(numpy.dstack([colours, alpha, alpha]), 8, 2, fields=[(338, 2, 0, 0)]))

# Gray values that are no colours
numbers = []
values = (gray / 36.0 - 2).astype(numpy.float32)
values[0, :3] = [numpy.inf, -numpy.inf, 1e-30]


def add_numbers(name, file, expected):
    numbers.append({
        "name": name, "width": WIDTH, "height": HEIGHT, "file": base64.b64encode(file).decode(),
        "values": base64.b64encode(numpy.asarray(expected).astype("<f4").tobytes()).decode()})


for name, options in [("uncompressed", []), ("highest byte first", ["-B"]), ("LZW in strips", ["-c", "lzw", "-r", "3"]), ("Deflate", ["-c", "zip"])]:
    add_numbers(f"floating-point, {name}", converted("tiffcp", options, tiff(values, 32, 1, floating=True)), values)
    add_numbers(f"16 bits, {name}", converted("tiffcp", options, tiff(deep_gray, 16, 1)), deep_gray)
add_numbers("16 bits, LZW with predictor", converted("tiffcp", ["-c", "lzw:2"], tiff(deep_gray, 16, 1)), deep_gray)
add_numbers("floating-point, white is 0", tiff(values, 32, 0, floating=True), values)

lines = lambda values: ",\n".join(json.dumps(value, separators=(",", ":")) for value in values)
print(f'{{"pillow":"{PIL.__version__}","pictures":[\n{lines(pictures)}],\n"files":[\n{lines(cases)}],\n"numbers":[\n{lines(numbers)}]}}')
