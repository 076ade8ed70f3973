module Falcon.Core.Tests.Weights.TorchCheckpointTests

open System
open System.IO
open System.IO.Compression
open System.Text
open Expecto
open Falcon.Tests
open Falcon
open Falcon.Core.Tests
open Falcon.Weights

let private fixture name = Fixtures.require [ "parity"; "weights"; name ]

let private refused (path: string) =
    (raised<InvalidInputException>(fun () -> (WeightFile.Open path).Dispose())).Findings |> Seq.exactlyOne

/// A zip checkpoint of this pickle and these storages.
let private zip (path: string) (program: byte array) (storages: (string * byte array) list) =
    use archive = ZipFile.Open(path, ZipArchiveMode.Create)

    for name, content in ("archive/data.pkl", program) :: [ for key, bytes in storages -> $"archive/data/{key}", bytes ] do
        use stream = archive.CreateEntry(name, CompressionLevel.NoCompression).Open()
        stream.Write content

let private short (text: string) = Array.concat [ [| 0x8cuy; byte text.Length |]; Encoding.UTF8.GetBytes text ]

let private ``global`` (name: string) = Encoding.UTF8.GetBytes("c" + name.Replace(' ', '\n') + "\n")

let private number (value: int) = Array.append "J"B (BitConverter.GetBytes value)

let private tuple (items: byte array list) = Array.concat [ "("B; Array.concat items; "t"B ]

let private tensor (count: int) (offset: int) (shape: int list) (strides: int list) =
    let storage =
        Array.append (tuple [ short "storage"; ``global`` "torch FloatStorage"; short "0"; short "cpu"; number count ]) "Q"B

    let arguments =
        tuple [ storage; number offset; tuple (List.map number shape); tuple (List.map number strides); [| 0x89uy |]; "N"B ]

    Array.concat [ ``global`` "torch._utils _rebuild_tensor_v2"; arguments; "R"B ]

let private dictionary (items: (string * byte array) list) =
    Array.concat
        [ [| 0x80uy; 2uy |]
          "}("B
          Array.concat [ for key, value in items -> Array.append (short key) value ]
          "u."B ]

let private floats (values: float32 list) = values |> List.map BitConverter.GetBytes |> Array.concat

