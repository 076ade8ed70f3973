module Falcon.Core.Tests.MapFolderTests

open System
open System.IO
open System.Text
open Xunit
open Falcon
open Falcon.Imaging
open Falcon.Metrics
open Falcon.Results
open Falcon.Weights

let private values = [| 0.5f; 1.5f; -2.0f; 3.25f; 0.0f; 9.0f |]

let private save (path: string) (bytes: byte array) =
    Directory.CreateDirectory(nonNull (Path.GetDirectoryName path)) |> ignore
    File.WriteAllBytes(path, bytes)

let private npy (shape: string) (kind: string) (data: byte array) =
    let header = $"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}".PadRight 117 + "\n"

    Array.concat
        [ [| 0x93uy |]
          "NUMPY\001\000"B
          BitConverter.GetBytes(uint16 header.Length)
          Encoding.ASCII.GetBytes header
          data ]

let private floats (values: float32 array) = values |> Array.collect BitConverter.GetBytes

/// A TIFF file of one picture in two strips, of 2 rows in all.
let private tiff bits format (compression: int) (data: byte array) =
    let field (tag: int) (value: int) =
        Array.concat
            [ BitConverter.GetBytes(uint16 tag)
              BitConverter.GetBytes 4us
              BitConverter.GetBytes 1
              BitConverter.GetBytes value ]

    let two (tag: int) (place: int) =
        Array.concat
            [ BitConverter.GetBytes(uint16 tag)
              BitConverter.GetBytes 4us
              BitConverter.GetBytes 2
              BitConverter.GetBytes place ]

    let start = 8 + 2 + 9 * 12 + 4
    let half = data.Length / 2

    Array.concat
        [ "II"B
          BitConverter.GetBytes 42us
          BitConverter.GetBytes 8
          BitConverter.GetBytes 9us
          field 256 3
          field 257 2
          field 258 bits
          field 259 compression
          field 262 1
          two 273 start
          field 277 1
          two 279 (start + 8)
          field 339 format
          BitConverter.GetBytes 0
          BitConverter.GetBytes(start + 16)
          BitConverter.GetBytes(start + 16 + half)
          BitConverter.GetBytes half
          BitConverter.GetBytes half
          data ]

let private mask (path: string) (pixels: byte list) =
    Directory.CreateDirectory(nonNull (Path.GetDirectoryName path)) |> ignore
    ImageFile.WritePng(path, RasterImage(3, 2, 1, Array.ofList pixels))

let private refused (folder: Scratch.Folder) =
    Assert.Throws<InvalidInputException>(fun () ->
        use maps = new MapFolder(folder.File "maps", folder.File "masks")
        Seq.length maps |> ignore)
    |> _.Findings

[<Fact>]
let ``maps of every kind meet the masks of their names, and those without a mask are normal`` () =
    use folder = new Scratch.Folder()
    save (folder.File "maps/crack/000.npy") (npy "(1, 2, 3)" "<f4" (floats values))
    save (folder.File "maps/crack/001.npy") (npy "(2, 3)" "<f8" (values |> Array.collect (float >> BitConverter.GetBytes)))
    save (folder.File "maps/crack/002.tiff") (tiff 32 3 1 (floats values))
    save (folder.File "maps/good/000.tif") (tiff 16 1 1 ([| 1us; 2us; 3us; 4us; 65535us; 6us |] |> Array.collect BitConverter.GetBytes))
    mask (folder.File "maps/good/001.png") [ 0uy; 1uy; 2uy; 3uy; 4uy; 255uy ]
    let stored = StoredTensor.Of("test/print/7.png", values, 2L, 3L)
    SafetensorsWriter.Write(folder.File "maps/more.safetensors", [| stored |])

    for name in [ "crack/000_mask"; "crack/001"; "crack/002_mask"; "print/7_mask" ] do
        mask (folder.File $"masks/{name}.png") [ 0uy; 255uy; 0uy; 0uy; 0uy; 255uy ]

    use maps = new MapFolder(folder.File "maps", folder.File "masks")
    let found = List.ofSeq maps

    Assert.Equal<string list>(
        [ "crack/000.npy"; "crack/001.npy"; "crack/002.tiff"; "good/000.tif"; "good/001.png"; "test/print/7.png" ],
        found |> List.map _.Name
    )

    for map in found do
        Assert.Equal(3, map.Width)
        Assert.Equal(map.Name.Contains "good", map.Mask.IsEmpty)

        if not (map.Name.Contains "good") then
            Assert.Equal<float32 array>(values, map.Scores.ToArray())

    Assert.Equal<float32 array>([| 1.0f; 2.0f; 3.0f; 4.0f; 65535.0f; 6.0f |], found[3].Scores.ToArray())
    Assert.Equal<float32 array>([| 0.0f; 1.0f; 2.0f; 3.0f; 4.0f; 255.0f |], found[4].Scores.ToArray())
    Assert.Equal(4, (PixelRanking maps).ImageOverlaps().Count)

