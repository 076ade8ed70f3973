module Falcon.Store.Tests.CanonicalTests

open System
open System.Text.Json
open System.Text.Json.Nodes
open FsCheck
open FsCheck.FSharp
open Expecto
open Falcon.Tests
open Falcon.Experiments.Store

type Precision =
    | Float32
    | Float16
    | Quantised of bits: int

type Colour =
    | Red = 0
    | Blue = 1

type Features =
    { Layers: string list
      Size: int * int
      Precision: Precision
      Weight: float
      Seed: int64
      Mask: string option
      Colour: Colour }

let private features =
    { Layers = [ "layer2"; "layer3" ]
      Size = 256, 320
      Precision = Float16
      Weight = 0.1 + 0.2
      Seed = Int64.MaxValue
      Mask = None
      Colour = Colour.Blue }

let private ofJson (json: string) = (Canonical.ofNode (JsonNode.Parse json)).Text

let rec private jsonOf size : Gen<string> =
    let text = ArbMap.defaults |> ArbMap.generate<NonEmptyString> |> Gen.map (fun text -> JsonSerializer.Serialize text.Get)
    let number = ArbMap.defaults |> ArbMap.generate<NormalFloat> |> Gen.map (fun number -> JsonSerializer.Serialize number.Get)
    let leaf = Gen.oneof [ text; number; Gen.elements [ "null"; "true"; "false" ] ]

    if size = 0 then
        leaf
    else
        let part = jsonOf (size / 3)

        let object =
            Gen.zip (Gen.listOf text |> Gen.map List.distinct) (Gen.listOf part)
            |> Gen.map (fun (names, values) -> List.zip (List.truncate values.Length names) (List.truncate names.Length values))
            |> Gen.map (fun members -> "{" + String.Join(", ", [ for name, value in members -> $"{name} : {value}" ]) + "}")

        let array = Gen.listOf part |> Gen.map (fun parts -> "[ " + String.Join(" ,", parts) + "]")
        Gen.frequency [ 1, leaf; 2, object; 2, array ]

[<Tests>]
let tests =
    testList
        "Canonical form"
        [ test "a record has one spelling: sorted members, explicit nulls, cases by name, all digits" {
              Expect.equal
                  (Canonical.ofValue features).Text
                  """{"Colour":"Blue","Layers":["layer2","layer3"],"Mask":null,"Precision":"Float16","Seed":9223372036854775807,"Size":[256,320],"Weight":0.30000000000000004}"""
                  "text of value features"

              Expect.equal (Canonical.ofValue (Quantised 8)).Text """{"Quantised":{"bits":8}}""" "text of value quantised 8"
              Expect.equal (Canonical.ofValue nan).Text "\"NaN\"" "text of value nan"
              Expect.equal (Canonical.ofValue (set [ 2; 1 ])).Text "[1,2]" "text of value 2 1"
          }
          test "white space, order of members, escapes and the spelling of numbers make no difference" {
              Expect.equal
                  (ofJson
                      """ { "c": null, "b": "\u00e9\u000a",
        "a": [1.0, 1e0, 5.0e-1, -0.0, 0.0000001, 12345678901234567890] } """)
                  """{"a":[1,1,0.5,0,1E-07,12345678901234567890],"b":"é\n","c":null}"""
                  "of json"

              Expect.equal (ofJson """{"A":3,"z":2,"\u00e9":1}""") (ofJson """{"é":1,"z":2,"A":3}""") "order of members"
              Expect.equal (ofJson "\"\\u0001 \\\\ \\\" \u007f \\/\"") "\"\\u0001 \\\\ \\\" \u007f /\"" "escapes"
          }
          test "what has no single meaning is refused" {
              Expect.stringContains
                  (raised<ArgumentException>(fun () -> ofJson """{"a":1,"a":2}""" |> ignore)).Message
                  "'a'"
                  "message of raised argument exception"

              Expect.stringContains
                  (raised<ArgumentException>(fun () -> ofJson "[1e999]" |> ignore)).Message
                  "1e999"
                  "message of raised argument exception"
          }
          test "the golden keys are those of every earlier version" {
              let digest = Digest.ofBytes "photo"B
              let first = StageCall.create "decode" 1 (Canonical.ofValue {| Size = 256 |}) [ "image", Content digest ]

              let second =
                  StageCall.create
                      "teacher-features"
                      3
                      (Canonical.ofValue features)
                      [ "images", ResultOf first.Key; "teacher", Content digest ]

              Expect.equal
                  first.Document.Text
                  $"""{{"format":"falcon.key/1","inputs":{{"image":"sha256:{digest.Hex}"}},"record":{{"Size":256}},"stage":"decode","version":1}}"""
                  "text of first document"

              Expect.equal first.Key.Hex "bb133f0de439b03cda62a38cbc8051aefac9d84be09e517905c42674569de591" "hex of first key"
              Expect.equal second.Key.Hex "26928bee81a7fa093f76c7e29c8d6eb5a4376452f50661047ff606b9169e14ce" "hex of second key"
          }
          test "stage, version, record, input names and inputs all change the key, the order of inputs does not" {
              let a, b = Digest.ofBytes "a"B, Digest.ofBytes "b"B
              let record = Canonical.ofValue {| Epochs = 5 |}
              let inputs = [ "images", Content a; "teacher", Content b ]
              let call = StageCall.create "train" 1 record inputs

              let others =
                  [ StageCall.create "tune" 1 record inputs
                    StageCall.create "train" 2 record inputs
                    StageCall.create "train" 1 (Canonical.ofValue {| Epochs = 6 |}) inputs
                    StageCall.create "train" 1 (Canonical.ofValue {| Steps = 5 |}) inputs
                    StageCall.create "train" 1 record [ "images", Content b; "teacher", Content a ]
                    StageCall.create "train" 1 record [ "photos", Content a; "teacher", Content b ]
                    StageCall.create "train" 1 record [ "images", ResultOf (Key.tryParse a.Hex).Value; "teacher", Content b ]
                    StageCall.create "train" 1 record [ "images", Content a ] ]

              Expect.equal (call :: others |> List.distinctBy _.Key).Length 9 "number of call others distinct by key"
              Expect.equal (StageCall.create "train" 1 record (List.rev inputs)).Key call.Key "key of create train 1 record inputs"
          }
          test "a bad stage name and two inputs of one name are refused" {
              let create stage inputs () = StageCall.create stage 1 (Canonical.ofValue 1) inputs |> ignore
              Expect.throwsT<ArgumentException> (create "../x" []) "create is refused"
              Expect.throwsT<ArgumentException> (create "" []) "create is refused"
              let input = "a", Content(Digest.ofBytes ""B)
              Expect.throwsT<ArgumentException> (create "x" [ input; input ]) "create x input is refused"
          }
          testPropertyWithConfig
              { FsCheckConfig.defaultConfig with maxTest = 200 }
              "spelling a value again changes nothing, and the value is the same"
              (Prop.forAll (Arb.fromGen (Gen.sized (min 30 >> jsonOf))) (fun (json: string) ->
                  let once = ofJson json
                  once = ofJson once && JsonNode.DeepEquals(JsonNode.Parse json, JsonNode.Parse once))) ]
