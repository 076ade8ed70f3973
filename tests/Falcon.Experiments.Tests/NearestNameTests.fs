module Falcon.Experiments.Tests.NearestNameTests

open Falcon.Experiments
open FsCheck
open FsCheck.FSharp
open Expecto

[<Tests>]
let tests =
    testList
        "Nearest name"
        [ testTheory
              "a mistyped word finds the name that was meant"
              [ "trian", "train"; "Predcit", "predict"; "evla", "eval" ]
              (fun (word, expected) ->
                  Expect.equal
                      (NearestName.find [ "train"; "predict"; "eval"; "data synth" ] word)
                      (Some expected)
                      "find train predict eval data synth")
          test "a word unlike every name finds none" {
              Expect.equal (NearestName.find [ "train"; "predict"; "eval" ] "frobnicate") None "find train predict eval frobnicate"
          }
          testProperty "a distance is symmetric and counts one for a dropped letter" (fun (NonEmptyString a) (NonEmptyString b) ->
              NearestName.distance a b = NearestName.distance b a && NearestName.distance (a + "x") a = 1) ]
