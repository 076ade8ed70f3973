module Falcon.Cli.PretrainVerb

open System
open System.IO
open Argu
open Falcon
open Falcon.Backbones
open Falcon.Methods
open Falcon.Randomness
open Falcon.Training

type PretrainArgument =
    | Backbone of name: string
    | [<Mandatory>] Teacher of file: string
    | [<Mandatory>] Images of folder: string
    | [<Mandatory>] Out of file: string
    | Size of name: string
    | Steps of count: int64
    | Seed of number: int64
    | Checkpoint of folder: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Backbone _ -> "the classifier to distil; default: wide_resnet101_2"
            | Teacher _ -> "the classifier's weights: a file, a name of 'falcon weights list', or random"
            | Images _ -> "a folder of varied everyday images"
            | Out _ -> "the weights to write, for 'falcon train --method efficientad --teacher'"
            | Size _ -> "small or medium; default: small"
            | Steps _ -> "training steps; default: 60000"
            | Seed _ -> "the master seed; default: 0"
            | Checkpoint _ -> "where to leave what an interrupted run continues from; default: the output's name with .checkpoint"

let private size (name: string) =
    match Enum.TryParse<PdnSize>(name, ignoreCase = true) with
    | true, size -> size
    | _ -> raise (InvalidInputException("is no size of this network", $"--size {name}", "Give small or medium."))

let private run session (arguments: ParseResults<PretrainArgument>) =
    let defaults = PdnPretrainingOptions()

    let options =
        defaults.With(
            Backbone = arguments.GetResult(Backbone, defaultValue = defaults.Backbone),
            Size = size (arguments.GetResult(Size, defaultValue = "small")),
            Steps = arguments.GetResult(Steps, defaultValue = defaults.Steps)
        )

    let out = arguments.GetResult Out
    let checkpoint = arguments.GetResult(Checkpoint, defaultValue = out + ".checkpoint")
    use classifier = Compute.loadTeacher session options options.Backbone (Compute.teacherWeights (arguments.GetResult Teacher))

    Progress.track session "pre-training" "img" (options.Steps * int64 options.BatchSize) (fun report ->
        PdnPretraining.Run(
            options,
            classifier,
            arguments.GetResult Images,
            out,
            MasterSeed(arguments.GetResult(Seed, defaultValue = 0L)),
            TrainingCheckpoint(checkpoint, TimeSpan.FromMinutes 5.0),
            Progress.onReport (fun (state: TrainingProgress) -> report state.ImagesSeen $"pass {state.Epoch}/{state.Epochs}"),
            session.Cancellation
        ))

    if Directory.Exists checkpoint then
        Directory.GetFiles(checkpoint, "*.checkpoint") |> Array.iter File.Delete

        if Seq.isEmpty (Directory.EnumerateFileSystemEntries checkpoint) then
            Directory.Delete checkpoint

    if session.Options.Json then
        Json.write session (Json.object [ "weights", Json.text out; "steps", Json.whole options.Steps ])
    else
        session.Out.WriteLine $"weights: {out}"

    ExitCode.Fine

let verb =
    Verb.create
        "pretrain pdn"
        "distils a classifier into a patch description network, EfficientAD's teacher"
        "falcon pretrain pdn --teacher wide_resnet101_2.pth --images photos --out pdn_small.safetensors"
        [ CommonOption.Device; CommonOption.Threads; CommonOption.Quiet; CommonOption.Json ]
        run
