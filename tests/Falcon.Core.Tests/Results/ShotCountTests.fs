module Falcon.Core.Tests.ShotCountTests

open System.Linq
open System.Text.Json
open Expecto
open Falcon.Protocol
open Falcon.Tests
open Falcon.Results

let private read (json: string) = nonNull (JsonSerializer.Deserialize<ShotCount array> json)

[<Tests>]
let tests =
    testList
        "Shot count"
        [ test "all images come after every number" {
              let counts = Enumerable.Order [ ShotCount.All; ShotCount.Of 10; ShotCount.Of 2 ]
              Expect.equal [ for count in counts -> string count ] [ "2"; "10"; "all" ] "count"
          }
          testTheory
              "a number of shots has a short and a long text"
              [ 1, "1", "1 shot"; 5, "5", "5 shots"; 0, "all", "all images" ]
              (fun (count: int, short: string, long: string) ->
                  Expect.equal (string (ShotCount.Of count)) short "shot count"
                  Expect.equal (ShotCount.Of(count).Description) long "shot count description")
          test "JSON holds a number or \"all\", and reads the zero of earlier files" {
              let counts = [| ShotCount.Of 5; ShotCount.All |]
              let text = JsonSerializer.Serialize counts
              Expect.equal text """[5,"all"]""" "text"
              Expect.equal (read text) counts "read text"
              Expect.equal (read "[0]") [| ShotCount.All |] "read"
          }
          testTheory "anything else in JSON is refused" [ "-1"; "1.5"; "\"5\""; "null" ] (fun (text: string) ->
              Expect.stringContains
                  (raised<JsonException>(fun () -> read $"[{text}]" |> ignore)).Message
                  "number of shots"
                  "message of raised json exception") ]
