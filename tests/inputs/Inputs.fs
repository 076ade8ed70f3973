/// Inputs that users meet, each with how it is made, what is done with it, and what is right. The tests run all of them; README.md beside this file shows the table.
module Falcon.Inputs.Inputs

open System
open System.IO
open System.Text
open Falcon.Core.Tests.Imaging.Encoders
open Falcon.Imaging
open Falcon.Inputs.Bytes

/// What is right for a photo.
type Photo =
    /// It is read, and looks like another one of this table.
    | Like of photo: string
    /// It is refused, with these words, by `data check` and by `predict`, and the others are predicted.
    | Refused of words: string
    /// It is passed over, and is said to be so.
    | PassedOver

/// What a command is given and has to do. In its words F is the folder of the row, M a model, D a drawn category and P a photo.
type Command =
    {
        /// Makes the input in the folder of the row.
        Make: string -> unit
        Words: string
        Code: int
        /// Patterns of what is said, on either stream.
        Says: string list
    }

type Row = { Kind: string; Input: string; Right: Choice<string * byte array * Photo, Command> }

let private photo name input (bytes: byte array) right = { Kind = "photos"; Input = input; Right = Choice1Of2(name, bytes, right) }

let photos =
    let damaged = "damaged|truncated|check sum|missing|more than|header"

    [ photo "plain.png" "PNG of 8 bits, with which others are compared" png (Like "plain.png")
      photo "gray.png" "gray PNG, likewise" (ImageFile.EncodePng gray) (Like "gray.png")
      photo "lossy.jpg" "JPEG, likewise" jpeg (Like "lossy.jpg")
      photo "top-down.bmp" "BMP whose rows go down (negative height)" (bmp 24 true) (Like "plain.png")
      photo "bottom-up.bmp" "BMP of 32 bits whose fourth byte is zero" (bmp 32 false) (Like "plain.png")
      photo "deep-alpha.png" "PNG of 16 bits, gray with alpha" deepGrayWithAlpha (Like "gray.png")
      photo "alpha.png" "PNG with alpha, all of it opaque" withAlpha (Like "plain.png")
      photo "gamma.png" "PNG with a gAMA chunk of 1.0" (Png.withChunk "gAMA" [| 0uy; 1uy; 0x86uy; 0xA0uy |] false png) (Like "plain.png")
      photo
          "profile.png"
          "PNG with a colour profile that is none"
          (Png.withChunk "iCCP" (ascii "x\000\000abcdef") false png)
          (Like "plain.png")
      photo
          "still.png"
          "animated PNG of one frame"
          (Png.withChunk "acTL" [| 0uy; 0uy; 0uy; 1uy; 0uy; 0uy; 0uy; 0uy |] false png)
          (Like "plain.png")
      photo "tail.png" "PNG with a thousand bytes behind its end" (Array.append png (Array.create 1000 7uy)) (Like "plain.png")
      photo "named.jpg" "PNG named as JPEG" png (Like "plain.png")
      photo "named.png" "TIFF named as PNG" (tiff Tiff.plain) (Like "plain.png")
      photo
          "motorola.tif"
          "TIFF of 16 bits in the other order of bytes"
          (Tiff.file
              { Tiff.plain with LittleEndian = false }
              [| for y in 0..63 -> [| for x in 0..63 -> [| for c in 0..2 -> int picture.Pixels[3 * (64 * y + x) + c] |] |] |])
          (Like "plain.png")
      photo "white-is-zero.tif" "gray TIFF in which zero is white" (grayTiff true) (Like "gray.png")
      photo "lossless.webp" "lossless WebP" (webp true) (Like "plain.png")
      photo "canvas.webp" "WebP in the extended format, canvas as large as the picture" (webpOnCanvas 64 64) (Like "plain.png")
      photo "twice.jpg" "JPEG with another JPEG behind its end" (Array.append jpeg jpeg) (Like "lossy.jpg")
      photo "turn99.jpg" "JPEG with the orientation 99, which there is not" (Jpeg.withOrientation 99 jpeg) (Like "lossy.jpg")
      photo "trailing .png" "name with a blank before its ending" png (Like "plain.png")
      photo "dots...png" "name of dots" png (Like "plain.png")
      photo "100% #1 & é.png" "name with signs that mean something elsewhere" png (Like "plain.png")
      photo "--json.png" "name that looks like an option" png (Like "plain.png")
      photo "lying.webp" "WebP of 64 × 64 on a canvas of 2000 × 1500" (webpOnCanvas 2000 1500) (Refused "its picture has 64×64")
      photo
          "partition.webp"
          "lossy WebP whose own header claims 6000 × 5000"
          (replaced 26 [| 0x70uy; 0x17uy; 0x88uy; 0x13uy |] (webp false))
          (Refused "more than")
      photo "half.webp" "WebP cut in half" (let file = webp true in file[.. file.Length / 2]) (Refused "truncated")
      photo
          "claim.png"
          "PNG whose header claims 9000 × 9000"
          (pngOfSize 9000 9000)
          (Refused "more than \\d+ bytes can hold|check sum|megapixels")
      photo "zero-wide.png" "PNG of no columns" (pngOfSize 0 64) (Refused "impossible size 0×64")
      photo "no-end.jpg" "JPEG without its end marker" jpeg[.. jpeg.Length - 3] (Refused "truncated")
      photo
          "twelve.jpg"
          "JPEG that says it has 12 bits"
          (replaced (Array.findIndex (fun pair -> pair = (0xFFuy, 0xC0uy)) (Array.pairwise jpeg) + 4) [| 12uy |] jpeg)
          (Refused "of 12 bits")
      photo
          "scans.jpg"
          "progressive JPEG without its last scans"
          (let file = Jpeg.progressive in Array.append file[.. Jpeg.scanOf file + 40] [| 0xFFuy; 0xD9uy |])
          (Refused damaged)
      photo "old.tif" "TIFF with JPEG inside (compression 7)" (tiff { Tiff.plain with Compression = 7 }) (Refused "compression 7")
      photo "empty.png" "file of no bytes" [||] (Refused "the file is empty")
      photo "text.png" "text named as PNG" (ascii "hello") (Refused "it is a text")
      photo
          "page.jpg"
          "page that asks to sign in, named as JPEG"
          (Encoding.UTF8.GetBytes "\uFEFF\n <!doctype HTML><p>Sign in")
          (Refused "it is a web page")
      photo "error.jpg" "answer of a web service, named as JPEG" (ascii """{"error": "denied"}""") (Refused "it is a JSON text")
      photo
          "pointer.png"
          "what Git LFS puts in place of a file"
          (ascii "version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 3\n")
          (Refused "git lfs pull")
      photo "drawing.png" "SVG named as PNG" (ascii "<svg xmlns=\"http://www.w3.org/2000/svg\"/>") (Refused "an SVG drawing")
      photo "phone.heic" "HEIC beside PNG" (ascii "\000\000\000\024ftypheic\000\000\000\000mif1heic") PassedOver
      photo "raw.dng2" "file of an unknown ending" (Array.create 100 9uy) PassedOver ]

