module Falcon.Core.Tests.Weights.SafetensorsTests

open System
open System.Collections.Generic
open System.IO
open System.Text
open Xunit
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
    Assert.Throws<InvalidInputException>(fun () -> (SafetensorsFile.Open path).Dispose()).Findings
    |> Assert.Single

[<Fact>]
let ``what was written is read back: names in their order, types, shapes, values, metadata`` () =
    use folder = new Scratch.Folder()
    let path = folder.File "a.safetensors"
    SafetensorsWriter.Write(path, tensors, metadata)
    use file = SafetensorsFile.Open path
    Assert.Equal<string seq>([ "bytes"; "layer.weight"; "count"; "precise"; "nothing" ], file.Names)
    Assert.Equal<int64 seq>([ 2L; 3L ], file.Entry("layer.weight").Shape)
    Assert.Equal(ElementType.UInt8, file.Entry("bytes").Type)
    Assert.Equal<float32 array>([| 1.5f; -2.0f; 0.25f; Single.Epsilon; 4.0f; 5.0f |], file.Floats "layer.weight")
    Assert.Equal<int64 array>([| 1L; 2L; 255L |], file.Longs "bytes")
    Assert.Equal<int64 array>([| 42L |], file.Longs "count")
    Assert.Equal<float array>([| Math.PI |], file.Doubles "precise")
    Assert.Empty(file.Floats "nothing")
    Assert.Equal("a \"quoted\" text", file.Metadata["title"])
    Assert.Equal("ä", file.Metadata["author"])

[<Fact>]
let ``every tensor is aligned to its own element size, whatever the order given`` () =
    use folder = new Scratch.Folder()
    let path = folder.File "a.safetensors"
    SafetensorsWriter.Write(path, tensors)
    use file = SafetensorsFile.Open path

    for name in file.Names do
        let entry = file.Entry name
        Assert.Equal(0L, entry.Offset % int64 (entry.Type.Size()))

[<Fact>]
let ``the same tensors give the same bytes, and the temporary file is gone`` () =
    use folder = new Scratch.Folder()
    SafetensorsWriter.Write(folder.File "a", tensors, metadata)
    SafetensorsWriter.Write(folder.File "b", tensors, Dictionary(Seq.rev metadata))
    Assert.Equal<byte array>(File.ReadAllBytes(folder.File "a"), File.ReadAllBytes(folder.File "b"))
    Assert.Equal<string array>([| "a"; "b" |], folder.Names)

[<Fact>]
let ``half precision and bfloat16 widen to the exact value`` () =
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
    Assert.Equal(0.3330078125f, Assert.Single(file.Floats "h"))
    Assert.Equal(3.140625f, Assert.Single(file.Floats "b"))

[<Fact>]
let ``asking for a missing tensor or for another kind of number names file and tensor`` () =
    use folder = new Scratch.Folder()
    let path = folder.File "a"
    SafetensorsWriter.Write(path, tensors)
    use file = SafetensorsFile.Open path
    let missing = Assert.Throws<InvalidInputException>(fun () -> file.Floats "weight" |> ignore)
    Assert.Contains("'weight'", missing.Message)
    Assert.Contains(path, missing.Message)
    Assert.Throws<InvalidInputException>(fun () -> file.Floats "count" |> ignore) |> ignore
    Assert.Throws<InvalidInputException>(fun () -> file.Longs "precise" |> ignore) |> ignore

[<Theory>]
[<InlineData("not json", 4)>]
[<InlineData("[]", 0)>]
[<InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4)>]
[<InlineData("""{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}""", 4)>]
[<InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4)>]
[<InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4)>]
[<InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967297],"data_offsets":[0,4]}}""", 4)>]
[<InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4)>]
[<InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4)>]
[<InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 4)>]
[<InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6)>]
[<InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8)>]
[<InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8)>]
[<InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4)>]
[<InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4)>]
[<InlineData("""{"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}""", 4)>]
[<InlineData("""{"__metadata__":{"n":1}}""", 0)>]
let ``a header that lies is refused when the file is opened`` (header: string, data: int) =
    use folder = new Scratch.Folder()
    let path = folder.File "bad.safetensors"
    handmade path header data
    Assert.Equal(path, (refused path).Where)

[<Theory>]
[<InlineData("huge_header.safetensors")>]
[<InlineData("lying_shape.safetensors")>]
[<InlineData("truncated.safetensors")>]
let ``a broken file from elsewhere is refused by name without a large allocation`` (name: string) =
    let path = Fixtures.require [ "parity"; "weights"; name ]
    let before = GC.GetAllocatedBytesForCurrentThread()
    Assert.EndsWith(name, (refused path).Where)
    Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0L, 1_000_000L)

[<Fact>]
let ``a missing file is a finding`` () =
    use folder = new Scratch.Folder()
    Assert.Contains("cannot be read", (refused (folder.File "none.safetensors")).What)

[<Fact>]
let ``a file is not replaced when writing it fails`` () =
    use folder = new Scratch.Folder()
    let path = folder.File "a"
    File.WriteAllText(path, "old")

    Assert.Throws<ArithmeticException>(fun () -> AtomicFile.Write(path, fun _ -> raise (ArithmeticException())))
    |> ignore

    Assert.Equal("old", File.ReadAllText path)
    Assert.Equal<string array>([| "a" |], folder.Names)
    Assert.Throws<InvalidInputException>(fun () -> AtomicFile.Write(path + "/below/b", ignore)) |> ignore
