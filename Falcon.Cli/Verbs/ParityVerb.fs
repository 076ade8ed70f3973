module Falcon.Cli.ParityVerb

open Argu
open Falcon.Parity

type ParityArgument =
    | [<MainCommand; ExactlyOnce>] Folder of folder: string

    interface IArgParserTemplate with
        member _.Usage = "a folder of fixtures, named after its suite"

let private toJson (result: ParityResult) =
    Json.object
        [ "file", Json.text result.File
          "tensor", Json.text result.Tensor
          "error", Json.number result.Error
          "tolerance", Json.number result.Tolerance
          "measure", Json.text result.Measure
          "passed", Json.flag result.Passed ]

let private row (result: ParityResult) =
    [ result.File
      result.Tensor
      $"{result.Error:G3}"
      $"{result.Tolerance:G3}"
      result.Measure
      (if result.Passed then "ok" else "EXCEEDED") ]

let private run session (arguments: ParseResults<ParityArgument>) =
    let folder = arguments.GetResult Folder
    let suite = ParitySuites.For folder
    Compute.device session |> ignore

    let results =
        [ for result in suite.Replay folder do
              session.Cancellation.ThrowIfCancellationRequested()
              result ]

    let exceeded = results |> List.filter (fun result -> not result.Passed)

    if session.Options.Json then
        Json.write
            session
            (Json.object
                [ "suite", Json.text suite.Name
                  "passed", Json.flag exceeded.IsEmpty
                  "tensors", Json.array (List.map toJson results) ])
    else
        ConsoleTable.write
            session
            [ Left "file"; Left "tensor"; Right "largest error"; Right "tolerance"; Left "measure"; Left "state" ]
            (List.map row results)

        session.Out.WriteLine $"{suite.Name}: {results.Length - exceeded.Length} tensors within tolerance, {exceeded.Length} exceed it"

    if exceeded.IsEmpty then ExitCode.Fine else ExitCode.SomeFailed

let verb =
    Verb.create
        "parity"
        "replays reference fixtures and compares every tensor"
        "falcon parity ../shared/parity/falcon"
        [ CommonOption.Threads; CommonOption.Json ]
        run