let private nothing (_: string) = ()

let private file name (bytes: byte array) (folder: string) =
    let path = Path.Combine(folder, name)
    Directory.CreateDirectory(nonNull (Path.GetDirectoryName path)) |> ignore
    File.WriteAllBytes(path, bytes)

let private row kind input make words code says =
    { Kind = kind; Input = input; Right = Choice2Of2 { Make = make; Words = words; Code = code; Says = says } }

/// Weights of a teacher that are something else; nothing is trained.
let private weights input bytes says =
    row
        "models and weights"
        $"weights: {input}"
        (file "w" bytes)
        "train --method padim --data D --shots 2 --teacher F/w --backbone resnet18 --out F/x.falcon"
        2
        [ says ]

let private tensor = """{"dtype":"F32","shape":[2],"data_offsets":"""

/// A model that is something else.
let private model input (change: byte array -> byte array) says =
    row
        "models and weights"
        $"model: {input}"
        (fun folder -> File.WriteAllBytes(Path.Combine(folder, "m"), change (File.ReadAllBytes(Path.Combine(folder, "..", "m.falcon")))))
        "predict --model F/m P --out F/o"
        2
        [ says ]

let private card (before: string) (after: string) =
    withHeader (fun header ->
        if header.Contains before then
            header.Replace(before, after)
        else
            failwith $"{before} is not in {header}")

