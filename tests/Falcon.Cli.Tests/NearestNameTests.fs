module Falcon.Cli.Tests.NearestNameTests

open Falcon.Cli
open FsCheck
open FsCheck.FSharp
open Xunit

[<Theory>]
[<InlineData("trian", "train")>]
[<InlineData("Predcit", "predict")>]
[<InlineData("evla", "eval")>]
let ``a mistyped word finds the name that was meant`` word expected =
    Assert.Equal(Some expected, NearestName.find [ "train"; "predict"; "eval"; "bench step" ] word)

[<Fact>]
let ``a word unlike every name finds none`` () = Assert.Equal(None, NearestName.find [ "train"; "predict"; "eval" ] "frobnicate")

[<Fact>]
let ``a distance is symmetric and counts one for a dropped letter`` () =
    let symmetric (NonEmptyString a) (NonEmptyString b) = NearestName.distance a b = NearestName.distance b a
    let dropped (NonEmptyString a) = NearestName.distance (a + "x") a = 1
    Check.QuickThrowOnFailure symmetric
    Check.QuickThrowOnFailure dropped
