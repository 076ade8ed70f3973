module Falcon.Cli.TeachVerb

open System.Collections.Generic
open Argu
open Falcon
open Falcon.Data
open Falcon.Detection
open Falcon.Training
open Falcon.Cli.Validation

type TeachArgument =
    | [<Mandatory>] Model of file: string
    | Out of model: string
    | Defects of images: string list
    | Regions of folder: string
    | Data of folder: string
    | Category of name: string
    | Epochs of count: int
    | Strict
    | [<MainCommand>] Images of image: string list

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Model _ -> "a model file that 'falcon train' wrote"
            | Out _ -> "the model file to write; default: the same, replaced in one step"
            | Defects _ ->
                "photos of known defects, files or folders behind the good photos, to see whether they are still caught. Their scores are remembered"
            | Regions _ -> ImageArgument.regionsUsage
            | Data _ -> "the data that the model was trained on, for a method that trains and a model that keeps no photos"
            | Category _ -> "the category; may be left out where there is only one, or the model names it"
            | Epochs _ -> "passes over all photos; default: a fifth of the method's, again until the photos pass"
            | Strict -> "writes nothing if a known defect is missed that was caught before"
            | Images _ -> "good photos, image files or folders of them; none to see what the model has been taught"

/// More are counted, not named.
[<Literal>]
let private MostNames = 20

let private said (score: float) threshold = $"{score:G5} ({PredictionRecord.RelativeOf(score, threshold):F2} of the threshold)"

let private toJson (path: string) (detector: Detector) (outcome: TeachingOutcome option) =
    let lesson (lesson: Lesson) : Json.Value = DetectorJson.Node(LessonRecord.Of lesson)

    let defect (check: DefectCheck) =
        Json.object
            [ "image", Json.text check.Photo
              "scoreBefore", Json.number check.ScoreBefore
              "scoreAfter", (if check.ScoreAfter.HasValue then Json.number check.ScoreAfter.Value else null)
              "wasCaught", Json.flag check.WasCaught
              "isCaught", Json.flag check.IsCaught ]

    let lessons: Lesson seq =
        match detector.Card.Lessons with
        | null -> Seq.empty
        | lessons -> lessons

    Json.object
        [ "model", Json.text path
          "method", Json.text detector.Card.Method.Name
          match outcome with
          | Some outcome ->
              "images", outcome.Lessons |> Seq.map lesson |> Json.array
              "thresholdBefore", Json.number outcome.ThresholdBefore
              "threshold", Json.number outcome.ThresholdAfter
              "defects", outcome.Defects |> Seq.map defect |> Json.array
              "epochs", Json.whole outcome.Epochs
              "seconds", Json.number outcome.Duration.TotalSeconds
          | None -> "threshold", Json.number detector.Threshold
          "history", lessons |> Seq.map lesson |> Json.array ]

/// A known defect that is missed now, as a finding.
let private lost (outcome: TeachingOutcome) (check: DefectCheck) =
    match Option.ofNullable check.ScoreAfter with
    | Some after ->
        Finding(
            $"was caught at {said check.ScoreBefore outcome.ThresholdBefore} and is missed now, at {said after outcome.ThresholdAfter}",
            check.Photo,
            "Is the photo that was taught really good?"
        )
    | None ->
        Finding(
            $"was caught, and its score of then, {check.ScoreBefore:G5}, does not exceed the present threshold",
            check.Photo,
            "Give it with --defects to see what the model says of it now."
        )

let private defectLines (outcome: TeachingOutcome) =
    let seen, remembered = outcome.Defects |> List.ofSeq |> List.partition _.ScoreAfter.HasValue
    let caught (checks: DefectCheck list) is = checks |> List.filter is |> List.length

    [ if not seen.IsEmpty then
          $"known defects: {caught seen _.IsCaught} of {seen.Length} are caught, {caught seen _.WasCaught} were before"
      if not remembered.IsEmpty then
          $"remembered defects: {caught remembered _.IsCaught} of {remembered.Length} had scores above the threshold; --defects sees what the model says of them now" ]

let private lessonLines (outcome: TeachingOutcome) =
    [ for lesson in Seq.truncate MostNames outcome.Lessons do
          let remark =
              if lesson.ScoreBefore > lesson.ThresholdBefore then
                  ""
              else
                  "; it was no false alarm, and is learnt all the same"

          $"{lesson.Photo}: score {said lesson.ScoreBefore lesson.ThresholdBefore} before, {said lesson.ScoreAfter lesson.ThresholdAfter} now{remark}"
      if outcome.Lessons.Count > MostNames then
          $"and {outcome.Lessons.Count - MostNames} more"
      for name in outcome.Earlier do
          $"{name}: taught before, and not taught again" ]

let private thresholdLine (outcome: TeachingOutcome) =
    if outcome.ThresholdAfter > outcome.ThresholdBefore then
        $"threshold raised from {outcome.ThresholdBefore:G6} to {outcome.ThresholdAfter:G6}: a photo would not pass otherwise, although it has been learnt"
    else
        $"threshold {outcome.ThresholdAfter:G6}, as before"

