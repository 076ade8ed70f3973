/// One cell from its inputs to its folder.
module internal Falcon.Experiments.CellRun

open System
open System.Collections.Generic
open System.Diagnostics
open System.IO
open System.Threading
open Falcon
open Falcon.Backbones
open Falcon.Data
open Falcon.Diagnostics
open Falcon.Metrics
open Falcon.Results
open Falcon.Training

/// The teachers of a study, each loaded once, when a cell first needs it.
[<Sealed>]
type Teachers(device: string, weights: TeacherWeights.Located) =
    let loaded = Dictionary<string, Teacher>()

    member _.Of(cell: Cell) =
        let backbone = TeacherWeights.backbone cell.Method

        match loaded.TryGetValue backbone with
        | true, teacher -> teacher
        | false, _ ->
            let teacher = TeacherWeights.load device weights cell.Method
            loaded.Add(backbone, teacher)
            teacher

    interface IDisposable with
        member _.Dispose() =
            for teacher in loaded.Values do
                teacher.Dispose()

/// What the cells of a study share.
type Work =
    { Materials: Preparation.Materials
      Metrics: Metric list
      Folder: string
      Runtime: Runtime
      Teachers: Teachers
      Progress: IProgress<StudyEvent>
      Cancellation: CancellationToken }

/// A cell with everything that it reads.
type private Job =
    {
        Cell: Cell
        Category: Category
        /// The training images.
        Selected: ImageItem list
        Inputs: CellInputs
        Key: CellKey
        Folder: string
        /// Where the category's images are now.
        DataFolder: string
    }

let private jobOf work cell =
    let category = work.Materials.Category cell
    let selected = Stages.select category cell

    let inputs =
        { Method = cell.Method
          Protocol = Cell.protocol cell
          Seed = cell.Seed
          Teacher = TeacherWeights.digest work.Materials.Teacher cell.Method
          Training = [ for image in selected -> { Name = image.RelativeName; Digest = work.Materials.FileDigest image.Path } ]
          Test = work.Materials.DataDigest category.TestImages }

    { Cell = cell
      Category = category
      Selected = selected
      Inputs = inputs
      Key = CellKey.ofInputs inputs
      Folder = CellFiles.folder work.Folder cell
      DataFolder = Path.GetFullPath category.Folder }

let private timed (work: unit -> 'result) =
    let started = Stopwatch.GetTimestamp()
    let result = work ()
    result, Stopwatch.GetElapsedTime(started).TotalSeconds

let private telling (report: 'value -> unit) =
    { new IProgress<'value> with
        member _.Report value = report value }

/// The detector and how long its preparation and its training took; the first report comes between the two.
let private train work job teacher =
    let started = Stopwatch.GetTimestamp()
    let prepared = ref 0.0

    let told (progress: TrainingProgress) =
        if progress.Epoch = 0 then
            prepared.Value <- Stopwatch.GetElapsedTime(started).TotalSeconds

        work.Progress.Report(CellTraining(job.Cell, progress))

    let detector = Stages.train teacher work.Runtime.LoaderWorkers (telling told) work.Cancellation job.Cell job.Selected
    detector, prepared.Value, Stopwatch.GetElapsedTime(started).TotalSeconds - prepared.Value

let private predict work job detector =
    let test = job.Category.TestImages
    let told index = work.Progress.Report(CellPredicting(job.Cell, index, test.Count))
    Stages.predict detector work.Runtime.LoaderWorkers told work.Cancellation test

let private compute work job =
    let recorder = ProvenanceRecorder()
    let teacher = work.Teachers.Of job.Cell
    CellFiles.start job.Folder
    let detector, prepareSeconds, trainSeconds = train work job teacher
    use detector = detector
    let predictions, predictSeconds = timed (fun () -> predict work job detector)
    detector.Save(Path.Combine(job.Folder, CellFiles.Model))
    Stages.writeMaps (Path.Combine(job.Folder, CellFiles.Maps)) predictions
    CellFiles.writeKey job.Folder job.Key job.DataFolder
    let images = Stages.outcomes job.Category.Folder predictions
    let metrics, measureSeconds = timed (fun () -> Stages.measure work.Metrics job.Category job.Folder images)
    let dataDigest = work.Materials.DataDigest(Seq.append job.Selected job.Category.TestImages)
    let seeds = Dictionary(dict [ "master", int64 job.Cell.Seed ])

    let result =
        CellResult(
            Cell.label job.Cell,
            job.Cell.Data.Name,
            job.Cell.Category,
            job.Cell.Seed,
            job.Inputs.Protocol,
            Array.ofList metrics,
            images,
            Timings(prepareSeconds, trainSeconds, predictSeconds, measureSeconds),
            recorder.Record(teacher.Device, seeds, dataDigest, job.Inputs.Teacher)
        )

    CellFiles.finish job.Folder result
    result

let private withMetrics metrics (result: CellResult) =
    CellResult(
        result.Method,
        result.DataSet,
        result.Category,
        result.Seed,
        result.Protocol,
        Array.ofList metrics,
        result.Images,
        result.Timings,
        result.Provenance
    )

/// The earlier result with the metrics that are asked for now; those that it lacks are measured on the maps and scores that it left.
let private remeasured work job (earlier: CellResult) =
    let known = List.ofSeq earlier.Metrics
    let missing = work.Metrics |> List.filter (fun metric -> isNull (earlier.Find metric))

    let added = if missing.IsEmpty then [] else Stages.measure missing job.Category job.Folder earlier.Images

    let asked = [ for metric in work.Metrics -> known @ added |> List.find (fun value -> value.Metric = metric) ]

    if asked = known then
        earlier
    else
        let result = withMetrics asked earlier
        CellFiles.finish job.Folder result
        result

/// Computes a cell, unless its folder holds the result of the same key.
let run work cell =
    let job = jobOf work cell

    match CellFiles.readKey job.Folder, CellFiles.read job.Folder with
    | Some earlier, Some result when earlier.Key = job.Key.Key.Hex ->
        if earlier.DataFolder <> job.DataFolder then
            CellFiles.writeKey job.Folder job.Key job.DataFolder

        Kept(remeasured work job result)
    | Some earlier, Some _ ->
        let different = CellKey.differences earlier.Document job.Key
        work.Progress.Report(CellStarted(cell, Some $"""{String.Join(", ", different)} differs"""))
        Computed(compute work job)
    | _ ->
        work.Progress.Report(CellStarted(cell, None))
        Computed(compute work job)
