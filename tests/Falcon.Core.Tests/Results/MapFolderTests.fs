module Falcon.Core.Tests.MapFolderTests

open System
open System.IO
open System.Text
open Expecto
open Falcon.Tests
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
    raised<InvalidInputException>(fun () ->
        use maps = new MapFolder(folder.File "maps", folder.File "masks")
        Seq.length maps |> ignore)
    |> _.Findings

[<Tests>]
let tests =
    testList
        "Map folder"
        [ test "maps of every kind meet the masks of their names, and those without a mask are normal" {
              use folder = new Scratch.Folder()
              save (folder.File "maps/crack/000.npy") (npy "(1, 2, 3)" "<f4" (floats values))
              save (folder.File "maps/crack/001.npy") (npy "(2, 3)" "<f8" (values |> Array.collect (float >> BitConverter.GetBytes)))
              save (folder.File "maps/crack/002.tiff") (tiff 32 3 1 (floats values))

              save
                  (folder.File "maps/good/000.tif")
                  (tiff 16 1 1 ([| 1us; 2us; 3us; 4us; 65535us; 6us |] |> Array.collect BitConverter.GetBytes))

              mask (folder.File "maps/good/001.png") [ 0uy; 1uy; 2uy; 3uy; 4uy; 255uy ]
              let stored = StoredTensor.Of("test/print/7.png", values, 2L, 3L)
              SafetensorsWriter.Write(folder.File "maps/more.safetensors", [| stored |])

              for name in [ "crack/000_mask"; "crack/001"; "crack/002_mask"; "print/7_mask" ] do
                  mask (folder.File $"masks/{name}.png") [ 0uy; 255uy; 0uy; 0uy; 0uy; 255uy ]

              use maps = new MapFolder(folder.File "maps", folder.File "masks")
              let found = List.ofSeq maps

              Expect.equal
                  (found |> List.map _.Name)
                  [ "crack/000.npy"; "crack/001.npy"; "crack/002.tiff"; "good/000.tif"; "good/001.png"; "test/print/7.png" ]
                  "name of found"

              for map in found do
                  Expect.equal map.Width 3 "width"
                  Expect.equal map.Mask.IsEmpty (map.Name.Contains "good") "mask is empty"

                  if not (map.Name.Contains "good") then
                      Expect.equal (map.Scores.ToArray()) values "scores"

              Expect.equal (found[3].Scores.ToArray()) [| 1.0f; 2.0f; 3.0f; 4.0f; 65535.0f; 6.0f |] "found 3 scores"
              Expect.equal (found[4].Scores.ToArray()) [| 0.0f; 1.0f; 2.0f; 3.0f; 4.0f; 255.0f |] "found 4 scores"
              Expect.equal ((PixelRanking maps).ImageOverlaps().Count) 4 "number of pixel ranking maps image overlaps"
          }
          test "masks that belong to no map are named at once, before any map is read" {
              use folder = new Scratch.Folder()
              save (folder.File "maps/a.npy") [| 1uy |]

              for name in [ "b_mask"; "c" ] do
                  mask (folder.File $"masks/{name}.png") [ 0uy; 0uy; 0uy; 0uy; 0uy; 0uy ]

              Expect.equal
                  [ for finding in refused folder -> Path.GetFileName finding.Where |> string ]
                  [ "b_mask.png"; "c.png" ]
                  "name finding where"
          }
          test "what predict wrote is read without its overlays, and so are folders that all maps share; hidden files are not" {
              use folder = new Scratch.Folder()
              let map = npy "(2, 3)" "<f4" (floats values)

              for name in [ "crack/000"; "good/000" ] do
                  save (folder.File $"maps/maps/{name}.npy") map
                  mask (folder.File $"maps/overlays/{name}.png") [ 1uy; 2uy; 3uy; 4uy; 5uy; 6uy ]

              save (folder.File "maps/predictions.json") "{}"B
              save (folder.File "maps/maps/crack/._000.npy") "?"B
              save (folder.File "masks/crack/._000_mask.png") "?"B
              mask (folder.File "masks/crack/000_mask.png") [ 0uy; 255uy; 0uy; 0uy; 0uy; 255uy ]

              for maps in [ "maps"; "maps/maps" ] do
                  use maps = new MapFolder(folder.File maps, folder.File "masks")
                  Expect.equal [ for map in maps -> map.Name, map.Mask.IsEmpty ] [ "crack/000.npy", false; "good/000.npy", true ] "maps"

              Directory.Move(folder.File "maps/maps", folder.File "all")
              save (folder.File "shared/deeper/crack/000.npy") map
              save (folder.File "shared/deeper/good/000.npy") map
              use maps = new MapFolder(folder.File "shared", folder.File "masks")
              Expect.equal [ for map in maps -> map.Mask.IsEmpty ] [ false; true ] "below shared folders"
              Expect.stringContains (refused folder |> Seq.exactlyOne).What "without anomaly maps" "predicted without maps"
          }
          test "what is odd about masks is said once they have been read" {
              use folder = new Scratch.Folder()
              save (folder.File "maps/a.npy") (npy "(4, 6)" "<f4" (Array.init 24 float32 |> floats))
              Directory.CreateDirectory(folder.File "masks") |> ignore

              ImageFile.WritePng(folder.File "masks/a.png", RasterImage(6, 4, 1, Array.init 24 (fun i -> if i = 9 then 0uy else 255uy)))

              use maps = new MapFolder(folder.File "maps", folder.File "masks")
              Expect.isEmpty maps.Remarks "before"
              Seq.length maps |> ignore
              Expect.stringContains (Seq.exactlyOne maps.Remarks).What "1 mask mostly white" "after"
          }
          test "a map without a mask beside others that have one is refused, as a defect without a mask is by the data check" {
              use folder = new Scratch.Folder()

              for name in [ "crack/000"; "crack/001"; "crack/002"; "OK/000"; "dent/000" ] do
                  save (folder.File $"maps/{name}.npy") (npy "(2, 3)" "<f4" (floats values))

              mask (folder.File "masks/crack/000.png") [ 0uy; 255uy; 0uy; 0uy; 0uy; 255uy ]
              let finding = Seq.exactlyOne (refused folder)

              Expect.stringContains
                  finding.What
                  "2 maps without a mask, though others of this folder have one: crack/001.npy, crack/002.npy"
                  "what"
          }
          testTheory
              "a map that cannot be read without loss is refused by name"
              [ "i.npy", "type <i4"
                "cut.npy", "shape does not fit"
                "short.npy", "truncated .npy"
                "line.npy", "shape (6)"
                "packed.tif", "compressed"
                "cut.tif", "do not add up"
                "text.npy", "no .npy file" ]
              (fun (name: string, problem: string) ->
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
                  let finding = Seq.exactlyOne (refused folder)
                  Expect.stringContains finding.What problem "what of finding"
                  Expect.stringEnds finding.Where name "where of finding")
          test "a mask of another size than its map, and folders that are missing or empty, are refused" {
              use folder = new Scratch.Folder()
              Expect.stringEnds (Seq.exactlyOne (refused folder)).Where "masks" "where of refused folder"
              Directory.CreateDirectory(folder.File "masks") |> ignore
              Directory.CreateDirectory(folder.File "maps") |> ignore
              Expect.stringContains (Seq.exactlyOne (refused folder)).What "no anomaly maps" "what of refused folder"
              save (folder.File "maps/a.npy") (npy "(3, 2)" "<f4" (floats values))
              mask (folder.File "masks/a.png") [ 0uy; 0uy; 0uy; 0uy; 0uy; 9uy ]
              Expect.stringContains (Seq.exactlyOne (refused folder)).What "2×3 but its mask 3×2" "what of refused folder"
          }
          test "labelled scores are found by the names of their columns" {
              use folder = new Scratch.Folder()
              let path = folder.File "scores.csv"
              File.WriteAllText(path, "score,set,label,path\n0.5,x,0,a.png\n1.5,x,1,\"b,1.png\"\n")
              Expect.equal (LabelledScores.Read path).Auroc (Nullable 1.0) "auroc of read path"
              File.WriteAllText(path, "path,label,score\na,0,1\na,1,2\nb,yes,1\nc,1,nan\n")
              let error = raised<InvalidInputException>(fun () -> LabelledScores.Read path |> ignore)
              Expect.sequenceEqual (error.Findings |> Seq.map _.Where) [ $"{path}:3"; $"{path}:4"; $"{path}:5" ] "where of error"

              for text in [ ""; "path,score\na,1\n" ] do
                  File.WriteAllText(path, text)
                  let error = raised<InvalidInputException>(fun () -> LabelledScores.Read path |> ignore)
                  Expect.stringContains error.Message "path, label and score" "message of error"
          } ]
