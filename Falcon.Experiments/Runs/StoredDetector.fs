namespace Falcon.Experiments

open Falcon
open Falcon.Detection
open Falcon.Experiments.Stages
open Falcon.Experiments.Store

module StoredDetector =
    let private model store (run: Run) =
        StageCall.ofDocument run.Document
        |> Option.bind (fun call -> Store.tryFind store call |> Result.toOption)
        |> Option.map (fun found -> found.Outputs["model"].Path)

    let backbone (run: Run) =
        match run.Result with
        | Some result -> result.Provenance.TeacherDigest.Split(' ')[0]
        | None -> ""

    let load store (run: Run) (teacher: Falcon.Backbones.Teacher) =
        match model store run, run.Result with
        | Some path, Some result ->
            let detector = Detector.Load(path, teacher)
            detector.Relabel(DetectorSource(result.DataSet, result.Category, result.Protocol.Sampler))
            detector
        | _ ->
            raise (
                InvalidInputException(
                    "the store does not have its trained weights",
                    run.Id,
                    "Run the study again; 'falcon cache ls' shows what is there."
                )
            )

    let losses store run = model store run |> Option.map Training.losses |> Option.defaultValue [||]
