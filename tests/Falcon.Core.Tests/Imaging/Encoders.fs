/// Writers of the few kinds of image file that ImageFile itself does not write.
module Falcon.Core.Tests.Imaging.Encoders

open System

let private bigEndian (size: int) (value: int) = BitConverter.GetBytes value |> Array.take size |> Array.rev

module Png =
    let private crc (data: byte array) =
        let bit crc _ = if crc &&& 1u = 1u then 0xEDB88320u ^^^ (crc >>> 1) else crc >>> 1

        ~~~(data |> Array.fold (fun crc value -> List.fold bit (crc ^^^ uint32 value) [ 1..8 ]) UInt32.MaxValue)

    let private chunk (kind: string) (data: byte array) =
        let body = Array.append (Text.Encoding.ASCII.GetBytes kind) data
        Array.concat [ bigEndian 4 data.Length; body; bigEndian 4 (int (crc body)) ]

    /// An RGB file that claims a size and has no pixels.
    let claim (width: int) (height: int) : byte array =
        Array.concat
            [ [| 0x89uy; 0x50uy; 0x4Euy; 0x47uy; 0x0Duy; 0x0Auy; 0x1Auy; 0x0Auy |]
              chunk "IHDR" (Array.concat [ bigEndian 4 width; bigEndian 4 height; [| 8uy; 2uy; 0uy; 0uy; 0uy |] ])
              chunk "IDAT" [||]
              chunk "IEND" [||] ]

module Tiff =
    type Options =
        {
            LittleEndian: bool
            Bits: int
            Photometric: int
            /// What the samples behind the colours are: 1 associated, 2 unassociated alpha.
            ExtraSamples: int option
            Compression: int
            Orientation: int
        }

    let plain = { LittleEndian = true; Bits = 8; Photometric = 2; ExtraSamples = None; Compression = 1; Orientation = 1 }

    let private kindShort, private kindLong = 3, 4

    /// A file of one uncompressed strip: rows, columns, samples of a pixel.
    let file (options: Options) (samples: int array array array) : byte array =
        let number size (value: int) =
            if options.LittleEndian then Array.take size (BitConverter.GetBytes value) else bigEndian size value

        let height, width, perPixel = samples.Length, samples.[0].Length, samples.[0].[0].Length
        let pixels = samples |> Array.concat |> Array.concat |> Array.collect (number (options.Bits / 8))
        let depths = Array.concat (List.replicate perPixel (number 2 options.Bits))
        let pixelsAt, depthsAt = 8, 8 + pixels.Length

        let entry tag kind count (value: byte array) =
            Array.concat [ number 2 tag; number 2 kind; number 4 count; value; Array.zeroCreate (4 - value.Length) ]

        let one tag kind value = entry tag kind 1 (number (if kind = kindShort then 2 else 4) value)

        let entries =
            [ one 256 kindShort width
              one 257 kindShort height
              entry 258 kindShort perPixel (if depths.Length <= 4 then depths else number 4 depthsAt)
              one 259 kindShort options.Compression
              one 262 kindShort options.Photometric
              one 273 kindLong pixelsAt
              one 274 kindShort options.Orientation
              one 277 kindShort perPixel
              one 278 kindShort height
              one 279 kindLong pixels.Length
              match options.ExtraSamples with
              | Some meaning -> one 338 kindShort meaning
              | None -> () ]

        Array.concat
            [ (if options.LittleEndian then "II"B else "MM"B)
              number 2 42
              number 4 (depthsAt + depths.Length)
              pixels
              depths
              number 2 entries.Length
              yield! entries
              number 4 0 ]

module Jpeg =
    /// The file with an EXIF block that holds nothing but the orientation.
    let withOrientation (orientation: int) (file: byte array) : byte array =
        let block =
            Array.concat
                [ "Exif\000\000MM\000\042\000\000\000\008\000\001\001\018\000\003\000\000\000\001\000"B
                  [| byte orientation |]
                  Array.zeroCreate 6 ]

        Array.concat [ file[..1]; [| 0xFFuy; 0xE1uy |]; bigEndian 2 (block.Length + 2); block; file[2..] ]
