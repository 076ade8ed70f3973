/// Draws a data set.
module Falcon.Cli.DataSynthVerb

open Argu
open Falcon
open Falcon.Data
open Falcon.DrawnData

type SynthArgument =
    | [<Mandatory>] Out of folder: string
    | Seed of number: int64
    | Size of pixels: int

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Out _ -> "the folder of the data set: missing, empty, or holding this very set"
            | Seed _ -> "equal seeds give equal pixels; default: 0"
            | Size _ -> "width and height of every image; default: 256"

/// Parts and their defects cannot be told apart in smaller images.
let private smallest = 64

let private synth session (arguments: ParseResults<SynthArgument>) =
    let out = arguments.GetResult Out
    let size = arguments.GetResult(Size, defaultValue = 256)

    if size < smallest then
        raise (InvalidInputException($"{size} pixels are too few", "--size", $"Give at least {smallest}."))

    let options = DrawnDataOptions(arguments.GetResult(Seed, defaultValue = 0L), size)

    Progress.track session "drawing" "%" 100L (fun report ->
        let progress = Progress.onReport (fun (share: float) -> report (int64 (100.0 * share)) "")
        DrawnDataSet.Write(out, options, progress, session.Options.Threads, session.Cancellation))

    let categories = (DataFolder.Detect out).Categories

    if session.Options.Json then
        Json.write session (Json.object [ "folder", Json.text out; "categories", categories |> Seq.map Json.text |> Json.array ])
    else
        let names = categories |> String.concat ", "
        session.Out.WriteLine $"{names} in {out}"

    ExitCode.Fine

let verb =
    Verb.create
        "data synth"
        "draws a data set of three categories with defects and masks"
        "falcon data synth --out data/drawn --seed 7 --size 256"
        [ CommonOption.Threads; CommonOption.Quiet; CommonOption.Json ]
        synth
