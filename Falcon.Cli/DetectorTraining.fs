/// Trainings with their progress, as 'falcon train' runs them.
module Falcon.Cli.DetectorTraining

open Falcon
open Falcon.Data
open Falcon.Detection
open Falcon.Imaging
open Falcon.Methods
open Falcon.Training

/// A method that learns from the defects of an auxiliary data set.
let onDefects session (options: MethodOptions) teacher (auxiliary: AuxiliarySet) seed workers =
    let images = auxiliary.Categories |> Seq.sumBy (fun known -> known.Category.TestImages.Count)

    Progress.track session $"training {options.Name}" "img" (options.Plan.ImagesSeen images) (fun report ->
        Detector.TrainOnDefects(
            options,
            teacher,
            auxiliary,
            seed,
            ComputedInputs(teacher, workers),
            progress = Progress.onReport (fun (state: TrainingProgress) -> report state.ImagesSeen $"epoch {state.Epoch}/{state.Epochs}"),
            cancellation = session.Cancellation
        ))

/// What a method builds on: read, or trained now where it learns from defects; null where the method trains it on the same photos, or builds on nothing.
let foundationOf session (options: MethodOptions) teacher (given: string option) auxiliary seed workers : Detector | null =
    match options.Foundation, given with
    | null, _ -> null
    | _, Some path -> Detector.Load(path, (teacher: Falcon.Backbones.Teacher))
    | first, None when first.LearnsFromDefects -> onDefects session first teacher (auxiliary first) seed workers
    | _ -> null

/// The detector, with a threshold from photos that were held out.
let calibrated
    session
    (options: MethodOptions)
    teacher
    images
    plan
    rate
    strict
    seed
    source
    workers
    (foundation: Detector | null)
    keepPhotos
    : Detector =
    let doubts (findings: System.Collections.Generic.IReadOnlyList<Finding>) =
        if strict then raise (InvalidInputException(Array.ofSeq findings))

        for finding in findings do
            Session.warn session $"{finding.Where} {finding.What}. {finding.Fix}"

    let train progress =
        CalibratedTraining.Run(
            options,
            teacher,
            images,
            seed,
            plan,
            rate,
            source,
            ComputedInputs(teacher, workers),
            progress,
            session.Cancellation,
            foundation,
            doubts,
            keepPhotos
        )

    let inputs: int array | null =
        match options.Preprocessing.Tiling with
        | null -> null
        | _ ->
            [| for image: ImageItem in images do
                   let shape = ImageFile.ReadShape image.Path
                   options.Preprocessing.InputsOf(shape.Width, shape.Height) |]

    match (plan: CalibrationPlan).ImagesSeen(options, inputs) with
    | 0L -> train null
    | total ->
        Progress.track session "training" "img" total (fun report ->
            train (Progress.onReport (fun (state: TrainingProgress) -> report state.ImagesSeen $"epoch {state.Epoch}/{state.Epochs}")))

/// With weights from elsewhere the images only give the threshold and what the method measures on good parts.
let adopt session (options: MethodOptions) teacher (images: ImageItem array) seed source workers (weights: string list) =
    Detector.Adopt(options, teacher, Array.ofList weights, images, seed, source, ComputedInputs(teacher, workers), session.Cancellation)
