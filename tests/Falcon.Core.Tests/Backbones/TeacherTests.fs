module Falcon.Core.Tests.Backbones.TeacherTests

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open Expecto
open Falcon.Tests
open TorchSharp
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Parity
open Falcon.Randomness
open Falcon.Weights

let private shipped () = Fixtures.require [ "weights"; "resnet18-imagenet-layers123.safetensors" ]

let private input () =
    use generator = new torch.Generator(11UL)
    torch.randn ([| 1L; 3L; 64L; 64L |], generator = generator)

let private doubles (tensor: torch.Tensor) = tensor.``to``(torch.ScalarType.Float64).data<float>().ToArray()

/// A ResNet-18 to layer1, filled by rule, as stored tensors.
let private stored (prefix: string) =
    use network = new ResNet(BackboneCatalog.Find "resnet18", BackboneTap.Layer1)
    ParityWeights.Fill(network, "teacher.")
    StateDict.Tensors(network, prefix)

let private write (path: string) (tensors: StoredTensor seq) = SafetensorsWriter.Write(path, Array.ofSeq tensors)

let private load (path: string) = Teacher.Load(path, "resnet18", BackboneTap.Layer1)

let private findings (path: string) =
    (raised<InvalidInputException>(fun () -> (load path).Dispose())).Findings |> Seq.map _.What |> List.ofSeq

