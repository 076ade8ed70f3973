module Falcon.Core.Tests.Data.ShotSamplerTests

open Xunit
open Falcon.Data
open Falcon.Randomness

let private numbered count = [| for i in 0 .. count - 1 -> ImageItem($"{i}", $"{i:D4}", "good", false) |]

let private choose (sampler: ShotSampler) count shots seed =
    [ for image in sampler.Select(numbered count, shots, MasterSeed seed) -> int image.Path ]

[<Theory>]
[<InlineData(391, "224 360 177 154 248")>]
[<InlineData(289, "275 156 69 196 50")>]
let ``the published selections of other categories come out`` (count: int, expected: string) =
    Assert.Equal<int list>([ for position in expected.Split ' ' -> int position ], choose ShotSampler.Default count 5 616L)

[<Fact>]
let ``fewer shots are the beginning of more shots, and no image comes twice`` () =
    Assert.Equal<int list>(choose ShotSampler.Default 40 5 3L, List.take 5 (choose ShotSampler.Default 40 40 3L))
    Assert.Equal<int list>([ 0..39 ], List.sort (choose ShotSampler.Default 40 40 3L))

[<Fact>]
let ``all images come in the order of names whatever the shots`` () =
    Assert.Equal<int list>([ 0..6 ], choose (ShotSampler.AllImages()) 7 2 9L)
    Assert.Equal("all images", string (ShotSampler.AllImages()))
