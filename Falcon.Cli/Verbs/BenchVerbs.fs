module Falcon.Cli.BenchVerbs

open Argu
open Falcon
open Falcon.Backbones
open Falcon.Benchmarks
open Falcon.Diagnostics
open Falcon.Methods
open Falcon.Randomness

[<RequireQualifiedAccess>]
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

[<RequireQualifiedAccess>]
type PredictArgument =
    | Method of name: string
    | Batch of size: int
    | Rounds of count: int
    | Set of assignment: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Method _ -> "the method; default: falcon"
            | Batch _ -> "images per batch; repeat it for several; default: 1 and 16"
            | Rounds _ -> "batches to measure for each size, after a warm-up; default: 10"
            | Set _ -> "an option of the method as NAME=VALUE; repeat it for several"

/// Times do not depend on the weights, so the teacher's are drawn.
let private teacher session (options: MethodOptions) =
    Teacher.Random(Seq.head options.Teachers, MasterSeed 0L, options.DeepestTap, device = Compute.device session)

let private milliseconds seconds = $"{1000.0 * seconds:F1}"

let private positive option values =
    match values |> List.filter (fun value -> value < 1) with
    | [] -> ()
    | bad ->
        raise (InvalidInputException [| for value in bad -> Finding($"{value} is too small", option, "Give a number of at least 1.") |])

/// What a measurement was made with, and what it took of the machine.
let private conditions session =
    [ "threads", Json.whole session.Options.Threads; "peakMemoryBytes", Json.whole HostInfo.PeakMemoryBytes ]

let private writeConditions session (measured: string) =
    session.Out.WriteLine
        $"{measured}, {session.Options.Threads} threads, peak memory of the whole process {float HostInfo.PeakMemoryBytes / 1e6:F0} MB"

let private step session (arguments: ParseResults<StepArgument>) =
    let name = arguments.GetResult(StepArgument.Method, defaultValue = "falcon")
    let options = MethodSettings.resolve name None (arguments.GetResults StepArgument.Set)
    let steps = arguments.GetResult(StepArgument.Steps, defaultValue = 50)
    positive "--steps" [ steps ]
    use teacher = teacher session options
    let result = StepBenchmark.Run(options, teacher, steps)

    if session.Options.Json then
        Json.write
            session
            (Json.object
                [ "medianSeconds", Json.number result.MedianSeconds
                  "parts", Json.object [ for KeyValue(part, seconds) in result.Parts -> part, Json.number seconds ]
                  "steps", Json.whole result.Steps
                  "preparationSeconds", Json.number result.PreparationSeconds
                  yield! conditions session ])
    else
        ConsoleTable.write
            session
            [ Left "part of a step"; Right "median ms" ]
            [ for KeyValue(part, seconds) in result.Parts do
                  [ part; milliseconds seconds ]
              [ (if options.Plan.TakesSteps then "whole step" else "fit to five images")
                milliseconds result.MedianSeconds ] ]

        writeConditions session $"{result.Steps} times; computed once before: {milliseconds result.PreparationSeconds} ms"

    ExitCode.Fine

let private predict session (arguments: ParseResults<PredictArgument>) =
    let name = arguments.GetResult(PredictArgument.Method, defaultValue = "falcon")
    let options = MethodSettings.resolve name None (arguments.GetResults PredictArgument.Set)
    let rounds = arguments.GetResult(PredictArgument.Rounds, defaultValue = 10)

    let batches =
        match arguments.GetResults PredictArgument.Batch with
        | [] -> [ 1; 16 ]
        | given -> List.distinct given

    positive "--rounds" [ rounds ]
    positive "--batch" batches
    use teacher = teacher session options
    let result = PredictBenchmark.Run(options, teacher, Array.ofList batches, rounds)

    if session.Options.Json then
        Json.write
            session
            (Json.object
                [ "imagesPerSecond", Json.object [ for KeyValue(size, rate) in result.ImagesPerSecond -> string size, Json.number rate ]
                  yield! conditions session ])
    else
        ConsoleTable.write
            session
            [ Right "batch"; Right "ms per image"; Right "images/s" ]
            [ for KeyValue(size, rate) in result.ImagesPerSecond -> [ string size; milliseconds (1.0 / rate); $"{rate:F1}" ] ]

        writeConditions session $"{rounds} batches of each size"

    ExitCode.Fine

let all =
    [ Verb.create
          "bench step"
          "measures one training step, its parts and its memory"
          "falcon bench step --method falcon --threads 2"
          [ CommonOption.Device; CommonOption.Threads; CommonOption.Json ]
          step
      Verb.create
          "bench predict"
          "measures images per second, one at a time and several together, and its memory"
          "falcon bench predict --method falcon --threads 2"
          [ CommonOption.Device; CommonOption.Threads; CommonOption.Json ]
          predict ]
