module Falcon.Core.Tests.Methods.FourierTests

open System
open System.Numerics
open Expecto
open Falcon.Tests
open TorchSharp
open Falcon.Methods

let private map (seed: uint64) (height: int64) (width: int64) =
    use generator = new torch.Generator(seed)
    torch.rand ([| height; width |], generator = generator, dtype = torch.ScalarType.Float64)

[<Tests>]
let tests =
    testList
        "Fourier transform"
        [ testTheory
              "the transform is the sum over all positions, and its inverse gives the map back"
              [ 4L, 6L; 5L, 7L; 1L, 1L; 3L, 2L ]
              (fun (height: int64, width: int64) ->
                  use scope = torch.NewDisposeScope()
                  let x = map 1UL height width
                  let values = x.data<float>().ToArray()
                  let struct (real, imaginary) = RealFourier.Forward x

                  for u in 0L .. height - 1L do
                      for v in 0L .. width / 2L do
                          let mutable sum = Complex.Zero

                          for y in 0L .. height - 1L do
                              for x in 0L .. width - 1L do
                                  let turns = float (u * y) / float height + float (v * x) / float width
                                  sum <- sum + Complex.FromPolarCoordinates(values[int (y * width + x)], -2.0 * Math.PI * turns)

                          Expect.floatClose (within 5e-10) (real[u, v].ToDouble()) sum.Real "real u v"
                          Expect.floatClose (within 5e-10) (imaginary[u, v].ToDouble()) sum.Imaginary "imaginary u v"

                  let back = RealFourier.Inverse(real, imaginary, width).data<float>().ToArray()

                  Array.iter2
                      (fun (expected: float) (actual: float) -> Expect.floatClose (within 5e-10) actual expected "actual")
                      values
                      back)
          test "the low-pass filter keeps a constant map and nearly removes a checkerboard" {
              use _ = torch.NewDisposeScope()
              let constant = torch.ones ([| 32L; 32L |])

              Expect.isLessThan
                  ((LowPassFilter.Of(constant, 2.0, 1, false) - constant).abs().max().ToDouble())
                  1e-5
                  "low pass filter constant 2.0 1"

              let board = torch.tensor (Array.init (32 * 32) (fun i -> if (i / 32 + i % 32) % 2 = 0 then 1.0f else -1.0f), 32L, 32L)
              Expect.isLessThan (LowPassFilter.Of(board, 2.0, 1, false).abs().max().ToDouble()) 1e-3 "low pass filter board 2.0 1"
          } ]
