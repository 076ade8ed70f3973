// A step of Adam on parameters like those of FALCON's student, autoencoder and fusion: Falcon's, on one flat tensor, beside TorchSharp's loop over parameters.
//   dotnet fsi tests/bench/optimiser.fsx [STEPS]
#r "../../artifacts/publish/Falcon.Cli/release/Falcon.Core.dll"
#r "../../artifacts/publish/Falcon.Cli/release/TorchSharp.dll"

open System
open System.Diagnostics
open Falcon.Training
open TorchSharp

let steps = fsi.CommandLineArgs |> Array.tryItem 1 |> Option.map int |> Option.defaultValue 60
ComputeThreads.Use ComputeThreads.Cores

let convolution (inputs: int64) (outputs: int64) = [ [| outputs; inputs; 3L; 3L |]; [| outputs |] ]
let norm (channels: int64) = [ [| channels |]; [| channels |] ]

let shapes =
    [ yield! convolution 128L 128L @ norm 128L @ convolution 128L 256L
      yield! convolution 128L 64L @ norm 64L @ convolution 64L 64L @ norm 64L @ convolution 64L 32L
      yield! convolution 32L 64L @ norm 64L @ convolution 64L 256L
      yield! convolution 512L 256L @ norm 256L @ convolution 256L 256L ]

let parameters () =
    [ for shape in shapes do
          let parameter = new Modules.Parameter(torch.randn shape)
          parameter.grad <- torch.randn shape
          parameter ]

let median (step: unit -> unit) =
    let times =
        [| for _ in 1..steps do
               let watch = Stopwatch.StartNew()
               step ()
               watch.Elapsed.TotalMilliseconds |]

    (Array.sort times)[steps / 2]

let flat = new AdamOptimiser(parameters (), 0.9, 0.99, 1e-5, LearningRate = 3e-4)
let loop = torch.optim.Adam(parameters (), 3e-4, 0.9, 0.99, weight_decay = 1e-5)

for _ in 1..3 do
    printfn "flat %.2f ms, loop %.2f ms" (median flat.Step) (median (fun () -> loop.step () |> ignore))
