module Falcon.Experiments.Tests.StageKeyTests

open System
open System.IO
open System.Text.Json
open Expecto
open Falcon.Data
open Falcon.Experiments
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Stages
open Falcon.Experiments.Store
open Falcon.Methods
open Falcon.Training

let private digest (text: string) = Digest.ofBytes (Text.Encoding.UTF8.GetBytes text)

/// A cell over files that are not there: a key needs names and digests only.
let private graphOf (method: MethodOptions) =
    let item name isAnomalous =
        ImageItem(
            $"/photos/{name}",
            name,
            (if isAnomalous then "hole" else "good"),
            isAnomalous,
            Option.toObj (if isAnomalous then Some "/photos/mask.png" else None)
        )

    let category =
        Category(
            "photos",
            "plate",
            "/photos",
            [| item "train/good/0.png" false; item "train/good/1.png" false |],
            [| item "test/good/0.png" false; item "test/hole/0.png" true |]
        )

    let study =
        experiment "keys" {
            data (Data.at "photos" |> Data.categories [ "plate" ])
            shots [ 2 ]
            seeds [ 3 ]
            sampler (ShotSampler.AllImages())
            methods [ method ]
            teacher Teacher.random
        }

    let weights = TeacherWeights.Drawn(Falcon.Randomness.MasterSeed 0L)
    let teachers = new LoadedTeachers("cpu", fun _ -> weights, TeacherWeights.digest (fun _ -> []) weights)

    let graphs =
        CellGraph.CellGraphs(
            Runtime.local,
            [ ImageAuroc; Aupro 0.3 ],
            (fun _ -> category),
            digest,
            teachers,
            { Training = (fun _ _ -> ()); Scoring = fun _ _ _ -> () }
        )

    graphs.Of(List.head (Experiment.cells study), method)

let private graph = graphOf (FalconOptions(Epochs = 20))

/// Every stage that leads to a node, by name, one of each.
let rec private stages (node: Node) : (string * StageCall) list =
    [ node.Recipe.Stage, node.Recipe
      for _, source in node.Sources do
          match source with
          | Made source -> yield! stages source
          | Known _ -> () ]

/// A record with the versions of the libraries that compute it.
let private computedBy (libraries: string list) (text: string) =
    use document = Text.Json.JsonDocument.Parse text

    match libraries with
    | [] -> text
    | _ ->
        (Canonical.withMember "libraries" (Canonical.ofText (String.concat ", " libraries)) (Canonical.ofElement document.RootElement)).Text

let private recordOf (graph: CellGraph.CellGraph) stage =
    (stages graph.Record.Node |> List.find (fun (name, _) -> name = stage) |> snd).Record.Text

let private record = recordOf graph

[<Tests>]
let tests =
    testList
        "Stage key"
        [
          // A change here means that every result computed so far is computed anew: raise a stage's version when that is meant, and mend
          // the code otherwise. The key also changes with the versions of TorchSharp, libtorch, SkiaSharp and ImageSharp, as it should.
          test "the records of all stages are pinned" {
              let engine, decoder = Falcon.Engine.EngineVersion.Text, Falcon.Imaging.ImageFile.DecoderVersion

              let expected =
                  [ "decode", [ decoder ], """{"Filter":"Bilinear","Height":256,"Width":256}"""
                    "teacher-features",
                    [ engine ],
                    """{"Backbone":"resnet18","Format":{"Precision":"Float32","Storage":"Float32"},"Tap":"Layer2","Threads":1}"""
                    "class-activation",
                    [ engine ],
                    """{"height":256,"options":{"Weights":{"Layer1":0.5,"Layer2":0,"Layer3":0.5}},"threads":1,"width":256}"""
                    "train",
                    [ engine ],
                    """{"method":{"augmentedViews":false,"backbone":"resnet18","batchSize":1,"beta1":0.9,"beta2":0.99,"camWeights":{"layer1":0.5,"layer2":0,"layer3":0.5},"epochs":20,"""
                    + """"inputSize":256,"learningRate":0.0003,"mapPadding":0,"maskResizing":"bilinear","maskRounding":"floor","method":"falcon","noisePool":0,"""
                    + """"noiseWeight":2,"patterns":"all","weightDecay":1E-05},"seed":3,"threads":1}"""
                    "score", [ engine ], """{"ImageScore":"max","Threads":1}"""
                    "metric", [], """{"MaskLevel":null,"Metric":"imageAuroc","Size":null}""" ]

              for stage, libraries, text in expected do
                  Expect.equal (record stage) (computedBy libraries text) stage
          }
          test "the key of a known cell is pinned" {
              Expect.equal
                  graph.Train.Node.Recipe.Key.Hex
                  "c944e570d93a32c9521c12cf65545b7ff20ffffbdc7ab33bae0614a5315f5076"
                  "hex of graph train node recipe key"
          }
          test "tiles are part of the keys of decoded images, features and trainings" {
              let tiled = graphOf (FalconOptions(Epochs = 20, Tiling = Tiling(32, 0.5)))

              Expect.equal
                  (recordOf tiled "decode")
                  (computedBy
                      [ Falcon.Imaging.ImageFile.DecoderVersion ]
                      """{"Filter":"Bilinear","Height":256,"Tiling":"32@0.5","Width":256}""")
                  "record of decoding"

              Expect.stringContains (recordOf tiled "train") "\"tiling\":\"32@0.5\"" "record of training"
              let keys (graph: CellGraph.CellGraph) = stages graph.Record.Node |> List.map (fun (name, call) -> name, call.Key) |> set

              for name, key in keys tiled do
                  Expect.isFalse (Set.contains (name, key) (keys graph)) $"key of {name}"
          }
          test "a stage reads the images in the order of their selection, and the weights of the teacher" {
              Expect.equal
                  (List.ofSeq graph.Train.Node.Recipe.Inputs.Keys)
                  [ "image 0000 train/good/0.png Layer2"
                    "image 0000 train/good/0.png Layer3"
                    "image 0000 train/good/0.png class-activation"
                    "image 0000 train/good/0.png pixels"
                    "image 0001 train/good/1.png Layer2"
                    "image 0001 train/good/1.png Layer3"
                    "image 0001 train/good/1.png class-activation"
                    "image 0001 train/good/1.png pixels"
                    "teacher" ]
                  "graph train node recipe inputs keys"
          } ]
