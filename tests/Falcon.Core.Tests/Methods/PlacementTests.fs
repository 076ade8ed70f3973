/// Devices, without having two: whatever names no device is made on libtorch's `meta` device here, whose tensors nothing else can compute with.
module Falcon.Core.Tests.Methods.PlacementTests

open System
open Expecto
open Falcon.Backbones
open Falcon.Engine
open Falcon.Methods
open Falcon.Randomness
open Falcon.Tests
open Falcon.Training
open TorchSharp

let private pixels (options: MethodOptions) =
    use generator = new torch.Generator(5UL)
    let sides = options.Preprocessing
    torch.rand ([| 2L; 3L; int64 sides.Height; int64 sides.Width |], generator = generator)

/// While an action runs, tensors that name no device are made where they cannot be used.
let private elsewhere (action: unit -> 'value) =
    torch.set_default_device (torch.device "meta")

    try
        action ()
    finally
        torch.set_default_device torch.CPU

let private variants =
    MethodsTests.all
    @ [ "FALCON, augmented views", FalconOptions(InputSize = 64, Epochs = 2, AugmentedViews = true)
        "FALCON, noise pool", FalconOptions(InputSize = 64, Epochs = 2, NoisePool = 2)
        "PatchCore, projected", PatchCoreOptions(InputSize = 64, Projection = 16) ]

let private states (network: AnomalyNetwork) =
    [ for struct (prefix, part) in network.Parts do
          for entry in part.state_dict () -> $"{prefix}.{entry.Key}", entry.Value ]

/// The default device is the whole process's.
[<Tests>]
let tests =
    testSequenced (
        testList
            "Placement"
            [ testList
                  "training and maps name the device of every tensor they make"
                  [ for name, options in variants ->
                        test name {
                            use _ = torch.NewDisposeScope()
                            use teacher = MethodsTests.teacher options
                            use network = options.CreateNetwork(teacher, MasterSeed 3L)
                            let pixels = pixels options
                            let kept = pixels.clone ()

                            elsewhere (fun () ->
                                use images = TrainingImages.Of(options.TrainingNeeds, teacher, kept, [ "a"; "b" ])
                                use run = network.StartTraining(images, MasterSeed 3L)
                                network.Train true

                                if options.Plan.TakesSteps then
                                    for step in 0L .. 1L do
                                        let batch = [| 0; 1 |]
                                        run.Step(TrainingMoment(0, 1, int step, 2), ReadOnlySpan batch, StepClock()) |> ignore

                                network.Train false
                                run.Finish()
                                let map = network.Map pixels
                                Expect.equal map.device_type DeviceType.CPU "device of the map"
                                Expect.isTrue (Seq.forall Single.IsFinite (map.data<float32>())) "the map")

                            for name, value in states network do
                                Expect.equal value.device_type DeviceType.CPU name
                        } ]
              testList
                  "a network that was moved computes with what it holds"
                  [ for name, options in variants ->
                        test name {
                            use _ = torch.NewDisposeScope()
                            use teacher = MethodsTests.teacher options
                            use network = options.CreateNetwork(teacher, MasterSeed 3L)
                            let pixels = pixels options

                            if not options.Plan.TakesSteps then
                                use images = TrainingImages.Of(options.TrainingNeeds, teacher, pixels.clone (), [ "a"; "b" ])
                                network.Learn(options.Plan, images, MasterSeed 3L) |> ignore

                            network.Train false
                            let before = network.Map(pixels).data<float32>().ToArray()

                            for struct (_, part) in network.Parts do
                                part.``to`` (torch.ScalarType.Float64) |> ignore

                            for name, value in states network do
                                Expect.isTrue (value.dtype = torch.ScalarType.Float64 || value.dtype = torch.ScalarType.Int64) name

                            for struct (_, part) in network.Parts do
                                part.``to`` (torch.ScalarType.Float32) |> ignore

                            Expect.equal (network.Map(pixels).data<float32>().ToArray()) before "the map"
                        } ]
              test "a network is made where its teacher is" {
                  for name, options in variants do
                      use teacher =
                          Teacher.Random(Seq.head options.Teachers, MasterSeed 1L, options.DeepestTap, device = torch.device "meta")

                      use network = options.CreateNetwork(teacher, MasterSeed 3L)

                      for tensor, value in states network do
                          Expect.equal value.device_type DeviceType.META $"{name}: {tensor}"
              }
              test "a tensor that is there already is not copied" {
                  use tensor = torch.ones 3L
                  Expect.isTrue (obj.ReferenceEquals(tensor.PlacedOn torch.CPU, tensor)) "the tensor itself"
              } ]
    )