[<Tests>]
let tests =
    testList
        "Teacher"
        [ test "the shared weights load without their missing layer4, and name themselves by digest" {
              use teacher = Teacher.Load(shipped (), "resnet18")

              Expect.equal
                  teacher.Provenance.Sha256
                  "c6fa3d2bd44d97bccd3978c48ce88e2e8f2f617087009f9025320567a3ae78bb"
                  "sha256 of teacher provenance"

              Expect.equal teacher.Provenance.Weights "resnet18-imagenet-layers123.safetensors" "weights of teacher provenance"
              use images = input ()
              let features = teacher.Features(images, [| BackboneTap.Layer3; BackboneTap.Layer1 |])
              Expect.equal features[0].shape [| 1L; 256L; 4L; 4L |] "shape of features 0"
              Expect.equal features[1].shape [| 1L; 64L; 16L; 16L |] "shape of features 1"

              for feature in features do
                  Expect.isTrue (feature.isfinite().all().item<bool>()) "feature isfinite all"
          }
          test "a file without layer4 is refused with two names and the number of the others when layer4 is wanted" {
              let path = shipped ()
              let error = raised<InvalidInputException>(fun () -> Teacher.Load(path, "resnet18", BackboneTap.Layer4).Dispose())

              Expect.hasLength error.Findings 2 "findings"
              Expect.stringContains error.Message "and 23 more of this kind" "message"

              for finding in error.Findings do
                  Expect.stringContains finding.What "lacks 'layer4." "what of finding"
          }
          test "weights of another network are refused with everything that is missing, left over or misshaped" {
              use folder = new Scratch.Folder()
              let path = folder.File "wrong.safetensors"

              stored ""
              |> Seq.filter (fun tensor -> tensor.Name <> "bn1.bias")
              |> Seq.map (fun tensor -> if tensor.Name = "bn1.weight" then StoredTensor.Of("bn1.weight", [| 1.0f; 2.0f |], 2L) else tensor)
              |> Seq.append [ StoredTensor.Of("layer1.2.conv1.weight", [| 1.0f |], 1L) ]
              |> write path

              let what = findings path
              Expect.equal what.Length 3 "number of what"
              Expect.contains what "lacks 'bn1.bias'" "what"
              Expect.contains what "holds 'layer1.2.conv1.weight', which the network lacks" "what"
              Expect.contains what "holds 'bn1.weight' as [2], not [64]" "what"
          }
          testTheory "a common prefix is found and stripped" [ ""; "module."; "state_dict.feature_extractor." ] (fun (prefix: string) ->
              use folder = new Scratch.Folder()
              let path = folder.File "prefixed.safetensors"
              let beside = if prefix = "" then [] else [ StoredTensor.Of("optimizer.step", [| 3L |]) ]
              write path (Seq.append beside (stored prefix))
              use network = new ResNet(BackboneCatalog.Find "resnet18", BackboneTap.Layer1)
              use file = WeightFile.Open path
              StateDict.Load(network, file)

              for entry in network.state_dict () do
                  use expected = ParityWeights.Tensor("teacher." + entry.Key, entry.Value.shape)
                  Expect.equal (doubles entry.Value) (doubles expected) "doubles entry")
          test "two networks that fit equally well are an error that names both prefixes" {
              use folder = new Scratch.Folder()
              let path = folder.File "two.safetensors"
              Seq.append (stored "student.") (stored "teacher.") |> write path
              let what = findings path |> List.exactlyOne
              Expect.stringContains what "'student.'" "what"
              Expect.stringContains what "'teacher.'" "what"
          }
          test "a file of something else says what it begins with" {
              use folder = new Scratch.Folder()
              let path = folder.File "else.safetensors"
              write path [ StoredTensor.Of("embedding", [| 1.0f |], 1L) ]
              Expect.stringContains (findings path |> List.exactlyOne) "embedding" "findings path"
          }
          test "weights stored in half or double precision, and without batch counters, load" {
              use folder = new Scratch.Folder()
              let path = folder.File "double.safetensors"

              stored ""
              |> Seq.filter (fun tensor -> not (tensor.Name.EndsWith "num_batches_tracked"))
              |> Seq.map (fun tensor ->
                  let values = MemoryMarshal.Cast<byte, float32>(tensor.Bytes.Span).ToArray()
                  StoredTensor.Of(tensor.Name, Array.map float values, Array.ofSeq tensor.Shape))
              |> write path

              write (folder.File "single.safetensors") (stored "")
              use fromDouble = load path
              use fromSingle = load (folder.File "single.safetensors")
              use images = input ()
              let features (teacher: Teacher) = doubles (teacher.Features(images, [| BackboneTap.Layer1 |])[0])
              Expect.equal (features fromDouble) (features fromSingle) "features from double"
          }
          test "a random teacher is the same for the same seed and says that it is random" {
              use images = input ()

              let features seed =
                  use teacher = Teacher.Random("resnet18", MasterSeed seed)
                  Expect.stringContains teacher.Provenance.Weights "random" "weights of teacher provenance"
                  Expect.isNull teacher.Provenance.Sha256 "sha256 of teacher provenance"
                  doubles (teacher.Features(images, [| BackboneTap.Layer2 |])[0])

              Expect.equal (features 5L) (features 5L) "features"
              Expect.notEqual (features 6L) (features 5L) "features"
          }
          test "a safetensors tensor is a view of the mapped file, outlives it, and writing to it does not reach the file" {
              use folder = new Scratch.Folder()
              let path = folder.File "mapped.safetensors"
              write path [ StoredTensor.Of("a", [| 1.0f; 2.0f |], 2L); StoredTensor.Of("b", [| 3.0f; 4.0f; 5.0f; 6.0f |], 2L, 2L) ]
              let file = SafetensorsFile.Open path
              use a = file.Tensor "a"
              use b = file.Tensor "b"
              let distance = Unsafe.ByteOffset(&MemoryMarshal.GetReference a.bytes, &MemoryMarshal.GetReference b.bytes)
              Expect.equal (int64 distance) (file.Entry("b").Offset - file.Entry("a").Offset) "distance"
              file.Dispose()
              Expect.equal (b.data<float32>().ToArray()) [| 3.0f; 4.0f; 5.0f; 6.0f |] "b after the file was closed"
              b.zero_ () |> ignore
              use again = SafetensorsFile.Open path
              Expect.equal (again.Floats "b") [| 3.0f; 4.0f; 5.0f; 6.0f |] "again floats b"
          }
          /// Features are kept and shared: they may not tell with which other images, at which place and on how many threads they were
          /// computed.
          testSequenced (
              testTheory
                  "an image's features are the same bits in whatever batch and on however many threads"
                  [ 64; 224 ]
                  (fun (side: int) ->
                      use teacher = Teacher.Random("resnet18", MasterSeed 3L)
                      use generator = new torch.Generator(12UL)
                      use images = torch.randn ([| 9L; 3L; int64 side; int64 side |], generator = generator)
                      let taps = [| BackboneTap.Layer1; BackboneTap.Layer2; BackboneTap.Layer3 |]
                      let threads = torch.get_num_threads ()

                      let features (image: int64) first count =
                          use scope = torch.NewDisposeScope()
                          use features = teacher.SharedFeatures(images.narrow (0, first, count), taps).At(image - first)
                          [ for tap in taps -> features[tap].contiguous().bytes.ToArray() ]

                      try
                          // A single image is seen once: its features are those of the teacher for it alone.
                          let expected =
                              use scope = torch.NewDisposeScope()
                              [ for feature in teacher.Features(images.narrow (0, 4L, 1L), taps) -> feature.bytes.ToArray() ]

                          for threads in [ 1; 2 ] do
                              torch.set_num_threads threads

                              for first, count in [ 4L, 1L; 3L, 2L; 4L, 5L; 0L, 8L; 0L, 9L ] do
                                  Expect.equal (features 4L first count) expected "features first count"
                      finally
                          torch.set_num_threads threads)
          ) ]
