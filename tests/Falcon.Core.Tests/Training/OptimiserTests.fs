module Falcon.Core.Tests.Training.OptimiserTests

open System
open Expecto
open Falcon.Core.Tests
open Falcon.Tests
open Falcon.Training
open Falcon.Weights
open TorchSharp
open TorchSharp.Modules

let private shapes = [ [| 64L; 32L; 3L; 3L |]; [| 64L |]; [| 7L; 5L |]; [| 700_001L |]; [| 1L |] ]

let private draw seed =
    use generator = new torch.Generator(uint64 seed)
    [ for shape in shapes -> torch.randn (shape, generator = generator) ]

let private parameters () = [ for values in draw 1 -> new Parameter(values) ]

/// Gradients as a backward pass adds them to what is there.
let private give (gradients: torch.Tensor list) (parameters: Parameter list) =
    for gradient, parameter in List.zip gradients parameters do
        match parameter.grad with
        | null -> parameter.grad <- gradient.clone ()
        | held -> held.add_ gradient |> ignore

let private values (parameters: Parameter list) = [ for parameter in parameters -> parameter.data<float32>().ToArray() ]

let private follow steps (own: Optimiser) (theirs: torch.optim.Optimizer) ours (reference: Parameter list) =
    for step in steps do
        let gradients = draw step
        own.ZeroGradients()
        theirs.zero_grad ()
        give gradients ours
        give gradients reference
        own.Step()
        theirs.step () |> ignore

let private adam parameters = new AdamOptimiser(parameters, 0.8, 0.95, 1e-2, LearningRate = 3e-3)

let private saved (scratch: Scratch.Folder) (optimiser: Optimiser) =
    let path = scratch.File "state.safetensors"
    SafetensorsWriter.Write(path, Array.ofSeq (optimiser.Tensors "a."))
    path

[<Tests>]
let tests =
    testList
        "Optimisers"
        [ test "Adam on one flat tensor has the bits of the loop over parameters" {
              use _ = torch.NewDisposeScope()
              let ours, reference = parameters (), parameters ()
              use own = adam ours
              use theirs = torch.optim.Adam(reference, 3e-3, 0.8, 0.95, weight_decay = 1e-2)
              follow [ 2..12 ] own theirs ours reference
              Expect.equal (values ours) (values reference) "values after eleven steps"
          }
          test "Adam that divides by the largest mean of squares so far is libtorch's amsgrad" {
              use _ = torch.NewDisposeScope()
              let ours, reference = parameters (), parameters ()
              use own = new AdamOptimiser(ours, 0.8, 0.95, 1e-2, amsgrad = true, LearningRate = 3e-3)
              use theirs = torch.optim.Adam(reference, 3e-3, 0.8, 0.95, weight_decay = 1e-2, amsgrad = true)
              follow [ 2..12 ] own theirs ours reference
              Expect.equal (values ours) (values reference) "values after eleven steps"
          }
          test "momentum on one flat tensor has the bits of the loop over parameters" {
              use _ = torch.NewDisposeScope()
              let ours, reference = parameters (), parameters ()
              use own = new SgdOptimiser(ours, 0.9, 1e-3, LearningRate = 0.1)
              use theirs = torch.optim.SGD(reference, 0.1, 0.9, weight_decay = 1e-3)
              follow [ 2..12 ] own theirs ours reference
              Expect.equal (values ours) (values reference) "values after eleven steps"
          }
          test "rate and beta of a step count for it" {
              use _ = torch.NewDisposeScope()
              let slow, still = parameters (), parameters ()
              use moving = adam slow
              use staying = adam still
              staying.LearningRate <- 0.0
              give (draw 2) slow
              give (draw 2) still
              moving.Step()
              staying.Step()
              Expect.equal (values still) (values (parameters ())) "values at the rate 0"
              Expect.notEqual (values slow) (values still) "values at a rate"
          }
          test "parameters stay the objects that modules hold, and what has no gradient at the first step stays as it is" {
              use _ = torch.NewDisposeScope()
              use layer = torch.nn.Linear(3L, 2L)
              use left = torch.nn.Linear(3L, 2L)
              let before = left.weight.data<float32>().ToArray()
              use optimiser = adam (Seq.append (layer.parameters ()) (left.parameters ()))

              for _ in 1..3 do
                  optimiser.ZeroGradients()
                  (layer.call (torch.ones (4L, 3L))).sum().backward()
                  optimiser.Step()

              let expected = torch.nn.functional.linear (torch.ones (4L, 3L), layer.weight, layer.bias)
              Expect.equal (layer.call(torch.ones (4L, 3L)).data<float32>().ToArray()) (expected.data<float32>().ToArray()) "output"
              Expect.equal (left.weight.data<float32>().ToArray()) before "weights without gradient"
              (left.call (torch.ones (4L, 3L))).sum().backward()
              raised<InvalidOperationException> optimiser.Step |> ignore
          }
          test "saved and loaded, it goes on with the same bits" {
              use _ = torch.NewDisposeScope()
              use scratch = new Scratch.Folder()
              let straight, interrupted = parameters (), parameters ()
              use first = adam straight
              use second = adam interrupted

              for step in 2..4 do
                  for optimiser, parameters in [ first, straight; second, interrupted ] do
                      optimiser.ZeroGradients()
                      give (draw step) parameters
                      optimiser.Step()

              let path = saved scratch second
              let resumed = [ for parameter in interrupted -> new Parameter(parameter.detach().clone()) ]
              use third = adam resumed
              use file = SafetensorsFile.Open path
              third.Load(file, "a.")

              for optimiser, parameters in [ first, straight; third, resumed ] do
                  optimiser.ZeroGradients()
                  give (draw 5) parameters
                  optimiser.Step()

              Expect.equal (values resumed) (values straight) "values"
          }
          test "before its first step it has nothing to go on from" {
              use scratch = new Scratch.Folder()
              use _ = torch.NewDisposeScope()
              use optimiser = adam (parameters ())
              use file = SafetensorsFile.Open(saved scratch optimiser)
              use fresh = adam (parameters ())
              fresh.Load(file, "a.")
              Expect.equal fresh.StepsTaken 0L "steps"
          } ]
