module Falcon.Cli.PretrainVerbs

open System
open System.IO
open Argu
open Falcon
open Falcon.Backbones
open Falcon.Diagnostics
open Falcon.Methods
open Falcon.Pretraining
open Falcon.Randomness
open Falcon.Training
open Falcon.Cli.Validation

type PdnArgument =
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

type TeacherArgument =
    | [<CustomCommandLine "--source">] Source of file: string
    | [<CustomCommandLine "--backbone">] SourceBackbone of name: string
    | From_Scratch
    | Photos of folder: string
    | Start of file: string
    | [<CustomCommandLine "--photo-note">] PhotoNote of text: string
    | [<Mandatory; CustomCommandLine "--out">] Weights of file: string
    | Set of assignment: string
    | [<CustomCommandLine "--seed">] MasterSeed of number: int64
    | [<CustomCommandLine "--checkpoint">] Left of folder: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Source _ ->
                "the weights of the network to distil: a file, a name of 'falcon weights list', or random; repeat it to distil several of one architecture"
            | SourceBackbone _ -> "the network to distil; default: resnet18"
            | From_Scratch -> "no network to distil: tell the families of drawn pictures apart"
            | Photos _ -> "a folder of photos to learn from beside the drawn pictures"
            | Start _ -> "weights of the same compact network to go on from"
            | PhotoNote _ -> "what the photos are and under which licence, for the model card"
            | Weights _ -> "the weights to write (float16 safetensors); the model card is written beside them"
            | Set _ -> "a setting as NAME=VALUE, for example Steps=20000; repeat it for several"
            | MasterSeed _ -> "the master seed; default: 0"
            | Left _ -> "where to leave what an interrupted run continues from; default: the output's name with .checkpoint"

/// Runs a training that continues from a folder.
let private resumable session title (plan: DistillationOptions) steps folder train =
    use _ = InterruptedTraining.hold folder

    let result =
        InterruptedTraining.run session (TimeSpan.FromMinutes 5.0) folder (fun checkpoint hear ->
            Progress.track session title "img" (steps * int64 plan.BatchSize) (fun report ->
                train
                    checkpoint
                    (Progress.onReport (fun (state: TrainingProgress) ->
                        hear state
                        let losses = String.concat ", " [ for struct (name, value) in state.Losses -> $"{name} {value:F3}" ]
                        report state.ImagesSeen losses))))

    InterruptedTraining.forget folder
    result

let private finish session (weights: string) steps =
    if session.Options.Json then
        Json.write session (Json.object [ "weights", Json.text weights; "steps", Json.whole steps ])
    else
        session.Out.WriteLine $"weights: {weights}"

    ExitCode.Fine

let private size (name: string) =
    match Enum.TryParse<PdnSize>(name, ignoreCase = true) with
    | true, size -> size
    | _ -> raise (InvalidInputException("is no size of this network", $"--size {name}", "Give small or medium."))

let private pdn session (arguments: ParseResults<PdnArgument>) =
    let defaults = PdnPretrainingOptions()

    let options =
        PdnPretrainingOptions(
            defaults,
            Backbone = arguments.GetResult(Backbone, defaultValue = defaults.Backbone),
            Size = size (arguments.GetResult(Size, defaultValue = "small")),
            Steps = arguments.GetResult(Steps, defaultValue = defaults.Steps)
        )

    let out = require (OutputPath.file OutputPath.model "--out" (arguments.GetResult Out))
    use classifier = Compute.loadTeacher session options (Compute.teacherWeights (arguments.GetResult Teacher))

    resumable
        session
        "pre-training"
        options
        options.Steps
        (arguments.GetResult(Checkpoint, defaultValue = InterruptedTraining.folder out))
        (fun checkpoint progress ->
            PdnPretraining.Run(
                options,
                classifier,
                arguments.GetResult Images,
                out,
                Falcon.Randomness.MasterSeed(arguments.GetResult(Seed, defaultValue = 0L)),
                checkpoint,
                progress,
                session.Cancellation
            ))

    finish session out options.Steps

/// Where the model card is.
let private cardPath (out: string) = nonNull (Path.ChangeExtension(out, ".md"))

/// A card of such weights, as it begins.
let private cardKind (out: string) = OutputPath.text "model card" $"# {Path.GetFileNameWithoutExtension out}"

/// A source computes in bfloat16 where the processor has units for it.
let private precision () = if Seq.contains "AMX BF16" (CpuInfo.Read().Features) then Precision.BFloat16 else Precision.Float32

let private teacher session (arguments: ParseResults<TeacherArgument>) =
    let fromScratch = arguments.Contains From_Scratch

    let options =
        let set = Falcon.Experiments.MethodSettings.apply (TeacherPretrainingOptions()) (arguments.GetResults Set)
        TeacherPretrainingOptions(set, Backbone = arguments.GetResult(SourceBackbone, defaultValue = "resnet18"), FromScratch = fromScratch)

    let sources =
        match arguments.GetResults Source with
        | _ :: _ when fromScratch ->
            raise (InvalidInputException("there is nothing to distil from scratch", "--source", "Give --source or --from-scratch."))
        | [] when fromScratch ->
            Compute.device session |> ignore
            [||]
        | _ :: _ as sources ->
            [| for weights in sources -> Compute.loadTeacherIn (precision ()) session options (Compute.teacherWeights weights) |]
        | [] -> raise (InvalidInputException("there is no network to distil", "--source", "Give --source WEIGHTS, or --from-scratch."))

    let given = arguments.GetResult Weights

    let out, cardFile =
        require (
            validation {
                let! out = OutputPath.fileBeside (arguments.GetResults Source @ arguments.GetResults Start) OutputPath.model "--out" given
                and! card = OutputPath.file (cardKind given) "--out, model card" (cardPath given)
                return out, card
            }
        )

    let photos = arguments.TryGetResult Photos
    let start = arguments.TryGetResult Start
    let seed = arguments.GetResult(MasterSeed, defaultValue = 0L)

    try
        let losses =
            resumable
                session
                "pre-training"
                options
                options.Steps
                (arguments.GetResult(Left, defaultValue = InterruptedTraining.folder out))
                (fun checkpoint progress ->
                    TeacherPretraining.Run(
                        options,
                        sources,
                        Option.toObj photos,
                        Option.toObj start,
                        out,
                        Falcon.Randomness.MasterSeed seed,
                        checkpoint,
                        progress,
                        session.Cancellation
                    ))

        let card =
            TeacherCard.Of(
                options,
                [| for source in sources -> source.Provenance |],
                photos
                |> Option.map (fun folder -> TeacherCard.Photos(folder, arguments.GetResult(PhotoNote, defaultValue = "")))
                |> Option.toObj,
                Option.toObj start,
                out,
                seed,
                losses
            )

        FileFault.WriteAllBytes(cardFile, Text.Encoding.UTF8.GetBytes card)
    finally
        for source in sources do
            source.Dispose()

    finish session out options.Steps

let private common = [ CommonOption.Device; CommonOption.Threads; CommonOption.Quiet; CommonOption.Json ]

let all =
    [ Verb.create
          "pretrain teacher"
          "distils a large network into a compact teacher, on drawn pictures and photos"
          "falcon pretrain teacher --source resnet18.pth --out compact.safetensors"
          common
          teacher
      Verb.create
          "pretrain pdn"
          "distils a classifier into a patch description network, EfficientAD's teacher"
          "falcon pretrain pdn --teacher wide_resnet101_2.pth --images photos --out pdn_small.safetensors"
          common
          pdn ]
