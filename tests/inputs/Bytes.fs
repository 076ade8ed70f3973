/// Files that are not what they seem, made of bytes: photos, weights and models, maps.
module Falcon.Inputs.Bytes

open System
open System.Buffers.Binary
open System.IO
open System.IO.Compression
open System.Text
open Falcon.Core.Tests.Imaging.Encoders
open Falcon.Imaging
open SkiaSharp

let ascii (text: string) = Encoding.ASCII.GetBytes text

let private number (size: int) (value: int) = BitConverter.GetBytes value |> Array.take size

/// A part of a changed file: other bytes at a place.
let replaced (place: int) (bytes: byte array) (file: byte array) =
    let copy = Array.copy file
    Array.blit bytes 0 copy place bytes.Length
    copy

/// The photo that all others resemble: nothing in it is the same twice.
let picture =
    let value x y channel =
        match channel with
        | 0 -> byte (20 + 3 * x)
        | 1 -> byte (230 - 3 * y)
        | _ -> byte (40 + x + y + if (x / 8 + y / 8) % 2 = 0 then 60 else 0)

    RasterImage(
        64,
        64,
        3,
        [| for y in 0..63 do
               for x in 0..63 do
                   for channel in 0..2 -> value x y channel |]
    )

let gray = picture.ToGray()

let png = ImageFile.EncodePng picture
let jpeg = ImageFile.EncodeJpeg(picture, 90)

let private rows (image: RasterImage) (convert: byte -> int) =
    [| for y in 0 .. image.Height - 1 ->
           [| for x in 0 .. image.Width - 1 ->
                  [| for channel in 0 .. image.Channels - 1 -> convert image.Pixels[(y * image.Width + x) * image.Channels + channel] |] |] |]

/// Gray with alpha, 16 bits each.
let deepGrayWithAlpha = Png.deep 4 [| for row in rows gray int -> [| for pixel in row -> [| 257 * pixel[0]; 65535 |] |] |]

let withAlpha =
    Png.withAlpha [| for row in rows picture int -> [| for pixel in row -> Array.append (Array.map byte pixel) [| 255uy |] |] |]

let tiff options = Tiff.file options (rows picture int)

let grayTiff isWhiteZero =
    Tiff.file
        { Tiff.plain with Photometric = (if isWhiteZero then 0 else 1) }
        (rows gray (fun value -> if isWhiteZero then 255 - int value else int value))

/// A BMP file of 24 or 32 bits, whose rows go up or down.
let bmp bits isTopDown =
    let pixel (samples: int array) = [| byte samples[2]; byte samples[1]; byte samples[0]; if bits = 32 then 0uy |]

    let rows = rows picture int |> (if isTopDown then id else Array.rev)
    let pixels = rows |> Array.collect (Array.collect pixel)

    Array.concat
        [ "BM"B
          number 4 (54 + pixels.Length)
          number 4 0
          number 4 54
          number 4 40
          number 4 64
          number 4 (if isTopDown then -64 else 64)
          number 2 1
          number 2 bits
          Array.zeroCreate 24
          pixels ]

/// A WebP file, lossless or not.
let webp isLossless =
    let options =
        SKWebpEncoderOptions((if isLossless then SKWebpEncoderCompression.Lossless else SKWebpEncoderCompression.Lossy), 90f)

    use bitmap = new SKBitmap(SKImageInfo(64, 64, SKColorType.Rgba8888, SKAlphaType.Opaque))

    for y in 0..63 do
        for x in 0..63 do
            let at = 3 * (64 * y + x)
            bitmap.SetPixel(x, y, SKColor(picture.Pixels[at], picture.Pixels[at + 1], picture.Pixels[at + 2]))

    use pixels = bitmap.PeekPixels()
    use file = nonNull (pixels.Encode options)
    file.ToArray()

/// A WebP file in the extended format, whose canvas has a size of its own.
let webpOnCanvas (width: int) (height: int) =
    let plain = webp true
    let body = Array.concat [ "WEBPVP8X"B; number 4 10; number 4 0; number 3 (width - 1); number 3 (height - 1); plain[12..] ]
    Array.concat [ "RIFF"B; number 4 body.Length; body ]

/// A PNG file that claims another size; its check sums are right.
let pngOfSize width height =
    let claimed = Png.claim width height
    Array.concat [ claimed[..32]; png[33..] ]

/// A safetensors file.
let safetensors (header: string) (data: int) =
    let header = Encoding.UTF8.GetBytes header
    Array.concat [ BitConverter.GetBytes(int64 header.Length); header; Array.zeroCreate data ]

/// The header of a safetensors file, changed.
let withHeader (change: string -> string) (file: byte array) =
    let length = int (BitConverter.ToInt64(file, 0))
    let text = Encoding.UTF8.GetString(file, 8, length).Replace("\\u0022", "\\\"")
    let header = Encoding.UTF8.GetBytes(change text)
    Array.concat [ BitConverter.GetBytes(int64 header.Length); header; file[8 + length ..] ]

/// A zip archive of one entry.
let zip (name: string) (content: byte array) =
    use stream = new MemoryStream()

    using (new ZipArchive(stream, ZipArchiveMode.Create, true)) (fun archive ->
        use entry = archive.CreateEntry(name).Open()
        entry.Write(ReadOnlySpan content))

    stream.ToArray()

/// An array of NumPy: its type, its order and shape, and bytes.
let npy (kind: string) isFortran (shape: string) (data: byte array) =
    let order = if isFortran then "True" else "False"
    let header = $"{{'descr': '{kind}', 'fortran_order': {order}, 'shape': {shape}, }}"
    let padded = header.PadRight(117) + "\n"
    Array.concat [ [| 0x93uy |]; "NUMPY\001\000"B; number 2 padded.Length; ascii padded; data ]

/// A map of 8 × 8 float32 numbers.
let map (value: int -> float32) = npy "<f4" false "(8, 8)" (Array.concat [ for i in 0..63 -> BitConverter.GetBytes(value i) ])

/// A mask of 8 × 8 with a square of a value.
let mask width (value: byte) =
    ImageFile.EncodePng(RasterImage(width, 8, 1, Array.init (8 * width) (fun i -> if i % width < 3 && i / width < 3 then value else 0uy)))

/// The end of a chunked file that lies about its length.
let bigEndian (value: int) =
    let bytes = Array.zeroCreate 4
    BinaryPrimitives.WriteInt32BigEndian(Span bytes, value)
    bytes
