module Falcon.Experiments.Tests.CellKeyTests

open Xunit
open FsCheck
open FsCheck.FSharp
open Falcon.Experiments
open Falcon.Results

let private protocol shots =
    Protocol(shots, "sampler", CheckpointRule.LastEpoch(), ImageScoreReducer.Maximum(), EvaluationSize.Original)

let private inputs =
    { Method = FalconOptions(Epochs = 20)
      Protocol = protocol 2
      Seed = 3
      Teacher = "teacher"
      Training = [ { Name = "train/good/001.png"; Digest = "a" }; { Name = "train/good/000.png"; Digest = "b" } ]
      Test = "test" }

// A change here means that every result computed so far is computed anew: raise a stage's version when that is meant, and mend the code otherwise.
[<Fact>]
let ``the key of known inputs is pinned`` () =
    let document =
        String.concat
            ""
            [ """{"format":"falcon.cell/1","""
              """"method":{"augmentedViews":false,"batchSize":1,"beta1":0.9,"beta2":0.99,"camWeights":{"layer1":0.5,"layer2":0,"layer3":0.5},"""
              """"epochs":20,"inputSize":256,"learningRate":0.0003,"mapPadding":0,"maskResizing":"bilinear","maskRounding":"floor","method":"falcon","""
              """"noisePool":0,"noiseWeight":2,"patterns":"all","weightDecay":1E-05},"""
              """"protocol":{"checkpoint":"lastEpoch","evaluationSize":"original","imageScore":"max","sampler":"sampler","shots":2},"""
              """"seed":3,"stages":{"predict":1,"select":1,"train":1},"teacher":"teacher","test":"test","""
              """"training":[["train/good/001.png","a"],["train/good/000.png","b"]]}""" ]

    let key = CellKey.ofInputs inputs
    Assert.Equal(document, key.Document.Text)
    Assert.Equal("81990d32ea0c708c7c9fac05296a7a600acf01dcebc686265e8a6229221ad928", key.Key.Hex)

let private anyInputs =
    let content = Gen.elements [ "a"; "b" ] |> Gen.map (fun name -> { Name = name; Digest = name + name })

    gen {
        let! epochs = Gen.choose (1, 2)
        let! noise = Gen.elements [ 1.0; 2.0 ]
        let! shots = Gen.choose (1, 2)
        let! seed = Gen.choose (0, 1)
        let! teacher = Gen.elements [ "x"; "y" ]
        let! training = Gen.listOfLength 1 content
        let! test = Gen.elements [ "a"; "b" ]

        return
            { Method = FalconOptions(Epochs = epochs, NoiseWeight = noise)
              Protocol = protocol shots
              Seed = seed
              Teacher = teacher
              Training = training
              Test = test }
    }

[<Fact>]
let ``keys are equal exactly when all inputs are`` () =
    Prop.forAll (Arb.fromGen (Gen.zip anyInputs anyInputs)) (fun (one, other) ->
        (CellKey.ofInputs one = CellKey.ofInputs other) = (one = other))
    |> fun property -> Check.One(Config.QuickThrowOnFailure.WithMaxTest(400), property)

[<Fact>]
let ``the order of the training images is part of the key`` () =
    let reversed = { inputs with Training = List.rev inputs.Training }

    Assert.NotEqual(CellKey.ofInputs inputs, CellKey.ofInputs reversed)

[<Fact>]
let ``what differs from an earlier result is named`` () =
    let earlier = (CellKey.ofInputs inputs).Document

    let now = CellKey.ofInputs { inputs with Method = FalconOptions(Epochs = 21); Teacher = "other" }

    Assert.Equal<string list>([ "method.epochs"; "teacher" ], CellKey.differences earlier now)
    Assert.Empty(CellKey.differences earlier (CellKey.ofInputs inputs))
