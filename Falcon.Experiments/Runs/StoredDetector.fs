namespace Falcon.Experiments

open Falcon
open Falcon.Detection
open Falcon.Experiments.Stages
open Falcon.Experiments.Store
open Falcon.Weights

module StoredDetector =
    let private model store (run: Run) =
        StageCall.ofDocument run.Document
        |> Option.bind (fun call -> Store.tryFind store call |> Result.toOption)
        |> Option.map (fun found -> found.Outputs["model"].Path)

    let private unknown (run: Run) =
        InvalidInputException(
            "the store does not have its trained weights",
            run.Id,
            "Run the study again; 'falcon cache ls' shows what is there."
        )

    let method (run: Run) =
        match StageCall.ofDocument run.Document with
        | Some call -> Training.methodOf call
        | None -> raise (unknown run)

    let teacher (store: Store) (run: Run) =
        let wanted = StageCall.ofDocument run.Document |> Option.bind (fun call -> Map.tryFind "teacher" call.Inputs)

        let known =
            TeacherSource.Random
            :: [ for stored in WeightsStore.OfUser().List() do
                     if not (isNull stored.FilePath) then TeacherSource.Named stored.Name ]

        known
        |> List.tryFind (fun source ->
            match TeacherWeights.withDigest store source with
            | Ok(_, digest) -> wanted = Some(Content digest)
            | Error _ -> false)

    /// A detector outside of the study would lack the study's own stages.
    let private processed (run: Run) =
        InvalidInputException(
            "was made with feature stages of its study, which no model file can hold",
            run.Id,
            "Score images in the study, or run it without feature stages."
        )

    let load store (run: Run) (teacher: Falcon.Backbones.Teacher) =
        match model store run, run.Result with
        | _, Some result when not (isNull result.Protocol.FeatureStages) -> raise (processed run)
        | Some path, Some result ->
            let detector = Detector.Load(path, teacher)
            detector.Relabel(DetectorSource(result.DataSet, result.Category, result.Protocol.Sampler))
            detector
        | _ -> raise (unknown run)

    let losses store run = model store run |> Option.map Training.losses |> Option.defaultValue [||]
