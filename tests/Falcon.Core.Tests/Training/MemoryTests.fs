/// Threads and memory of trainings.
module Falcon.Core.Tests.Training.MemoryTests

open System
open System.Diagnostics
open System.Runtime.InteropServices
open System.Threading
open Expecto
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Methods
open Falcon.Randomness
open Falcon.Tests
open Falcon.Training
open Falcon.Weights
open TorchSharp

/// Gives free pages back to the system: how many the C library keeps depends on how its blocks happen to lie.
[<DllImport "libc">]
extern int private malloc_trim(unativeint pad)

let private settled () =
    for _ in 1..3 do
        GC.Collect()
        GC.WaitForPendingFinalizers()

    if OperatingSystem.IsLinux() then malloc_trim 0un |> ignore

let private resident () =
    use self = Process.GetCurrentProcess()
    self.WorkingSet64

/// Tells how many tensors finalisers have freed: TorchSharp counts by thread.
type private Finalised() =
    static member val private Count = 0L with get, set

    override _.Finalize() =
        let tensors = DisposeScopeManager.Statistics.TensorStatistics
        Finalised.Count <- tensors.DisposedOutsideScopeCount + tensors.DisposedInScopeCount

    static member tensors() =
        settled ()
        Finalised() |> ignore
        settled ()
        Finalised.Count

let private images (options: MethodOptions) teacher =
    use generator = new torch.Generator(5UL)
    TrainingImages.Of(options.TrainingNeeds, teacher, torch.rand ([| 2L; 3L; 64L; 64L |], generator = generator), [ "a"; "b" ])

