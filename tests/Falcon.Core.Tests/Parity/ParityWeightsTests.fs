module Falcon.Core.Tests.Parity.ParityWeightsTests

open Expecto
open Falcon.Tests
open TorchSharp
open Falcon.Backbones
open Falcon.Parity

[<Tests>]
let tests =
    testList
        "Parity weights"
        [ test "the hash and the uniform numbers are those of the rule's check values" {
              let hash = ParityWeights.Hash "conv1.weight"
              Expect.equal hash 0x69A29A2CEE47D254UL "hash"

              for index, expected in List.indexed [ 0.54507494; 0.74516171; 0.02292168; 0.73619777 ] do
                  Expect.floatClose (within 5e-9) (ParityWeights.Uniform(hash, int64 index)) expected "uniform hash index"
          }
          testTheory
              "a vector's range follows from the last part of its name"
              [ "a.running_mean", -0.1, 0.1; "a.running_var", 0.75, 1.25; "a.weight", 0.9, 1.1; "a.bias", -0.1, 0.1 ]
              (fun (key: string, low: float, high: float) ->
                  use tensor = ParityWeights.Tensor(key, 5000L)
                  let values = tensor.data<float32>().ToArray()
                  Expect.isBetween (float (Array.min values)) (low - 1e-7) (low + 1e-3) "min values"
                  Expect.isBetween (float (Array.max values)) (high - 1e-3) (high + 1e-7) "max values")
          test "a matrix is bounded by the root of six over its inputs, and a batch counter is an integer zero" {
              use matrix = ParityWeights.Tensor("fc.weight", 100L, 24L)
              let values = matrix.data<float32>().ToArray()
              Expect.isBetween (float (Array.max values)) 0.499 0.5 "max values"
              Expect.isBetween (float (Array.min values)) (-0.5) (-0.499) "min values"

              Expect.floatClose
                  (within 5e-8)
                  (float values[2399])
                  ((2.0 * ParityWeights.Uniform(ParityWeights.Hash "fc.weight", 2399L) - 1.0) * 0.5)
                  "values 2399"

              use counter = ParityWeights.Tensor("bn.num_batches_tracked")
              Expect.equal counter.dtype torch.ScalarType.Int64 "dtype of counter"
              Expect.equal (counter.item<int64>()) 0L "counter"
          }
          test "filling sets every tensor of a module by its prefixed name" {
              use network = new ResNet(BackboneCatalog.Find "resnet18", BackboneTap.Layer1)
              ParityWeights.Fill(network, "teacher.")

              for entry in network.state_dict () do
                  use expected = ParityWeights.Tensor("teacher." + entry.Key, entry.Value.shape)
                  Expect.isTrue (torch.allclose (expected, entry.Value, rtol = 0.0, atol = 0.0)) entry.Key
          } ]
