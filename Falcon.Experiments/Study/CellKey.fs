namespace Falcon.Experiments

open System.Text.Json.Nodes
open Falcon.Experiments.Store
open Falcon.Methods
open Falcon.Results

type NamedContent = { Name: string; Digest: string }

type CellInputs =
    { Method: MethodOptions
      Protocol: Protocol
      Seed: int
      Teacher: string
      Training: NamedContent list
      Test: string }

type CellKey = { Key: Key; Document: Canonical }

module CellKey =
    let stageVersions = [ "select", 1; "train", 1; "predict", 1 ]

    let private text (value: string) : JsonNode = nonNull (JsonValue.Create value)

    let private number (value: int) : JsonNode = JsonValue.Create value

    let private object (members: (string * JsonNode) list) : JsonNode =
        let object = JsonObject()

        for name, value in members do
            object.Add(name, value)

        object

    let private list (items: JsonNode list) : JsonNode = JsonArray(Array.ofList items)

    let private contents (items: NamedContent list) = list [ for item in items -> list [ text item.Name; text item.Digest ] ]

    let private protocol (protocol: Protocol) =
        object
            [ "shots", number protocol.Shots
              "sampler", text protocol.Sampler
              "checkpoint", text (string protocol.Checkpoint)
              "imageScore", text (string protocol.ImageScore)
              "evaluationSize", text (string protocol.EvaluationSize) ]

    let ofInputs inputs =
        let document =
            object
                [ "format", text "falcon.cell/1"
                  "stages", object [ for stage, version in stageVersions -> stage, number version ]
                  "method", MethodVariant.json inputs.Method
                  "protocol", protocol inputs.Protocol
                  "seed", number inputs.Seed
                  "teacher", text inputs.Teacher
                  "training", contents inputs.Training
                  "test", text inputs.Test ]

        let canonical = Canonical.ofNode document

        { Key = Key.ofDocument canonical.Text; Document = canonical }

    let differences earlier now = [ for difference in Canonical.differences earlier now.Document -> difference.Path ]
