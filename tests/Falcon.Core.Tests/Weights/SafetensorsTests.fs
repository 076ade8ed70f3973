module Falcon.Core.Tests.Weights.SafetensorsTests

open System
open System.Collections.Generic
open System.IO
open System.Text
open Expecto
open Falcon.Tests
open Falcon
open Falcon.Core.Tests
open Falcon.Weights

let private tensors =
    [| StoredTensor.Of("bytes", [| 1uy; 2uy; 255uy |], 3L)
       StoredTensor.Of("layer.weight", [| 1.5f; -2.0f; 0.25f; Single.Epsilon; 4.0f; 5.0f |], 2L, 3L)
       StoredTensor.Of("count", [| 42L |])
       StoredTensor.Of("precise", [| Math.PI |], 1L)
       StoredTensor.Of("nothing", Array.empty<float32>, 0L, 7L) |]

let private metadata = dict [ "title", "a \"quoted\" text"; "author", "ä" ] |> Dictionary

/// A safetensors file with this header and this many zero bytes of data.
let private handmade (path: string) (header: string) (data: int) =
    let json = Encoding.UTF8.GetBytes header
    File.WriteAllBytes(path, Array.concat [ BitConverter.GetBytes(uint64 json.Length); json; Array.zeroCreate data ])

let private refused (path: string) =
    (raised<InvalidInputException>(fun () -> (SafetensorsFile.Open path).Dispose())).Findings |> Seq.exactlyOne

