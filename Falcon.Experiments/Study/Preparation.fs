/// What a study needs, found and checked before any work starts.
module internal Falcon.Experiments.Preparation

open System
open System.Collections.Generic
open System.IO
open System.Text.RegularExpressions
open Falcon
open Falcon.Data
open Falcon.Diagnostics
open Falcon.DrawnData
open TorchSharp

/// The inputs of a study that are on disk.
type Materials =
    {
        Categories: Map<string * string, Category>
        Teacher: TeacherWeights.Located
        /// What makes results doubtful.
        Warnings: Finding list
        Digests: Dictionary<string, string>
    }

    /// The images of a cell.
    member this.Category(cell: Cell) = this.Categories[cell.Data.Name, cell.Category]

    /// SHA-256 of a file's content, which is read once.
    member this.FileDigest(path: string) : string =
        match this.Digests.TryGetValue path with
        | true, digest -> digest
        | false, _ ->
            let digest = FileDigest.Sha256 path
            this.Digests.Add(path, digest)
            digest

    /// SHA-256 over names and contents of images and their masks.
    member this.DataDigest(images: ImageItem seq) = DataDigest.Of(images, (fun path -> this.FileDigest path))

let private finding what where fix = Finding(what, where, fix)

let private emptyField (experiment: Experiment) =
    let field name values fix =
        [ if List.isEmpty values then
              finding $"has no {name}" $"study {experiment.Name}" fix ]

    [ if not (Regex.IsMatch(experiment.Name, "^[A-Za-z0-9][A-Za-z0-9._+-]*$")) then
          finding "is no name for a folder" $"study '{experiment.Name}'" "Use letters, digits, '.', '_', '+' and '-'."

      yield! field "data" experiment.Data "Add one: data (MvtecAd.at \"folder\")."
      yield! field "shots" experiment.Shots "Add some: shots [ 5 ]."
      yield! field "seeds" experiment.Seeds "Add some: seeds [ 0; 1; 2 ]."
      yield! field "methods" experiment.Methods "Add one: methods [ Method.falcon (FalconOptions()) ]."
      yield! field "metrics" experiment.Metrics "Add one: metrics [ ImageAuroc ]."

      for data in experiment.Data do
          yield! field $"categories of {data.Name}" data.Categories "Name some: Data.categories [ \"bottle\" ]."

      for shots in experiment.Shots do
          if shots < 1 then
              finding $"{shots} is no number of shots" $"study {experiment.Name}" "Give at least 1." ]

let private repeatedId (experiment: Experiment) =
    [ for id, count in Experiment.cells experiment |> List.countBy Cell.id do
          if count > 1 then
              finding $"stands for {count} cells" id "Leave out what is repeated, or tell data sets of one name apart with Data.named." ]

let private options (experiment: Experiment) =
    [ for method in experiment.Methods do
          yield! method.Check() ]

/// Every fault that a study shows by itself.
let checkValue (experiment: Experiment) : Finding list = emptyField experiment @ repeatedId experiment @ options experiment |> List.distinct

let private checkDevice (runtime: Runtime) =
    let fault =
        finding "this machine has no such device" $"device {runtime.Device}" "Use cpu; 'falcon doctor' lists the devices."

    try
        let device = torch.device runtime.Device

        if device.``type`` = DeviceType.CUDA && device.index >= HostInfo.Current.CudaDevices then
            [ fault ]
        else
            []
    with :? ArgumentException ->
        [ fault ]

/// The drawn data set is the same in every study.
let private drawnAt (runtime: Runtime) experiment =
    let folder = Path.Combine(Runtime.folder experiment runtime, "drawn")
    DrawnDataSet.Write(folder, DrawnDataOptions(), workers = runtime.Threads)
    folder

let private source (runtime: Runtime) experiment (data: DataSet) : IDataSource =
    match data.Layout with
    | DataLayout.Mvtec folder -> Falcon.Data.MvtecAd(folder, data.Name)
    | DataLayout.Category folder -> PlainFolder folder
    | DataLayout.Drawn -> Falcon.Data.MvtecAd(drawnAt runtime experiment, data.Name)

/// The findings that an action raises.
let private attempt (action: unit -> 'result) : Result<'result, Finding list> =
    try
        Ok(action ())
    with :? InvalidInputException as error ->
        Error(List.ofSeq error.Findings)

let private openCategory (runtime: Runtime) (experiment: Experiment) (source: IDataSource) name =
    attempt (fun () ->
        let category = source.Open name
        let masks = if experiment.Metrics |> List.exists _.NeedsMaps then Nullable true else Nullable()
        let needs = DataNeeds(List.max experiment.Shots, Test = true, Masks = masks)
        let report = DataCheck.Find(category, needs, runtime.LoaderWorkers)
        report.ThrowIfUnusable()
        category, List.ofSeq report.Warnings)

let private openData runtime experiment (data: DataSet) =
    match attempt (fun () -> source runtime experiment data) with
    | Error findings -> [ Error findings ]
    | Ok source ->
        [ for name in data.Categories ->
              openCategory runtime experiment source name
              |> Result.map (fun (category, warnings) -> ((data.Name, name), category), warnings) ]

let private errors results =
    List.collect
        (fun result ->
            match result with
            | Ok _ -> []
            | Error findings -> findings)
        results

/// Everything that a study reads, or every finding about the study and what it reads.
let prepare (runtime: Runtime) (experiment: Experiment) : Result<Materials, Finding list> =
    let teacher = TeacherWeights.locate experiment.Teacher
    let faults = checkValue experiment @ checkDevice runtime

    let data =
        if experiment.Shots.IsEmpty then
            []
        else
            experiment.Data |> List.collect (openData runtime experiment)

    match faults @ errors data @ errors [ teacher ], teacher with
    | [], Ok teacher ->
        let opened = data |> List.choose Result.toOption

        Ok
            { Categories = opened |> List.map fst |> Map
              Teacher = teacher
              Warnings = opened |> List.collect snd
              Digests = Dictionary() }
    | findings, _ -> Error findings