let private history session path (detector: Detector) =
    match detector.Card.Lessons with
    | null -> session.Out.WriteLine $"{path} has been taught nothing since its training; name good photos to teach it"
    | lessons ->
        ConsoleTable.write
            session
            [ Left "taught"; Right "score before"; Right "after"; Right "threshold before"; Right "after" ]
            [ for lesson in lessons ->
                  [ lesson.Photo
                    $"{lesson.ScoreBefore:G5}"
                    $"{lesson.ScoreAfter:G5}"
                    $"{lesson.ThresholdBefore:G5}"
                    $"{lesson.ThresholdAfter:G5}" ] ]

/// The photos in a folder that the model was trained on.
let private known (detector: Detector) folder (category: string option) : IReadOnlyList<ImageItem> =
    let named = FileName.Find((DataFolder.Detect folder).Categories, detector.Card.Source.Category) |> Option.ofObj
    let learnt = set detector.Card.TrainingImages

    (DataArgument.openCategory folder (Option.orElse named category)).TrainImages
    |> Seq.filter (fun image -> learnt.Contains image.RelativeName)
    |> Array.ofSeq
    :> _

let private teach session (detector: Detector) photos defects known epochs =
    let run progress =
        Teaching.Run(
            detector,
            Array.ofList photos,
            Array.ofList defects,
            Option.toObj known,
            Option.toNullable epochs,
            progress = progress,
            cancellation = session.Cancellation
        )

    let images = detector.Card.TrainingImages.Count + photos.Length

    match detector.Card.Method.Plan.ImagesSeen images with
    | 0L -> run null
    | most ->
        Progress.track session "teaching" "img" most (fun report ->
            run (Progress.onReport (fun (state: TrainingProgress) -> report state.ImagesSeen $"epoch {state.Epoch}/{state.Epochs}")))

let private run session (arguments: ParseResults<TeachArgument>) =
    let model = arguments.GetResult Model
    let given = arguments.GetResult(Images, defaultValue = [])

    let detector, photos, defects, out, epochs =
        require (
            validation {
                let! detector = attempt (fun () -> Detector.Load(model, Compute.device session))
                and! photos = if given.IsEmpty then Ok [] else ImageArgument.collect session given

                and! defects =
                    match arguments.GetResults Defects with
                    | [] -> Ok []
                    | named -> ImageArgument.collect session (List.concat named)

                and! out = OutputPath.file OutputPath.model "--out" (arguments.GetResult(Out, defaultValue = model))

                and! epochs =
                    match arguments.TryGetResult Epochs with
                    | Some epochs when epochs < 1 -> Error [ Finding($"{epochs} is too small", "--epochs", "Give a number of at least 1.") ]
                    | epochs -> Ok epochs

                return detector, photos, defects, out, epochs
            }
        )

    use detector = detector
    let regions = arguments.TryGetResult Regions
    let photos, defects = ImageArgument.lookedAt regions photos, ImageArgument.lookedAt regions defects

    if photos.IsEmpty && not defects.IsEmpty then
        raise (
            InvalidInputException(
                "there is no good photo to teach",
                "teach",
                "Name it before --defects: falcon teach --model M good.jpg --defects DEFECTS."
            )
        )

    if photos.IsEmpty then
        if session.Options.Json then
            Json.write session (toJson model detector None)
        else
            history session model detector

        ExitCode.Fine
    else
        ImageArgument.checkRegions session detector regions

        let known =
            arguments.TryGetResult Data
            |> Option.map (fun folder -> known detector folder (arguments.TryGetResult Category))

        ImageArgument.checkReadable
            session
            detector
            [ yield! photos; yield! defects; yield! known |> Option.map List.ofSeq |> Option.defaultValue [] ]

        let outcome = teach session detector photos defects known epochs

        let findings =
            [ for check in outcome.Defects do
                  if check.IsLost then lost outcome check ]

        if arguments.Contains Strict && not findings.IsEmpty then
            raise (InvalidInputException(Array.ofList findings))

        for finding in findings do
            Session.warn session (string finding)

        let kept = OutputPath.keep session out detector.Save

        if session.Options.Json then
            Json.write session (toJson kept detector (Some outcome))
        else
            let lines =
                [ yield! lessonLines outcome
                  $"learnt in {outcome.Duration.TotalSeconds:F1} s"
                  thresholdLine outcome
                  yield! defectLines outcome
                  $"model: {kept}" ]

            for line in lines do
                session.Out.WriteLine line

        OutputPath.exitCode out kept

let verb =
    Verb.create
        "teach"
        "makes good photos of false alarms: a model learns them after its training"
        "falcon teach --model bottle.falcon predictions/good-after-all.jpg --defects photos/defects"
        [ CommonOption.Device; CommonOption.Threads; CommonOption.Quiet; CommonOption.Json; CommonOption.Extension ]
        run