/// Live tensors and resident bytes are the whole process's, and so is the number of threads.
[<Tests>]
let tests =
    testSequenced (
        testList
            "Threads and memory"
            [ testTheory
                  "a training leaves no tensor behind, and none to the garbage collector, which frees it even while libtorch reads it"
                  [ "STPM"; "FALCON"; "PatchCore" ]
                  (fun (method: string) ->
                      let options: MethodOptions =
                          match method with
                          | "STPM" -> StpmOptions(InputSize = 64, Epochs = 2, BatchSize = 2)
                          | "FALCON" -> FalconOptions(InputSize = 64, Epochs = 2)
                          | _ -> PatchCoreOptions(InputSize = 64, Backbone = "resnet18")

                      use scratch = new Scratch.Folder()
                      use teacher = Teacher.Random("resnet18", MasterSeed 1L)
                      use images = images options teacher
                      let file = scratch.File "weights.safetensors"
                      // Networks are made before: TorchSharp counts each parameter that is made twice.
                      use network = options.CreateNetwork(teacher, MasterSeed 3L)
                      use loaded = options.CreateNetwork(teacher, MasterSeed 4L)

                      // A training that is interrupted after its first epoch, and what is saved of it.
                      let train () =
                          let checkpoint () = TrainingCheckpoint(scratch.File "checkpoint", TimeSpan.FromHours 1.0)
                          use cancellation = new CancellationTokenSource()

                          let cancelling =
                              { new IProgress<TrainingProgress> with
                                  member _.Report progress = if progress.Epoch = 1 then cancellation.Cancel() }

                          let learn progress cancellation =
                              network.Learn(options.Plan, images, MasterSeed 3L, checkpoint (), progress, cancellation) |> ignore

                          try
                              learn cancelling cancellation.Token
                          with :? OperationCanceledException ->
                              learn null CancellationToken.None

                          SafetensorsWriter.Write(
                              file,
                              [| for struct (prefix, part) in network.Parts do
                                     yield! StateDict.Tensors(part, $"{prefix}.") |]
                          )

                          use saved = WeightFile.Open file
                          loaded.Load saved

                      /// How many tensors the garbage collector freed meanwhile, and how many more there are.
                      let changes () =
                          let freed, live = Finalised.tensors (), torch.Tensor.TotalCount
                          train ()
                          Finalised.tensors () - freed, torch.Tensor.TotalCount - live

                      train ()
                      // What tests before have left may be freed meanwhile, but only once.
                      let first = changes ()

                      Expect.equal
                          (if first = (0L, 0L) then first else changes ())
                          (0L, 0L)
                          "tensors freed by the garbage collector, and left")
              test "networks and teachers that are disposed leave no memory behind" {
                  let make count =
                      for _ in 1..count do
                          for options in [ StpmOptions(InputSize = 64) :> MethodOptions; FalconOptions(InputSize = 64) ] do
                              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
                              use network = options.CreateNetwork(teacher, MasterSeed 3L)
                              network.Train false

                      settled ()

                  make 5
                  let bytes = resident ()
                  make 20
                  // The weights of one round are 44 MB.
                  Expect.isLessThan (resident () - bytes) (60L <<< 20) "growth in bytes"
              }
              test "what a network keeps of images is freed with it, also what is not saved" {
                  use values = torch.ones 2L
                  use fitted = new FittedTensors()
                  fitted.Keep("saved", values, torch.CPU)
                  fitted.Keep("unsaved", values, torch.CPU, persistent = false)
                  let kept = [ for name in [ "saved"; "unsaved" ] -> nonNull (fitted.get_buffer name) ]
                  Falcon.Engine.ModuleMemory.Release fitted
                  Expect.equal [ for tensor in kept -> tensor.IsInvalid ] [ true; true ] "whether they are freed"
              }
              test "hundreds of steps leave neither tensors nor memory behind" {
                  let options = FalconOptions(InputSize = 64, Epochs = 1)
                  use teacher = Teacher.Random("resnet18", MasterSeed 1L)
                  use images = images options teacher
                  use network = options.CreateNetwork(teacher, MasterSeed 3L)
                  network.Train true
                  use run = network.StartTraining(images, MasterSeed 3L)
                  let batch = [| 0 |]

                  let steps first count =
                      for step in first .. first + count - 1 do
                          run.Step(TrainingMoment(step, 500, 0, 1), ReadOnlySpan batch, StepClock()) |> ignore

                  steps 0 100
                  settled ()
                  let tensors, bytes = torch.Tensor.TotalCount, resident ()
                  steps 100 400
                  settled ()
                  Expect.equal torch.Tensor.TotalCount tensors "live tensors"
                  Expect.isLessThan (resident () - bytes) (32L <<< 20) "growth in bytes"
              }
              test "a number outlives the object that TorchSharp forgets while libtorch reads it" {
                  if not (OperatingSystem.IsLinux()) then
                      skiptest "The life of numbers is extended on Linux only."

                  use network = torch.nn.Linear(2L, 2L)
                  Falcon.Engine.ModuleMemory.Keep network
                  Expect.isTrue Falcon.Engine.ScalarLifetime.IsExtended "whether numbers live longer"

                  let handle (scalar: Scalar) =
                      let flags = Reflection.BindingFlags.Instance ||| Reflection.BindingFlags.NonPublic ||| Reflection.BindingFlags.Public

                      typeof<Scalar>.GetProperty("Handle", flags)
                      |> Option.ofObj
                      |> Option.map (fun property -> property.GetValue scalar)
                      |> Option.defaultWith (fun () -> (nonNull (typeof<Scalar>.GetField("handle", flags))).GetValue scalar)
                      |> unbox<nativeint>

                  let bytes address = [ for i in 0..31 -> Runtime.InteropServices.Marshal.ReadByte(address, i) ]
                  let freed = Scalar.op_Implicit 0.25
                  let address = handle freed
                  let before = bytes address
                  freed.Dispose()
                  let later = [ for i in 1..100 -> Scalar.op_Implicit (float i) ]
                  Expect.equal (bytes address) before "what libtorch would read"
                  later |> List.iter _.Dispose()
              }
              test "an optimiser's step has the same bits with one thread and with two" {
                  let threads = torch.get_num_threads ()

                  let stepped count =
                      use _ = torch.NewDisposeScope()
                      ComputeThreads.Use count
                      use generator = new torch.Generator(4UL)
                      let parameter = new Modules.Parameter(torch.randn ([| 1_000_003L |], generator = generator))
                      use optimiser = new AdamOptimiser([ parameter ], weightDecay = 1e-5, LearningRate = 1e-3)
                      parameter.grad <- torch.randn ([| 1_000_003L |], generator = generator)
                      optimiser.Step()
                      optimiser.Step()
                      parameter.data<float32>().ToArray()

                  try
                      Expect.equal (stepped 1) (stepped 2) "values"
                  finally
                      ComputeThreads.Use threads
              }
              test "the number of threads holds on threads of .NET that come later" {
                  let threads = torch.get_num_threads ()

                  try
                      ComputeThreads.Use 2
                      let elsewhere = ref 0

                      let thread =
                          Threading.Thread(fun () ->
                              use sum = torch.ones(100_000L).sum()
                              elsewhere.Value <- torch.get_num_threads ())

                      thread.Start()
                      thread.Join()
                      Expect.equal elsewhere.Value 2 "threads"
                  finally
                      ComputeThreads.Use threads
              } ]
    )