[<Tests>]
let tests =
    testList
        "Torch checkpoint"
        [ testTheory
              "every layout gives the tensors that PyTorch saved"
              [ "zip.pth", ""; "legacy.pth", ""; "checkpoint.pth", "state_dict.module." ]
              (fun (name: string, prefix: string) ->
                  use file = WeightFile.Open(fixture name)
                  use expected = SafetensorsFile.Open(fixture "expected.safetensors")

                  for tensor in expected.Names do
                      let actual = file.Read(prefix + tensor)

                      match expected.Entry(tensor).Type with
                      | ElementType.Int64 -> Expect.equal (actual.Bytes.ToArray()) (expected.Bytes(tensor).ToArray()) "actual bytes"
                      | _ ->
                          use folder = new Scratch.Folder()
                          SafetensorsWriter.Write(folder.File "one", [| actual |])
                          use written = SafetensorsFile.Open(folder.File "one")
                          Expect.equal (written.Floats(prefix + tensor)) (expected.Floats tensor) "written floats prefix tensor"
                          Expect.sequenceEqual actual.Shape (expected.Entry(tensor).Shape) "shape of actual")
          testTheory
              "a hostile or broken checkpoint is refused with a reason, makes no file, and allocates little"
              [ "evil_zip.pth", "posix.system"; "evil_legacy.pth", "posix.system"; "truncated.pth", "truncated" ]
              (fun (name: string, reason: string) ->
                  let path = fixture name
                  use here = new Scratch.Folder()
                  let before = Directory.GetFileSystemEntries "." |> Array.sort
                  let allocated = GC.GetAllocatedBytesForCurrentThread()
                  let finding = refused path
                  Expect.isBetween (GC.GetAllocatedBytesForCurrentThread() - allocated) 0L 1_000_000L "allocated bytes"
                  Expect.stringContains finding.What reason "what of finding"
                  Expect.equal finding.Where path "where of finding"
                  Expect.equal (Directory.GetFileSystemEntries "." |> Array.sort) before "entries .")
          testTheory "a checkpoint cut anywhere gives an error and never crashes" [ "zip.pth"; "legacy.pth" ] (fun (name: string) ->
              let whole = File.ReadAllBytes(fixture name)
              use folder = new Scratch.Folder()
              let path = folder.File "cut.pth"

              for length in 0..37 .. whole.Length - 1 do
                  File.WriteAllBytes(path, whole[.. length - 1])
                  Expect.equal (refused path).Where path "where of refused path")
          testTheory
              "a damaged byte gives an error or other numbers, never another exception"
              [ "zip.pth"; "legacy.pth" ]
              (fun (name: string) ->
                  let whole = File.ReadAllBytes(fixture name)
                  use folder = new Scratch.Folder()
                  let path = folder.File "damaged.pth"

                  for position in 0..5 .. min 1400 (whole.Length - 1) do
                      let damaged = Array.copy whole
                      damaged[position] <- damaged[position] ^^^ 0x15uy
                      File.WriteAllBytes(path, damaged)

                      try
                          use file = WeightFile.Open path

                          for tensor in file.Names do
                              file.Read tensor |> ignore
                      with :? InvalidInputException ->
                          ())
          test "tensors that share a storage, with offset, strides and a single element, are gathered" {
              use folder = new Scratch.Folder()
              let path = folder.File "views.pth"

              let program =
                  dictionary
                      [ "all", tensor 6 0 [ 2; 3 ] [ 3; 1 ]
                        "transposed", tensor 6 0 [ 3; 2 ] [ 1; 3 ]
                        "second row", tensor 6 3 [ 1; 3 ] [ 77; 1 ]
                        "column", tensor 6 1 [ 2 ] [ 3 ]
                        "scalar", tensor 6 5 [] []
                        "empty", tensor 6 6 [ 0; 4 ] [ 4; 1 ] ]

              zip path program [ "0", floats [ 1f; 2f; 3f; 4f; 5f; 6f ] ]
              use file = WeightFile.Open path
              let values (name: string) = file.Read(name).Bytes.ToArray()
              Expect.equal (values "transposed") (floats [ 1f; 4f; 2f; 5f; 3f; 6f ]) "values transposed"
              Expect.equal (values "second row") (floats [ 4f; 5f; 6f ]) "values second row"
              Expect.equal (values "column") (floats [ 2f; 5f ]) "values column"
              Expect.equal (values "scalar") (floats [ 6f ]) "values scalar"
              Expect.isEmpty (values "empty") "values empty"
              Expect.sequenceEqual file.Names [ "all"; "transposed"; "second row"; "column"; "scalar"; "empty" ] "names of file"
          }
          test "a view outside of its storage, or larger than it by repetition, is refused" {
              use folder = new Scratch.Folder()

              for shape, strides, offset in
                  [ [ 7 ], [ 1 ], 0
                    [ 2 ], [ 1 ], 5
                    [ 2 ], [ 6 ], 0
                    [ 1000000; 1000000 ], [ 0; 0 ], 0
                    [ 2147483647; 2147483647; 2147483647 ], [ 0; 0; 0 ], 0
                    [ -1 ], [ 1 ], 0
                    [ 2 ], [ -1 ], 3
                    [ 2; 2 ], [ 1 ], 0 ] do
                  let path = folder.File "bad.pth"
                  File.Delete path
                  zip path (dictionary [ "w", tensor 6 offset shape strides ]) [ "0", Array.zeroCreate 24 ]
                  Expect.stringContains (refused path).What "_rebuild_tensor_v2" "what of refused path"
          }
          test "a storage that claims more elements than its entry holds is refused when read, without allocating them" {
              use folder = new Scratch.Folder()
              let path = folder.File "lying.pth"
              zip path (dictionary [ "w", tensor 500_000_000 0 [ 500_000_000 ] [ 1 ] ]) [ "0", Array.zeroCreate 24 ]
              use file = WeightFile.Open path
              let before = GC.GetAllocatedBytesForCurrentThread()
              Expect.throwsT<InvalidInputException> (fun () -> file.Read "w" |> ignore) "file read w is refused"
              Expect.isBetween (GC.GetAllocatedBytesForCurrentThread() - before) 0L 1_000_000L "allocated bytes before"
          }
          test "dictionaries that contain one another exponentially are refused quickly" {
              use folder = new Scratch.Folder()
              let path = folder.File "laughs.pth"
              // Each level holds the level below ten times over, by recalling it from the memo.
              let level (below: byte) =
                  Array.concat [ "}("B; Array.concat [ for key in 0..9 -> Array.concat [ short (string key); "h"B; [| below |] ] ]; "u"B ]

              let program =
                  Array.concat
                      [ [| 0x80uy; 2uy |]
                        "}q\000"B
                        Array.concat [ for depth in 1uy .. 12uy -> Array.concat [ level (depth - 1uy); "q"B; [| depth |] ] ]
                        "."B ]

              zip path program []
              Expect.stringContains (refused path).What "nests" "what of refused path"
          }
          testTheory
              "a global that is not part of a state dict is refused by name"
              [ "builtins eval"
                "os system"
                "torch.nn.modules.conv Conv2d"
                "argparse Namespace"
                "torch ComplexFloatStorage" ]
              (fun (name: string) ->
                  use folder = new Scratch.Folder()
                  let path = folder.File "global.pth"
                  zip path (dictionary [ "x", Array.concat [ ``global`` name; ")R"B ] ]) []
                  Expect.stringContains (refused path).What (name.Replace(' ', '.')) "what of refused path")
          test "objects of a TorchScript archive are their attributes; its code is not read" {
              use folder = new Scratch.Folder()
              let path = folder.File "script.pt"

              let object (name: string) (attributes: (string * byte array) list) =
                  Array.concat
                      [ ``global`` name
                        [| byte ')'; 0x81uy |]
                        "}("B
                        Array.concat [ for key, value in attributes -> Array.append (short key) value ]
                        "ub"B ]

              let sides = Array.concat [ ``global`` "torch.jit._pickle build_intlist"; tuple [ "]("B; number 2; "e"B ]; "R"B ]

              let tower =
                  object "__torch__.multimodal Tower" [ "training", [| 0x89uy |]; "sides", sides; "weight", tensor 4 1 [ 3 ] [ 1 ] ]

              let whole = object "__torch__ CLIP" [ "visual", tower; "scale", tensor 4 0 [] [] ]
              zip path (Array.concat [ [| 0x80uy; 2uy |]; whole; "."B ]) [ "0", floats [ 1f; 2f; 3f; 4f ] ]
              use file = WeightFile.Open path
              Expect.sequenceEqual (Seq.sort file.Names) [ "scale"; "visual.weight" ] "names"
              use weight = file.Tensor "visual.weight"
              Expect.sequenceEqual (weight.data<float32>().ToArray()) [ 2f; 3f; 4f ] "visual.weight"
          }
          test "objects of other kinds are refused by name" {
              use folder = new Scratch.Folder()
              let path = folder.File "object.pth"
              zip path (dictionary [ "x", Array.concat [ ``global`` "collections OrderedDict"; [| byte ')'; 0x81uy |] ] ]) []
              Expect.stringContains (refused path).What "not part of a state dict" "what of refused path"
          }
          test "a compressed archive cannot make the reader allocate what it claims" {
              use folder = new Scratch.Folder()
              let path = folder.File "bomb.pth"

              do
                  use archive = ZipFile.Open(path, ZipArchiveMode.Create)
                  use stream = archive.CreateEntry("archive/data.pkl", CompressionLevel.SmallestSize).Open()
                  stream.Write(Array.zeroCreate<byte> 20_000_000, 0, 20_000_000)

              let before = GC.GetAllocatedBytesForCurrentThread()
              Expect.stringContains (refused path).What "compressed" "what of refused path"
              Expect.isBetween (GC.GetAllocatedBytesForCurrentThread() - before) 0L 1_000_000L "allocated bytes before"
          }
          test "numbers, texts, lists and numpy scalars beside the weights are passed over" {
              use folder = new Scratch.Folder()
              let path = folder.File "beside.pth"

              let program =
                  dictionary
                      [ "epoch", number 7
                        "best", Array.concat [ ``global`` "numpy.core.multiarray scalar"; tuple [ short "f8" ]; "R"B ]
                        "log", Array.concat [ "]("B; number 1; short "two"; "e"B ]
                        "w", tensor 1 0 [ 1 ] [ 1 ] ]

              zip path program [ "0", floats [ 3f ] ]
              use file = WeightFile.Open path
              Expect.equal (Seq.exactlyOne file.Names) "w" "file names"
          }
          test "a file of another kind is refused" {
              use folder = new Scratch.Folder()
              let path = folder.File "text.pth"
              File.WriteAllText(path, "these are not weights at all")
              refused path |> ignore
              zip (folder.File "a.zip") (dictionary []) []
              Expect.stringContains (refused (folder.File "a.zip")).What "no tensor" "what of refused a.zip"
          } ]