/// A map among two others, with masks.
let private maps input bytes code says =
    let make (folder: string) =
        for i in 0..2 do
            file $"maps/{i}.npy" (if i = 1 then bytes else map (fun place -> float32 (i * place))) folder
            file $"masks/{i}.png" (mask 8 (if i = 0 then 0uy else 255uy)) folder

    row "maps and scores" $"map: {input}" make "metrics --maps F/maps --masks F/masks --quiet" code says

let private scores input (text: string) code says =
    row "maps and scores" $"scores: {input}" (file "s.csv" (Encoding.UTF8.GetBytes text)) "metrics --scores F/s.csv" code says

let private table = "image,label,score\na.png,0,1.5\nb.png,1,7.25\nc.png,1,6\n"

/// An option of train that makes no sense.
let private option words says =
    row
        "crashes and lost work"
        $"`train {words}`"
        nothing
        $"train --method padim --data D --teacher random --out F/x.falcon {words}"
        2
        [ says ]

let private predictOption words says =
    row "crashes and lost work" $"`predict {words}`" nothing $"predict --model M P --out F/o {words}" 2 [ says ]

let private floats = Array.concat [ for i in 0..63 -> BitConverter.GetBytes(float32 i) ]

/// A category beside others: two good photos for training, one of each kind for testing.
let private category (folder: string) =
    for place in [ "train/good"; "test/good"; "test/cut"; "ground_truth/cut" ] do
        Directory.CreateDirectory(Path.Combine(folder, place)) |> ignore

    let photo name (shade: byte) =
        file name (ImageFile.EncodePng(RasterImage(8, 8, 3, Array.init 192 (fun i -> byte i ^^^ shade)))) folder

    photo "train/good/0.png" 1uy
    photo "train/good/1.png" 2uy
    photo "test/good/0.png" 3uy
    photo "test/cut/0.png" 4uy

let private masked input (make: string -> unit) code says =
    row
        "folders and masks"
        input
        (fun folder ->
            category folder
            make folder)
        "data check F"
        code
        says