[<Fact>]
let ``masks that belong to no map are named at once, before any map is read`` () =
    use folder = new Scratch.Folder()
    save (folder.File "maps/a.npy") [| 1uy |]

    for name in [ "b_mask"; "c" ] do
        mask (folder.File $"masks/{name}.png") [ 0uy; 0uy; 0uy; 0uy; 0uy; 0uy ]

    Assert.Equal<string list>([ "b_mask.png"; "c.png" ], [ for finding in refused folder -> Path.GetFileName finding.Where |> string ])

[<Theory>]
[<InlineData("i.npy", "type <i4")>]
[<InlineData("cut.npy", "shape does not fit")>]
[<InlineData("short.npy", "truncated .npy")>]
[<InlineData("line.npy", "shape (6)")>]
[<InlineData("packed.tif", "compressed")>]
[<InlineData("cut.tif", "do not add up")>]
[<InlineData("text.npy", "no .npy file")>]
let ``a map that cannot be read without loss is refused by name`` (name: string, problem: string) =
    use folder = new Scratch.Folder()

    let bytes =
        match name with
        | "i.npy" -> npy "(2, 3)" "<i4" (floats values)
        | "cut.npy" -> npy "(2, 4)" "<f4" (floats values)
        | "short.npy" -> (npy "(2, 3)" "<f4" (floats values))[..40]
        | "line.npy" -> npy "(6,)" "<f4" (floats values)
        | "packed.tif" -> tiff 32 3 5 (floats values)
        | "cut.tif" -> tiff 32 3 1 (floats values[..3])
        | _ -> "not an array"B

    save (folder.File $"maps/{name}") bytes
    Directory.CreateDirectory(folder.File "masks") |> ignore
    let finding = Assert.Single(refused folder)
    Assert.Contains(problem, finding.What)
    Assert.EndsWith(name, finding.Where)

[<Fact>]
let ``a mask of another size than its map, and folders that are missing or empty, are refused`` () =
    use folder = new Scratch.Folder()
    Assert.EndsWith("masks", (Assert.Single(refused folder)).Where)
    Directory.CreateDirectory(folder.File "masks") |> ignore
    Directory.CreateDirectory(folder.File "maps") |> ignore
    Assert.Contains("no anomaly maps", (Assert.Single(refused folder)).What)
    save (folder.File "maps/a.npy") (npy "(3, 2)" "<f4" (floats values))
    mask (folder.File "masks/a.png") [ 0uy; 0uy; 0uy; 0uy; 0uy; 9uy ]
    Assert.Contains("2×3 but its mask 3×2", (Assert.Single(refused folder)).What)

[<Fact>]
let ``labelled scores are found by the names of their columns`` () =
    use folder = new Scratch.Folder()
    let path = folder.File "scores.csv"
    File.WriteAllText(path, "score,set,label,path\n0.5,x,0,a.png\n1.5,x,1,\"b,1.png\"\n")
    Assert.Equal(Nullable 1.0, (LabelledScores.Read path).Auroc)
    File.WriteAllText(path, "path,label,score\na,0,1\na,1,2\nb,yes,1\nc,1,nan\n")
    let error = Assert.Throws<InvalidInputException>(fun () -> LabelledScores.Read path |> ignore)
    Assert.Equal<string seq>([ $"{path}:3"; $"{path}:4"; $"{path}:5" ], error.Findings |> Seq.map _.Where)

    for text in [ ""; "path,score\na,1\n" ] do
        File.WriteAllText(path, text)
        let error = Assert.Throws<InvalidInputException>(fun () -> LabelledScores.Read path |> ignore)
        Assert.Contains("path, label and score", error.Message)
