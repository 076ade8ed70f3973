module Falcon.Core.Tests.Data.InputSizeTests

open System.Text.Json
open Expecto
open Falcon
open Falcon.Data
open Falcon.Methods
open Falcon.Tests

[<Tests>]
let tests =
    testList
        "Input size"
        [ test "a square is one number, another size width x height" {
              Expect.equal (string (InputSize.Parse "256")) "256" "square"
              Expect.equal (InputSize.Parse "384x256") (InputSize(384, 256)) "oblong"
              Expect.equal (string (InputSize(384, 256))) "384x256" "text"

              for text in [ ""; "0"; "-64"; "256x"; "x256"; "1x2x3"; "256 x 256"; "large" ] do
                  Expect.throwsT<InvalidInputException> (fun () -> InputSize.Parse text |> ignore) text
          }
          test "options carry it: a square as the number that earlier files have" {
              let json size = (MethodJson.Write(StpmOptions(InputSize = size))["inputSize"] |> nonNull).ToJsonString()
              Expect.equal (json (InputSize.Square 256)) "256" "square"
              Expect.equal (json (InputSize(384, 256))) "\"384x256\"" "oblong"

              let read (text: string) =
                  use json = JsonDocument.Parse $$"""{"method": "stpm", "inputSize": {{text}}}"""
                  (MethodJson.Read json.RootElement :?> StpmOptions).InputSize

              Expect.equal (read "64") (InputSize.Square 64) "number"
              Expect.equal (read "\"64\"") (InputSize.Square 64) "text of a square"
              Expect.equal (read "\"96x64\"") (InputSize(96, 64)) "text"
              Expect.throwsT<JsonException> (fun () -> read "\"big\"" |> ignore) "no size"
          }
          test "what a method needs of it is said before any work" {
              let finding (options: MethodOptions) = [ for finding in options.Check() -> string finding ] |> String.concat "\n"
              Expect.isEmpty (finding (StpmOptions(InputSize = InputSize(96, 64)))) "multiples of 32"
              Expect.stringContains (finding (StpmOptions(InputSize = InputSize(96, 65)))) "96x65" "no multiple of 32"
              Expect.stringContains (finding (EfficientAdOptions(InputSize = InputSize(320, 192)))) "at least 256" "too low"

              Expect.stringContains
                  (finding (PadimOptions(InputSize = InputSize(96, 64), ShorterSide = 80)))
                  "at least 96"
                  "too narrow a resize"
          } ]