let commands =
    [ // Crashes and lost work.
      predictOption "--threshold 1,5" "'1,5' has a comma"
      predictOption "--threshold NaN" "no threshold"
      predictOption "--threshold 1e400" "no threshold"
      predictOption "--threads 0" "not a number of threads"
      predictOption "--threads 99999999" "not a number of threads"
      predictOption "--device gpu" "is not a device"
      option "--shots 0" "no number of images"
      option "--shots 1e3" "no number of images"
      option "--shots 1000" "fewer than 1000 shots"
      option "--seed 99999999999999999999" "--seed"
      option "--set inputSize=64.5" "not a value of inputSize"
      option "--set =5" "has no option ''"
      option "--set regularisation=NaN" "not a possible value"
      option "--set smoothingSigma=1e9" "SmoothingSigma: .* is not a possible value"
      row
          "crashes and lost work"
          "`--out` of predict names a photo"
          (file "q.png" png)
          "predict --model M F/q.png --out F/q.png"
          2
          [ "a file has this name" ]
      row "crashes and lost work" "`--out` of predict names the model" nothing "predict --model M P --out M" 2 [ "a file has this name" ]
      row "crashes and lost work" "a folder of no photos" nothing "predict --model M F --out F/o" 2 [ "no image in this folder" ]
      row
          "crashes and lost work"
          "a folder in place of the model"
          nothing
          "predict --model D P --out F/o"
          2
          [ "is a folder, and a file is read" ]
      row
          "crashes and lost work"
          "one photo by three paths"
          (file "q.png" png)
          "predict --model M F/q.png F//q.png F/./q.png --out F/o"
          0
          [ "predictions and overlays"; "q\\.png +\\S+ +\\S+ \\w+[^\\n]*\\n(?!q)" ]
      // Models and weights.
      weights "a page that asks to sign in" (ascii "<html>Sign in</html>") "is a web page, which holds no weights"
      weights
          "what Git LFS puts in place of a file"
          (ascii "version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 3\n")
          "git lfs pull"
      weights "a file of no bytes" [||] "is empty"
      weights "an HDF5 file of Keras" (Array.concat [ [| 0x89uy |]; "HDF\r\n\026\n"B; Array.zeroCreate 99 ]) "is an HDF5 file"
      weights "a GGUF file" (Array.append "GGUF"B (Array.zeroCreate 99)) "is a GGUF file"
      weights "an array of NumPy" (map float32) "is a NumPy array"
      weights
          "a pickle that is no checkpoint"
          [| 0x80uy; 4uy; 0x95uy; 10uy; 0uy; 0uy; 0uy; 0uy; 0uy; 0uy; 0uy; 0x7Duy; 0x2Euy |]
          "is a pickle of Python|no tensor"
      weights "a zip archive of something else" (zip "notes.txt" (ascii "hi")) "holds no PyTorch checkpoint"
      weights "a header longer than the file" (Array.append (BitConverter.GetBytes(1L <<< 40)) "{}"B) "claims a header"
      weights "a header that is a list" (safetensors "[]" 0) "malformed header"
      weights
          "a header nested ten thousand deep"
          (safetensors ("""{"a":""" + String('[', 10000) + String(']', 10000) + "}") 0)
          "malformed header"
      weights "a name that is there twice" (safetensors $"{{\"a\":{tensor}[0,8]}},\"a\":{tensor}[0,8]}}}}" 8) "malformed header"
      weights "tensors that overlap" (safetensors $"{{\"a\":{tensor}[0,8]}},\"b\":{tensor}[4,12]}}}}" 12) "an overlap before 'b'"
      weights "a gap between tensors" (safetensors $"{{\"a\":{tensor}[0,8]}},\"b\":{tensor}[12,20]}}}}" 20) "a gap before 'b'"
      weights "a place before the file" (safetensors $"{{\"a\":{tensor}[-8,0]}}}}" 8) "outside of the file"
      weights
          "sides whose product overflows"
          (safetensors """{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""" 8)
          "the shape"
      weights
          "a type of 8 bits"
          (safetensors """{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""" 8)
          "a type that is not supported"
      model "half of it" (fun bytes -> bytes[.. bytes.Length / 2]) "outside of the file"
      model "what Git LFS puts in place of a file" (fun _ -> ascii "version https://git-lfs.github.com/spec/v1\n") "git lfs pull"
      model "gzip of it" (fun bytes -> Array.append [| 0x1Fuy; 0x8Buy |] bytes) "is a gzip archive"
      model "weights alone" (fun _ -> safetensors $"{{\"a\":{tensor}[0,8]}}}}" 8) "is not a detector"
      model "of a later format" (card "\"falcon.detector\":\"1\"" "\"falcon.detector\":\"2\"") "has detector format 2"
      model "of an unknown method" (card "\\\"method\\\":\\\"padim\\\"" "\\\"method\\\":\\\"supernet\\\"") "no such method"
      model
          "with an option of a later version"
          (card "\\\"inputSize\\\":64" "\\\"inputSize\\\":64,\\\"sharper\\\":true")
          "the option sharper, which this Falcon does not know"
      model "with an impossible option" (card "\\\"inputSize\\\":64" "\\\"inputSize\\\":-5") "damaged card .*InputSize"
      model
          "whose threshold is no number"
          (fun bytes ->
              withHeader
                  (fun header ->
                      RegularExpressions.Regex.Replace(header, "\\\\\"threshold\\\\\":[-0-9.eE]+", "\\\"threshold\\\":\\\"NaN\\\""))
                  bytes)
          "threshold is no number"
      // Maps and scores.
      maps "an array in NumPy's other order" (npy "<f4" true "(8, 8)" floats) 2 [ "Fortran order" ]
      maps "an array of one row of numbers" (npy "<f4" false "(64,)" floats) 2 [ "of shape \\(64\\)" ]
      maps "an array of colours" (npy "<f4" false "(4, 4, 4)" floats) 2 [ "of shape \\(4, 4, 4\\)" ]
      maps "big-endian numbers" (npy ">f4" false "(8, 8)" floats) 2 [ "type >f4" ]
      maps "objects, that is a pickle" (npy "|O" false "(8, 8)" floats) 2 [ "type \\|O" ]
      maps "a shape of forty thousand million" (npy "<f4" false "(200000, 200000)" floats) 2 [ "does not fit its length" ]
      maps "a shape that overflows" (npy "<f4" false "(9223372036854775807, 9223372036854775807)" floats) 2 [ "npy" ]
      maps "numbers that are none" (map (fun i -> if i = 5 then nanf else 1f)) 2 [ "holds NaN" ]
      maps "infinite numbers" (map (fun i -> if i = 5 then infinityf else 1f)) 2 [ "holds Infinity" ]
      maps "a leading side of one" (npy "<f4" false "(1, 8, 8)" floats) 0 [ "Image AUROC +100.00" ]
      scores
          "semicolons and decimal commas, with a mark of the order of bytes"
          ("\uFEFF" + table.Replace(',', ';').Replace('.', ',').Replace(",png", ".png"))
          0
          [ "Image F1-max +100.00 +6" ]
      scores "two columns of scores" "image,label,score,score\na,0,1,2\nb,1,2,1\n" 2 [ "two columns score" ]
      scores "an image that is there twice" (table + "a.png,1,3\n") 2 [ "'a.png' is there twice" ]
      scores "a score that is none" (table.Replace("7.25", "NaN")) 2 [ ":3: 'b.png,1,NaN'" ]
      scores "a quote that never ends" (table + "\"d.png,1,3\n") 2 [ ":5:" ]
      scores "names of columns alone" "image,label,score\n" 0 [ "of one class only" ]
      row
          "maps and scores"
          "masks: one of them a HEIC file"
          (fun folder ->
              file "maps/cut/0.npy" (map float32) folder
              file "maps/cut/1.npy" (map (fun i -> float32 (i % 7))) folder
              file "masks/cut/0.png" (mask 8 255uy) folder
              file "masks/cut/1.heic" (ascii "\000\000\000\024ftypheic") folder)
          "metrics --maps F/maps --masks F/masks"
          2
          [ "1 map without a mask" ]
      row
          "maps and scores"
          "map: two files that differ in their endings alone"
          (fun folder ->
              file "maps/0.npy" (map float32) folder
              file "maps/0.png" (mask 8 9uy) folder
              file "masks/0.png" (mask 8 255uy) folder)
          "metrics --maps F/maps --masks F/masks"
          2
          [ "1 name that several maps have, but for the ending: 0.npy and 0.png" ]
      row
          "maps and scores"
          "map: a heat map in colours"
          (fun folder ->
              file "maps/0.png" png folder
              file "masks/0.png" (mask 64 255uy) folder)
          "metrics --maps F/maps --masks F/masks --quiet"
          2
          [ "a picture in colours" ]
      row
          "maps and scores"
          "map: an archive of arrays beside it"
          (fun folder ->
              file "maps/0.npy" (map float32) folder
              file "maps/1.npz" (ascii "PK") folder
              file "masks/0.png" (mask 8 255uy) folder)
          "metrics --maps F/maps --masks F/masks --quiet"
          0
          [ "1 file not read: 1.npz" ]
      row
          "maps and scores"
          "masks: a folder without any"
          (fun folder ->
              for part in [ "maps"; "masks" ] do
                  Directory.CreateDirectory(Path.Combine(folder, part)) |> ignore

              file "maps/0.npy" (map float32) folder)
          "metrics --maps F/maps --masks F/masks --quiet"
          0
          [ "holds no masks" ]
      row
          "crashes and lost work"
          "`teach --defects` without any"
          nothing
          "teach --model M --defects --out F/x.falcon"
          2
          [ "no image is named" ]
      row "maps and scores" "scores: a folder" nothing "metrics --scores D" 2 [ "is a folder, and a file is read" ]
      row
          "crashes and lost work"
          "`--out` of watch holds pictures that have the names of overlays"
          (fun folder -> file "o/overlays/000001.png" png folder)
          "watch F --model M --out F/o"
          2
          [ "is there, and is of no watch" ]
      row
          "crashes and lost work"
          "photos among which a watch has drawn overlays"
          (fun folder ->
              file "w/inspections.jsonl" (ascii "{}\n") folder
              file "w/overlays/000001.png" png folder)
          "predict F --model M --out F/o"
          2
          [ "there is no image in this folder" ]
      // Folders and masks.
      masked "a mask of one column less" (file "ground_truth/cut/0_mask.png" (mask 7 255uy)) 2 [ "is 7×8, its image 8×8" ]
      masked "a mask that is black" (file "ground_truth/cut/0_mask.png" (mask 8 0uy)) 0 [ "is empty, though its image counts as defective" ]
      masked "a mask of the lowest gray level" (file "ground_truth/cut/0_mask.png" (mask 8 1uy)) 0 [ "F +2 +1 +1 +1 +0 +0" ]
      masked
          "a mask in a folder of its image's name"
          (fun folder -> file "ground_truth/cut/0/000.png" (mask 8 9uy) folder)
          0
          [ "a folder of masks for each of 1 images.*sPRO" ]
      masked
          "a mask without an image"
          (fun folder ->
              file "ground_truth/cut/0_mask.png" (mask 8 255uy) folder
              file "ground_truth/cut/7_mask.png" (mask 8 255uy) folder)
          0
          [ "is a mask without an image" ]
      masked "a mask that is a page" (file "ground_truth/cut/0_mask.png" (ascii "<html></html>")) 2 [ "it is a web page" ]
      masked
          "a folder that is named as a photo"
          (fun folder ->
              file "ground_truth/cut/0_mask.png" (mask 8 255uy) folder
              Directory.CreateDirectory(Path.Combine(folder, "train/good/x.png")) |> ignore)
          0
          [ "F +2 +1 +1 +1 +0 +0" ]
      masked
          "a link to nothing among the photos"
          (fun folder ->
              file "ground_truth/cut/0_mask.png" (mask 8 255uy) folder
              File.CreateSymbolicLink(Path.Combine(folder, "train/good/x.png"), "nowhere") |> ignore)
          2
          [ "a link to nowhere" ]
      masked
          "the same photo for training and testing"
          (fun folder ->
              file "ground_truth/cut/0_mask.png" (mask 8 255uy) folder
              File.Copy(Path.Combine(folder, "train/good/0.png"), Path.Combine(folder, "test/good/9.png")))
          0
          [ "same" ]
      masked "`falcon-data.json` that breaks off" (file "falcon-data.json" (ascii "{")) 2 [ "falcon-data.json" ]
      masked
          "`falcon-data.json` with a level of 300"
          (file "falcon-data.json" (ascii """{"normal":"train/good","maskLevel":300}"""))
          2
          [ "maskLevel" ]
      masked
          "`falcon-data.json` with a field that there is not"
          (file "falcon-data.json" (ascii """{"normal":"train/good","abnormals":"test/cut"}"""))
          2
          [ "abnormals" ] ]

let all = photos @ commands
