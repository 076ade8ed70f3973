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

    let private signature = [| 0x89uy; 0x50uy; 0x4Euy; 0x47uy; 0x0Duy; 0x0Auy; 0x1Auy; 0x0Auy |]

    let private packed (content: byte array) =
        use packed = new IO.MemoryStream()

        using (new IO.Compression.ZLibStream(packed, IO.Compression.CompressionLevel.Fastest, true)) (fun stream ->
            stream.Write(ReadOnlySpan content))

        packed.ToArray()

    /// A file of 16 bits: gray (0), RGB (2), or with alpha (4, 6).
    let deep (colourType: int) (samples: int array array array) : byte array =
        let row (pixels: int array array) = Array.append [| 0uy |] (pixels |> Array.concat |> Array.collect (bigEndian 2))

        Array.concat
            [ signature
              chunk
                  "IHDR"
                  (Array.concat [ bigEndian 4 samples[0].Length; bigEndian 4 samples.Length; [| 16uy; byte colourType; 0uy; 0uy; 0uy |] ])
              chunk "IDAT" (packed (Array.collect row samples))
              chunk "IEND" [||] ]

    /// A file of 8 bits for each of red, green, blue and alpha.
    let withAlpha (samples: byte array array array) : byte array =
        Array.concat
            [ signature
              chunk "IHDR" (Array.concat [ bigEndian 4 samples[0].Length; bigEndian 4 samples.Length; [| 8uy; 6uy; 0uy; 0uy; 0uy |] ])
              chunk "IDAT" (packed (samples |> Array.collect (fun row -> Array.append [| 0uy |] (Array.concat row))))
              chunk "IEND" [||] ]

    /// The file with a further chunk in front of its pixels, or behind them.
    let withChunk (kind: string) (content: byte array) isBehind (file: byte array) : byte array =
        let place = if isBehind then file.Length - 12 else 33
        Array.concat [ file[.. place - 1]; chunk kind content; file[place..] ]

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

    /// A progressive file of 40 × 32 pixels.
    let progressive: byte array =
        Convert.FromBase64String(
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PT"
            + "gyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wgARCAAg"
            + "ACgDASIAAhEBAxEB/8QAGAAAAwEBAAAAAAAAAAAAAAAAAAMEBQb/xAAZAQADAAMAAAAAAAAAAAAAAAABBAUCAwf/2gAMAwEAAhADEAAAAeKosX"
            + "qwHz7gsRmwF7PsfYhz9b6GvUZS0Srf/8QAGxAAAwEBAQEBAAAAAAAAAAAAAAECAxESIiP/2gAIAQEAAQUCUCzFmLMWYoNp4s1+uefysyYJnhn2"
            + "ba935SJgnMnM4Tmf/8QAHBEAAgIDAQEAAAAAAAAAAAAAAAMBAgQRIRIi/9oACAEDAQE/AVPEt+PRXJ4UbFo1JjsiOVKNjR//xAAdEQABBAMBAQ"
            + "AAAAAAAAAAAAABAAIDEQQSIRMi/9oACAECAQE/AY/t1EotG1BeCjIeKK2jx2bFHNnf1vF//8QAGhAAAgIDAAAAAAAAAAAAAAAAASAAERASIf/a"
            + "AAgBAQAGPwJhB1Qamy0Mf//EAB8QAAICAgEFAAAAAAAAAAAAAAABEWEQQVEhMXGBwf/aAAgBAQABPyHPVRXj7pj0Ofxky7srwvRxsbqFGicZRJ"
            + "5L4ylA48nJSf/aAAwDAQACAAMAAAAQlW8Lz/8A/8QAGxEAAwACAwAAAAAAAAAAAAAAAAERIUExUYH/2gAIAQMBAT8QiqhmV7k8p3DkGmYsmxPI"
            + "/8QAHxEBAAIBAwUAAAAAAAAAAAAAAQARITFRoUFhcdHw/9oACAECAQE/EEFUHrH2771UyzU1wEFMZyux9iPWh2oeU9eJ/8QAHxAAAgMBAAIDAQ"
            + "AAAAAAAAAAAAERITFhQVEQcaHB/9oACAEBAAE/EOJwOPyhnQl53z7ThGUd/LJDPliJsyGNCoSKTQ4MM/FTX10bNKNbiS/gqDXEZ0ZUZjAdehkP"
            + "/9k="
        )

    /// A file of 40 × 32 pixels with restart markers.
    let restarting: byte array =
        Convert.FromBase64String(
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PT"
            + "gyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wAARCAAg"
            + "ACgDASIAAhEBAxEB/8QAGQAAAwEBAQAAAAAAAAAAAAAAAAQFBgcD/8QAJxAAAAUEAgEDBQAAAAAAAAAAAAECAwQFESExEiJhI0JiQVFSccH/xA"
            + "AYAQADAQEAAAAAAAAAAAAAAAAEBQYDB//EACgRAAEDAgQEBwAAAAAAAAAAAAECAxEABAUSIUETIlGhFDFhcYHR8P/dAAQAAf/aAAwDAQACEQMR"
            + "AD8A4szA8B9mn+BYYgawPCsRCaaZM18L39t76AtuQ+4EKVAO9ZWt/AkV/9DmrNO8B9mnfETqY0pVVZs/bfs8GNzTafyioO/Lfa1r5Ai2kFzIgz"
            + "6xFVVndHg8UneI+Jr/0cozTfiAbBim66gAvgZ1iujNYly+df/Shx4GsCxEirbSoklbla+A/GgawK8an6wJi2Wl5OVWoqGZukuJyL1Br//Tt05T"
            + "keY2+bfMkX6YK+P15DzzBzZi5CkcTXbG9ERfwPxqdrqGlM8fTbLt9VfYCBy2w9kur0HcnoP2lKMOuEI5WxG9f//U15R22cGXJf4kAWo1N11AJp"
            + "eN37xzNEIHSAe5H17U1Zu0BOtf/9k="
        )

    /// The file with an XMP packet that holds nothing but the orientation.
    let withXmp (orientation: int) (file: byte array) : byte array =
        let packet = Text.Encoding.ASCII.GetBytes $"http://ns.adobe.com/xap/1.0/\000<x tiff:Orientation=\"{orientation}\"/>"
        Array.concat [ file[..1]; [| 0xFFuy; 0xE1uy |]; bigEndian 2 (packet.Length + 2); packet; file[2..] ]

    /// The place behind the header of the file's first scan.
    let scanOf (file: byte array) : int =
        let rec next at = if file[at + 1] = 0xDAuy then at + 2 + lengthAt (at + 2) else next (at + 2 + lengthAt (at + 2))
        and lengthAt at = 256 * int file[at] + int file[at + 1]
        next 2
