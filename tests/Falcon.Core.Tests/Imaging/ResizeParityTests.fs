module Falcon.Core.Tests.Imaging.ResizeParityTests

open Xunit
open Falcon.Core.Tests
open Falcon.Parity

[<Fact>]
let ``resizing and image files agree with the fixtures`` () =
    let results = ResizeParity().Replay(Fixtures.require [ "parity"; "resize" ]) |> List.ofSeq
    Assert.True(results.Length > 40, $"only {results.Length} comparisons")
    Assert.Empty(results |> List.filter (fun result -> not result.Passed))

[<Fact>]
let ``resizing is equal to Pillow to the last bit`` () =
    let results = ResizeParity().Replay(Fixtures.require [ "parity"; "resize" ])
    Assert.All(results |> Seq.filter (fun result -> result.File = "resize.safetensors"), (fun result -> Assert.Equal(0.0, result.Error)))