[<Tests>]
let tests =
    testList
        "Safetensors"
        [ test "what was written is read back: names in their order, types, shapes, values, metadata" {
              use folder = new Scratch.Folder()
              let path = folder.File "a.safetensors"
              SafetensorsWriter.Write(path, tensors, metadata)
              use file = SafetensorsFile.Open path
              Expect.sequenceEqual file.Names [ "bytes"; "layer.weight"; "count"; "precise"; "nothing" ] "names of file"
              Expect.sequenceEqual (file.Entry("layer.weight").Shape) [ 2L; 3L ] "file entry layer.weight shape"
              Expect.equal (file.Entry("bytes").Type) ElementType.UInt8 "file entry bytes type"
              Expect.equal (file.Floats "layer.weight") [| 1.5f; -2.0f; 0.25f; Single.Epsilon; 4.0f; 5.0f |] "file floats layer.weight"
              Expect.equal (file.Longs "bytes") [| 1L; 2L; 255L |] "file longs bytes"
              Expect.equal (file.Longs "count") [| 42L |] "file longs count"
              Expect.equal (file.Doubles "precise") [| Math.PI |] "file doubles precise"
              Expect.isEmpty (file.Floats "nothing") "file floats nothing"
              Expect.equal file.Metadata["title"] "a \"quoted\" text" "file metadata title"
              Expect.equal file.Metadata["author"] "ä" "file metadata author"
          }
          test "weights that are no numbers are refused with the tensor's name" {
              use folder = new Scratch.Folder()
              let path = folder.File "a.safetensors"

              let write (weight: float32) =
                  SafetensorsWriter.Write(
                      path,
                      [| StoredTensor.Of("weight", [| 1f; weight |], 1L, 2L); StoredTensor.Of("bias", [| 0f |], 1L) |]
                  )

              let load () =
                  use layer = TorchSharp.torch.nn.Linear(2L, 1L)
                  use file = SafetensorsFile.Open path
                  StateDict.Load(layer, file)

              write infinityf
              load ()
              write nanf
              let error = raised<InvalidInputException> load
              Expect.equal error.Findings[0].Where path "where"
              Expect.stringContains error.Findings[0].What "(NaN) in 'weight'" "what"
          }
          test "every tensor is aligned to its own element size, whatever the order given" {
              use folder = new Scratch.Folder()
              let path = folder.File "a.safetensors"
              SafetensorsWriter.Write(path, tensors)
              use file = SafetensorsFile.Open path

              for name in file.Names do
                  let entry = file.Entry name
                  Expect.equal (entry.Offset % int64 (entry.Type.Size())) 0L "entry offset type size"
          }
          test "the same tensors give the same bytes, and the temporary file is gone" {
              use folder = new Scratch.Folder()
              SafetensorsWriter.Write(folder.File "a", tensors, metadata)
              SafetensorsWriter.Write(folder.File "b", tensors, Dictionary(Seq.rev metadata))
              Expect.equal (File.ReadAllBytes(folder.File "b")) (File.ReadAllBytes(folder.File "a")) "bytes of b"
              Expect.equal folder.Names [| "a"; "b" |] "names of folder"
          }
          test "half precision and bfloat16 widen to the exact value" {
              use folder = new Scratch.Folder()
              let path = folder.File "a"
              let half = BitConverter.GetBytes(Half.op_Explicit 0.333f: Half)
              let brain = [| 0x49uy; 0x40uy |] // the upper half of pi

              SafetensorsWriter.Write(
                  path,
                  [| StoredTensor("h", ElementType.Float16, [| 1L |], half)
                     StoredTensor("b", ElementType.BFloat16, [| 1L |], brain) |]
              )

              use file = SafetensorsFile.Open path
              Expect.equal (Seq.exactlyOne (file.Floats "h")) 0.3330078125f "file floats h"
              Expect.equal (Seq.exactlyOne (file.Floats "b")) 3.140625f "file floats b"
          }
          test "asking for a missing tensor or for another kind of number names file and tensor" {
              use folder = new Scratch.Folder()
              let path = folder.File "a"
              SafetensorsWriter.Write(path, tensors)
              use file = SafetensorsFile.Open path
              let missing = raised<InvalidInputException>(fun () -> file.Floats "weight" |> ignore)
              Expect.stringContains missing.Message "'weight'" "message of missing"
              Expect.stringContains missing.Message path "message of missing"
              Expect.throwsT<InvalidInputException> (fun () -> file.Floats "count" |> ignore) "file floats count is refused"
              Expect.throwsT<InvalidInputException> (fun () -> file.Longs "precise" |> ignore) "file longs precise is refused"
          }
          testTheory
              "a header that lies is refused when the file is opened"
              [ "not json", 4
                "[]", 0
                """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4
                """{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}""", 4
                """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4
                """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4
                """{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967297],"data_offsets":[0,4]}}""", 4
                """{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4
                """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4
                """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 4
                """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6
                """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8
                """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8
                """{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4
                """{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4
                """{"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}""", 4
                """{"__metadata__":{"n":1}}""", 0 ]
              (fun (header: string, data: int) ->
                  use folder = new Scratch.Folder()
                  let path = folder.File "bad.safetensors"
                  handmade path header data
                  Expect.equal (refused path).Where path "where of refused path")
          testTheory
              "a broken file from elsewhere is refused by name without a large allocation"
              [ "huge_header.safetensors"; "lying_shape.safetensors"; "truncated.safetensors" ]
              (fun (name: string) ->
                  let path = Fixtures.require [ "parity"; "weights"; name ]
                  let before = GC.GetAllocatedBytesForCurrentThread()
                  Expect.stringEnds (refused path).Where name "where of refused path"
                  Expect.isBetween (GC.GetAllocatedBytesForCurrentThread() - before) 0L 1_000_000L "allocated bytes before")
          test "a missing file is a finding" {
              use folder = new Scratch.Folder()
              Expect.stringContains (refused (folder.File "none.safetensors")).What "cannot be read" "what of refused none.safetensors"
          }
          test "a file is not replaced when writing it fails" {
              use folder = new Scratch.Folder()
              let path = folder.File "a"
              File.WriteAllText(path, "old")

              Expect.throwsT<ArithmeticException>
                  (fun () -> AtomicFile.Write(path, fun _ -> raise (ArithmeticException())))
                  "write path raise fails"

              Expect.equal (File.ReadAllText path) "old" "text of path"
              Expect.equal folder.Names [| "a" |] "names of folder"
              Expect.throwsT<InvalidInputException> (fun () -> AtomicFile.Write(path + "/below/b", ignore)) "write path is refused"
          } ]
