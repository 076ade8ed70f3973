module Falcon.Cli.EvalVerb

open Argu
open Falcon.Detection
open Falcon.Metrics
open Falcon.Cli.Validation

type EvalArgument =
    | [<Mandatory>] Model of file: string
    | [<Mandatory>] Data of folder: string
    | Category of name: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Model _ -> "a model file that 'falcon train' wrote"
            | Data _ -> "a data set with good and anomalous test images"
            | Category _ -> "the category; may be left out where there is only one"

let private ranking session (detector: Detector) images =
    let images = Array.ofSeq images

    let predictions =
        Progress.track session "testing" "img" (int64 images.Length) (fun report ->
            detector.Predict(images, cancellation = session.Cancellation)
            |> Seq.mapi (fun index prediction ->
                report (int64 index + 1L) ""
                prediction)
            |> Seq.toArray)

    ImageRanking([| for p in predictions -> p.Score |], [| for p in predictions -> p.Item.IsAnomalous |])

let private run session (arguments: ParseResults<EvalArgument>) =
    let detector, category =
        require (
            validation {
                let! detector = attempt (fun () -> Detector.Load(arguments.GetResult Model, Compute.device session))

                and! category = attempt (fun () -> DataArgument.openCategory (arguments.GetResult Data) (arguments.TryGetResult Category))

                return detector, category
            }
        )

    use detector = detector
    let images = DataArgument.testImages session category

    if detector.Card.Source.Category <> category.Name then
        Session.warn session $"the model was trained on '{detector.Card.Source.Category}', the images are of '{category.Name}'"

    let ranking = ranking session detector images

    let metrics =
        [ "imageAuroc", "image AUROC", ranking.Auroc.Value
          "imageAp", "image AP", ranking.AveragePrecision.Value
          "imageF1Max", "image F1-max", ranking.F1Max.Value.Value ]

    if session.Options.Json then
        Json.write session (Json.object [ for name, _, value in metrics -> name, Json.number value ])
    else
        ConsoleTable.write session [ Left "metric"; Right "percent" ] [ for _, title, value in metrics -> [ title; $"{100.0 * value:F1}" ] ]

    ExitCode.Fine

let verb =
    Verb.create
        "eval"
        "scores a model on the test images of a category"
        "falcon eval --model bottle.falcon --data data/mvtec --category bottle"
        [ CommonOption.Device; CommonOption.Threads; CommonOption.Quiet; CommonOption.Json; CommonOption.Extension ]
        run
