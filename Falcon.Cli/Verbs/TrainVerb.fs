module Falcon.Cli.TrainVerb

open System.IO
open Argu
open Falcon
open Falcon.Data
open Falcon.Detection
open Falcon.Diagnostics
open Falcon.Methods
open Falcon.Protocol
open Falcon.Randomness
open Falcon.Results
open Falcon.Training
open Falcon.Cli.Validation

type TrainArgument =
    | Method of name: string
    | [<Mandatory>] Data of folder: string
    | Category of name: string
    | Shots of count: string
    | Seed of number: int64
    | Teacher of file: string
    | Backbone of name: string
    | [<Mandatory>] Out of model: string
    | Weights of file: string
    | Epochs of count: int
    | Set of assignment: string
    | Workers of count: int

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Method _ -> "the method; default: falcon"
            | Data _ -> "a data set, one category of it, or a folder of photos of good parts"
            | Category _ -> "the category; may be left out where there is only one"
            | Shots _ -> "how many good images to learn from, or all; default: 5"
            | Seed _ -> "the master seed; default: 0"
            | Teacher _ ->
                "weights of the frozen teacher: a safetensors or PyTorch file, a name of 'falcon weights list', or random; default: Falcon's own"
            | Backbone _ -> "the teacher's architecture; default: that of known weights, else the method's first"
            | Out _ -> "the model file to write"
            | Weights _ -> "weights of the trained modules from another program: nothing is trained then; repeat it for several files"
            | Epochs _ -> "passes over the images; default: the method's"
            | Set _ -> "an option of the method as NAME=VALUE; repeat it for several"
            | Workers _ -> "threads that decode images, they do not change the result; default: 2"

let private atLeast minimum option value =
    if value >= minimum then
        Ok value
    else
        Error [ Finding($"{value} is too small", option, $"Give a number of at least {minimum}.") ]

let private shotCount (text: string) =
    match System.Int32.TryParse text with
    | true, count when count > 0 -> Ok(ShotCount.Of count)
    | _ when text = string ShotCount.All -> Ok ShotCount.All
    | _ -> Error [ Finding($"'{text}' is no number of images", "--shots", $"Give a number of at least 1, or {ShotCount.All}.") ]

let private modelFile (path: string) =
    if Directory.Exists path then
        Error [ Finding("a folder has this name", $"--out {path}", "Give the name of a file.") ]
    else
        Ok path

let private describe path (detector: Detector) (images: ImageItem seq) =
    let card = detector.Card

    Json.object
        [ "model", Json.text path
          "method", Json.text card.Method.Name
          "dataSet", Json.text card.Source.DataSet
          "category", Json.text card.Source.Category
          "images", images |> Seq.map (fun image -> Json.text image.RelativeName) |> Json.array
          "seed", Json.whole card.Seed
          "teacher", Json.text card.Teacher.Weights
          "epochs", Json.whole card.Epochs.Count
          "losses",
          Json.object [ for KeyValue(name, loss) in Seq.tryLast card.Epochs |> Option.toList |> Seq.concat -> name, Json.number loss ]
          "threshold", Json.number card.Threshold
          "peakMemoryBytes", Json.whole HostInfo.PeakMemoryBytes ]

let rec private train session (options: MethodOptions) teacher (images: ImageItem array) seed source workers : Detector =
    let total = options.Plan.ImagesSeen images.Length

    use foundation: Detector | null =
        match options.Foundation with
        | null -> null
        | first -> train session first teacher images seed source workers

    Progress.track session $"training {options.Name}" "img" total (fun report ->
        let progress =
            Progress.onReport (fun (state: TrainingProgress) -> report state.ImagesSeen $"epoch {state.Epoch}/{state.Epochs}")

        Detector.Train(
            options,
            teacher,
            images,
            seed,
            source,
            ComputedInputs(teacher, workers),
            progress = progress,
            cancellation = session.Cancellation,
            foundation = foundation
        ))

/// With weights from elsewhere the images only give the threshold and what the method measures on good parts.
let private adopt session (options: MethodOptions) teacher (images: ImageItem array) seed source workers (weights: string list) =
    Detector.Adopt(options, teacher, Array.ofList weights, images, seed, source, ComputedInputs(teacher, workers), session.Cancellation)

let private run session (arguments: ParseResults<TrainArgument>) =
    let method = arguments.GetResult(Method, defaultValue = "falcon")
    let seed = MasterSeed(arguments.GetResult(Seed, defaultValue = 0L))
    let given = arguments.GetResult(Teacher, defaultValue = Falcon.Experiments.Teacher.usual)

    let suited (options: MethodOptions) =
        match arguments.TryGetResult Backbone with
        | Some backbone -> options.TaughtBy backbone
        | None -> Falcon.Experiments.Teacher.fit (Falcon.Experiments.Teacher.named given) options

    let options, category, weights, shots, workers, out =
        require (
            validation {
                let! options =
                    attempt (fun () -> MethodSettings.resolve method (arguments.TryGetResult Epochs) (arguments.GetResults Set) |> suited)

                and! category = attempt (fun () -> DataArgument.openCategory (arguments.GetResult Data) (arguments.TryGetResult Category))

                and! weights = attempt (fun () -> Compute.teacherWeights given)
                and! shots = shotCount (arguments.GetResult(Shots, defaultValue = "5"))
                and! workers = atLeast 1 "--workers" (arguments.GetResult(Workers, defaultValue = 2))
                and! out = modelFile (arguments.GetResult Out)
                return options, category, weights, shots, workers, out
            }
        )

    for warning in options.Warnings() do
        Session.warn session (string warning)

    let sampler = ShotSampler.Default.For shots
    let images = DataArgument.shots session category sampler shots seed |> Array.ofSeq
    use teacher = Compute.loadTeacher session options weights
    let source = DetectorSource(category.DataSet, category.Name, string sampler)

    use detector =
        match arguments.GetResults Weights with
        | [] -> train session options teacher images seed source workers
        | given -> adopt session options teacher images seed source workers given

    detector.Save out

    if session.Options.Json then
        Json.write session (describe out detector images)
    else
        let names = images |> Seq.map _.RelativeName |> String.concat ", "
        session.Out.WriteLine $"trained {options.DisplayName} on {category.Name}: {names}"
        session.Out.WriteLine $"threshold {detector.Card.Threshold:G6} (scores above it count as anomalous)"
        session.Out.WriteLine $"model: {out}"

    ExitCode.Fine

let verb =
    Verb.create
        "train"
        "trains a detector on a few good images"
        "falcon train --method falcon --data data/mvtec --category bottle --shots 5 --out bottle.falcon"
        [ CommonOption.Device; CommonOption.Threads; CommonOption.Quiet; CommonOption.Json; CommonOption.Extension ]
        run
