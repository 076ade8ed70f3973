/// Trainings with their progress, as 'falcon train' runs them.
module Falcon.Cli.DetectorTraining

open System
open System.IO
open Falcon
open Falcon.Backbones
open Falcon.Data
open Falcon.Detection
open Falcon.Imaging
open Falcon.Methods
open Falcon.Training

/// How much of a training may be lost.
let private interval = TimeSpan.FromMinutes 1.0

let private left output (key: string) = Path.Combine(InterruptedTraining.folder output, key)

let private told hear (report: Progress.Report) =
    Progress.onReport (fun (state: TrainingProgress) ->
        hear state
        report state.ImagesSeen $"epoch {state.Epoch}/{state.Epochs}")

/// A method that learns from the defects of an auxiliary data set.
let onDefects session output (options: MethodOptions) (teacher: Teacher) (auxiliary: AuxiliarySet) seed workers =
    let images = auxiliary.Categories |> Seq.sumBy (fun known -> known.Category.TestImages.Count)

    let learnt =
        seq {
            for known in auxiliary.Categories do
                yield! known.Normals
                yield! known.Category.TestImages
        }

    let key = InterruptedTraining.key session options teacher learnt seed []

    InterruptedTraining.run session interval (left output key) (fun checkpoint hear ->
        Progress.track session $"training {options.Name}" "img" (options.Plan.ImagesSeen images) (fun report ->
            Detector.TrainOnDefects(
                options,
                teacher,
                auxiliary,
                seed,
                ComputedInputs(teacher, workers),
                checkpoint,
                told hear report,
                session.Cancellation
            )))
    |> fun head -> head, key

/// What a method builds on, with what tells it from others: read, or trained now where it learns from defects; null where the method trains it on the same photos, or builds
/// on nothing.
let foundationOf
    session
    output
    (options: MethodOptions)
    teacher
    (given: string option)
    auxiliary
    seed
    workers
    : (Detector | null) * string =
    match options.Foundation, given with
    | null, _ -> null, ""
    | _, Some path -> Detector.Load(path, (teacher: Teacher)), FileDigest.Sha256 path
    | first, None when first.LearnsFromDefects -> onDefects session output first teacher (auxiliary first) seed workers
    | _ -> null, ""

/// The detector, with a threshold from photos that were held out.
let calibrated
    session
    output
    (options: MethodOptions)
    teacher
    images
    (plan: CalibrationPlan)
    rate
    strict
    seed
    source
    workers
    (foundation: Detector | null, ground: string)
    keepPhotos
    : Detector =
    let key = InterruptedTraining.key session options teacher images seed [ $"{plan.Way} {plan.Trainings}"; ground ]

    let doubts (findings: System.Collections.Generic.IReadOnlyList<Finding>) =
        if strict then
            InterruptedTraining.tell session (left output key) "the command without --strict"
            raise (InvalidInputException(Array.ofSeq findings))

        for finding in findings do
            Session.warn session $"{finding.Where} {finding.What}. {finding.Fix}"

    let train checkpoint progress =
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
            keepPhotos,
            checkpoint
        )

    let inputs: int array | null =
        match options.Preprocessing.Tiling with
        | null -> null
        | _ ->
            [| for image: ImageItem in images do
                   let shape = ImageFile.ReadShape image.Path
                   options.Preprocessing.InputsOf(shape.Width, shape.Height) |]

    InterruptedTraining.run session interval (left output key) (fun checkpoint hear ->
        match plan.ImagesSeen(options, inputs) with
        | 0L -> train checkpoint (Progress.onReport hear)
        | total -> Progress.track session "training" "img" total (fun report -> train checkpoint (told hear report)))

/// With weights from elsewhere the images only give the threshold and what the method measures on good parts.
let adopt session (options: MethodOptions) teacher (images: ImageItem array) seed source workers (weights: string list) =
    Detector.Adopt(options, teacher, Array.ofList weights, images, seed, source, ComputedInputs(teacher, workers), session.Cancellation)
