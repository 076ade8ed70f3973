module Falcon.Cli.BenchVerbs

open Argu
open Falcon.Backbones
open Falcon.Benchmarks
open Falcon.Methods
open Falcon.Randomness

type StepArgument =
    | Method of name: string
    | Steps of count: int
    | Set of assignment: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Method _ -> "the method; default: falcon"
            | Steps _ -> "steps to measure, after a warm-up; default: 50"
            | Set _ -> "an option of the method as NAME=VALUE; repeat it for several"

type PredictArgument =
    | [<CustomCommandLine "--method">] OfMethod of name: string
    | Rounds of count: int

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | OfMethod _ -> "the method; default: falcon"
            | Rounds _ -> "batches to measure for each size, after a warm-up; default: 10"

/// Times do not depend on the weights, so the teacher's are drawn.
let private teacher session (options: MethodOptions) =
    Teacher.Random(Seq.head options.Teachers, MasterSeed 0L, options.DeepestTap, device = Compute.device session)

let private milliseconds seconds = $"{1000.0 * seconds:F1}"

let private step session (arguments: ParseResults<StepArgument>) =
    let options = MethodSettings.resolve (arguments.GetResult(Method, defaultValue = "falcon")) None (arguments.GetResults Set)
    use teacher = teacher session options
    let result = StepBenchmark.Run(options, teacher, arguments.GetResult(Steps, defaultValue = 50))

    if session.Options.Json then
        Json.write
            session
            (Json.object
                [ "medianSeconds", Json.number result.MedianSeconds
                  "parts", Json.object [ for KeyValue(part, seconds) in result.Parts -> part, Json.number seconds ]
                  "steps", Json.whole result.Steps
                  "preparationSeconds", Json.number result.PreparationSeconds
                  "threads", Json.whole session.Options.Threads ])
    else
        Table.write
            session
            [ Left "part of a step"; Right "median ms" ]
            [ for KeyValue(part, seconds) in result.Parts do
                  [ part; milliseconds seconds ]
              [ "whole step"; milliseconds result.MedianSeconds ] ]

        session.Out.WriteLine
            $"{result.Steps} steps, {session.Options.Threads} threads; computed once before them: {milliseconds result.PreparationSeconds} ms"

    ExitCode.Fine

let private predict session (arguments: ParseResults<PredictArgument>) =
    let options = MethodSettings.resolve (arguments.GetResult(OfMethod, defaultValue = "falcon")) None []
    use teacher = teacher session options
    let result = PredictBenchmark.Run(options, teacher, [| 1; 16 |], arguments.GetResult(Rounds, defaultValue = 10))

    if session.Options.Json then
        Json.write
            session
            (Json.object
                [ "imagesPerSecond", Json.object [ for KeyValue(size, rate) in result.ImagesPerSecond -> string size, Json.number rate ]
                  "threads", Json.whole session.Options.Threads ])
    else
        Table.write
            session
            [ Right "batch"; Right "images/s" ]
            [ for KeyValue(size, rate) in result.ImagesPerSecond -> [ string size; $"{rate:F1}" ] ]

    ExitCode.Fine

let all =
    [ Verb.create
          "bench step"
          "measures one training step and its parts"
          "falcon bench step --method falcon --threads 2"
          [ CommonOption.Device; CommonOption.Threads; CommonOption.Json ]
          step
      Verb.create
          "bench predict"
          "measures images per second, one at a time and sixteen together"
          "falcon bench predict --method falcon --threads 2"
          [ CommonOption.Device; CommonOption.Threads; CommonOption.Json ]
          predict ]
