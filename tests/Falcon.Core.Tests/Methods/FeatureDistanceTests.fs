module Falcon.Core.Tests.Methods.FeatureDistanceTests

open Expecto
open Falcon.Methods
open Falcon.Randomness
open TorchSharp

type private Distance = torch.Tensor -> torch.Tensor -> torch.Tensor

/// As autograd differentiates the plain formula.
let private plain: (string * Distance * Distance) list =
    let cosine (a: torch.Tensor) (b: torch.Tensor) = torch.nn.functional.cosine_similarity (a, b, dim = 1L, eps = 1e-8)

    [ "units",
      (fun a b -> (FeatureDistance.Unit a - FeatureDistance.Unit b).square().sum [| 1L |]),
      (fun a b -> FeatureDistance.OfUnits(a, b))
      "cosine", (fun a b -> 1.0.ToScalar() - cosine a b), (fun a b -> FeatureDistance.Cosine(a, b)) ]

let private channelsLast (tensor: torch.Tensor) = tensor.permute(0L, 2L, 3L, 1L).contiguous().permute(0L, 3L, 1L, 2L)

[<Tests>]
let tests =
    testList
        "Feature distances"
        [ for name, wanted, given in plain do
              test
                  $"distance and gradients of {name} are those of the plain formula, whatever the layout, whichever side learns, zeros included" {
                  use _ = torch.NewDisposeScope()
                  use generator = new torch.Generator(MasterSeed(3L).StreamSeed("distances"))
                  let draw () = torch.randn ([| 3L; 5L; 4L; 2L |], torch.ScalarType.Float64, generator = generator)
                  let a, b, weight = draw (), draw (), torch.randn ([| 3L; 4L; 2L |], torch.ScalarType.Float64, generator = generator)
                  // A vector of zeros on the side that does not learn, as ReLU leaves them.
                  a[0].select(2, 0L).zero_() |> ignore

                  for learnt in [ [ false; true ]; [ true; true ] ] do
                      for lay in [ id; channelsLast ] do
                          let gradients (distance: Distance) =
                              let sides =
                                  List.map2
                                      (fun (x: torch.Tensor) learns -> (lay x).clone().detach().requires_grad_(learns))
                                      [ a.narrow (0, 1L, 2L); b.narrow (0, 1L, 2L) ]
                                      learnt

                              let value = distance sides[0] sides[1]
                              (value * weight.narrow (0, 1L, 2L)).sum().backward()

                              value
                              :: [ for side in sides do
                                       if side.requires_grad then nonNull side.grad ]

                          for one, other in List.zip (gradients wanted) (gradients given) do
                              Expect.isTrue (one.allclose (other, 1e-9, 1e-12)) $"{name}, {learnt}"

                  use _ = torch.no_grad ()
                  Expect.isTrue ((wanted a b).allclose(given a b, 1e-9, 1e-12)) $"{name}, zeros"
              } ]
