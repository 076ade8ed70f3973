/// What a study needs, found and checked before any work starts.
module internal Falcon.Experiments.Preparation

open System
open System.Collections.Concurrent
open System.IO
open System.Threading
open Falcon
open Falcon.Data
open Falcon.Diagnostics
open Falcon.DrawnData
open Falcon.Experiments.Store
open Falcon.Methods
open Falcon.Randomness
open TorchSharp

/// The inputs of a study that are on disk.
type Materials =
    {
        Categories: Map<string * string, Category>
        Teachers: Map<TeacherSource, TeacherWeights * Digest>
        /// The method of a cell with the architecture of its teacher.
        Taught: Cell -> MethodOptions
        /// The categories of an auxiliary data set.
        Auxiliary: DataSet -> Category list
        /// What makes results doubtful.
        Warnings: Finding list
        /// The digest of a file that the study reads.
        FileDigest: string -> Digest
    }

    /// The images of a cell.
    member this.Category(cell: Cell) = this.Categories[cell.Data.Name, cell.Category]

let private finding what where fix = Finding(what, where, fix)

/// Bytes of a study's name, which names a folder.
[<Literal>]
let private LongestName = 100

/// Faults of a sweep's name, metrics and shots.
let private sweepFaults (sweep: Sweep) =
    [ let isName = sweep.Name <> "" && Char.IsLetterOrDigit sweep.Name[0] && FileName.Plain sweep.Name = sweep.Name

      if not isName || FileName.Shortened(sweep.Name, LongestName) <> sweep.Name then
          finding
              "is no name for a folder"
              $"study '{sweep.Name}'"
              $"Use letters, digits, '.', '_', '+' and '-', at most {LongestName} bytes of them."

      if sweep.Metrics.IsEmpty then
          finding "has no metrics" $"study {sweep.Name}" "Add one: metrics [ ImageAuroc ]."

      for shots in sweep.Cells |> List.map _.Shots |> List.distinct do
          if shots < 1 then
              finding $"{shots} is no number of shots" $"study {sweep.Name}" "Give at least 1, or Shots.All for every image."

      for seed in sweep.Cells |> List.map _.Seed |> List.distinct do
          if seed < 0 then
              finding $"{seed} is no seed" $"study {sweep.Name}" "Give whole numbers from 0: seeds [ 0; 1; 2 ]." ]

let private noCells (sweep: Sweep) =
    finding
        "has no cells"
        $"study {sweep.Name}"
        "Give it data with categories, methods, shots and seeds, and conditions that some cells satisfy."

/// What stands twice in a list of an experiment.
let private repeatedValues (study: IStudy) =
    match study with
    | :? Experiment as experiment ->
        let twice name fix values =
            [ for value, count in List.countBy id values do
                  if count > 1 then
                      finding $"{value} stands {count} times in {name}" $"study {experiment.Name}" fix ]

        let once = "Name it once."
        let shots = [ for shots in experiment.Shots -> if shots = Shots.All then "all" else string shots ]
        // One data set may stand there several times with other categories.
        let categories =
            [ for data in experiment.Data do
                  for category in data.Categories -> $"{category} of {data.Name}" ]

        twice "seeds" once (List.map string experiment.Seeds)
        @ twice "shots" once shots
        @ twice "methods" once (List.map MethodVariant.id experiment.Methods)
        @ twice "dataSets" "Name it once, or tell data sets of one name apart with Data.named." categories
    | _ -> []

let private repeatedId (sweep: Sweep) =
    [ for id, count in sweep.Cells |> List.countBy Cell.id do
          if count > 1 then
              finding $"stands for {count} cells" id "Leave out what is repeated, or tell data sets of one name apart with Data.named." ]

let private options (sweep: Sweep) =
    [ for method in sweep.Cells |> List.map _.Method |> List.distinct do
          match MethodCatalog.WhyUnusable method with
          | null -> yield! method.Check()
          | unusable -> unusable ]

/// Features that training computes itself would not pass through the study's own stages.
let private stages (sweep: Sweep) =
    [ for method in sweep.Cells |> List.filter (fun cell -> not cell.FeatureStages.IsEmpty) |> List.map _.Method |> List.distinct do
          if method.RunsTeacher || method.NeedsAuxiliary then
              finding
                  $"{method.DisplayName} runs the teacher on images that its training makes, or learns from another data set"
                  $"study {sweep.Name}, feature stages"
                  "Use feature stages with methods that learn from the features of unchanged images alone, such as PatchCore or STPM." ]

/// What cells lack that learn from defects, and what cannot be a method of its own.
let private defects (sweep: Sweep) =
    [ for cell in sweep.Cells |> List.distinctBy (fun cell -> cell.Method, cell.Auxiliary) do
          let method = cell.Method

          if method.LearnsFromDefects then
              finding
                  $"{method.DisplayName} detects nothing by itself"
                  $"study {sweep.Name}, methods"
                  "Name the method that builds on it: the study trains both."
          elif method.NeedsAuxiliary then
              match cell.Auxiliary with
              | None ->
                  finding
                      $"{method.DisplayName} learns from the defects of another data set, and none is named"
                      $"study {sweep.Name}"
                      "Name one with masks: auxiliary (Visa.at \"data/visa\")."
              | Some data when data.Categories.IsEmpty ->
                  finding "has no categories" $"auxiliary {data.Name}" "Name some: Data.categories [ \"bottle\" ]."
              | Some _ -> () ]

/// A threshold from held-out photos knows nothing of what a study computes between its stages.
let private ownThresholds (sweep: Sweep) =
    [ for metric in sweep.Metrics do
          if
              metric.FalseAlarmRate.HasValue
              && sweep.Cells |> List.exists (fun cell -> not (cell.FeatureStages.IsEmpty && cell.ScoreStages.IsEmpty))
          then
              finding
                  "is measured at the detector's own threshold, which feature stages and score stages would leave wrong"
                  $"study {sweep.Name}, metric {metric.Name}"
                  "Leave the metric away, or the stages." ]

/// Metrics of the study's own that would be taken for others.
let private metrics (sweep: Sweep) =
    [ for metric in sweep.Metrics do
          if metric.IsImpostor then
              finding "is the name of another metric" $"metric {metric.Name}" "Give a metric of your own a name of its own."
      for name, same in sweep.Metrics |> List.groupBy _.Name do
          if same.Length > 1 then
              finding $"is named {same.Length} times" $"metric {name}" "Name it once; give each metric of your own a name of its own." ]

/// A study without its reports.
let private plain (study: IStudy) =
    match study with
    | :? ReportedStudy as study -> study.Of
    | study -> study

/// Sections of planned reports that could not be made, folders that could not be written, and those that two reports would share.
let private reports (study: IStudy) (sweep: Sweep) =
    match study with
    | :? ReportedStudy as study ->
        let extent = Extent.ofSweep sweep

        [ for folder, sections in study.Reports do
              yield! sections |> List.collect (Section.faults extent)

              match WritableFolder.problem folder with
              | Some reason -> finding $"cannot be written ({reason})" $"report {folder}" "Name another folder."
              | None -> ()


              if List.isEmpty sections then
                  finding "has no sections" $"report {folder}" "Name some: Report.usual has a list of them."

          for folder, same in study.Reports |> List.countBy (fst >> Path.GetFullPath) do
              if same > 1 then
                  finding $"stands for {same} reports" folder "Give each report a folder of its own." ]
    | _ -> []

/// What an experiment says of its own empty fields.
let private emptyField (study: IStudy) =
    match study with
    | :? Experiment as experiment ->
        let field name values fix =
            [ if List.isEmpty values then
                  finding $"has no {name}" $"study {experiment.Name}" fix ]

        [ yield! field "data" experiment.Data "Add one: data (MvtecAd.at \"folder\")."
          yield! field "shots" experiment.Shots "Add some: shots [ 5 ]."
          yield! field "seeds" experiment.Seeds "Add some: seeds [ 0; 1; 2 ]."
          yield! field "methods" experiment.Methods "Add one: methods [ FalconOptions() ]."

          for data in experiment.Data do
              yield! field $"categories of {data.Name}" data.Categories "Name some: Data.categories [ \"bottle\" ]." ]
    | _ -> []

/// Every fault that a study shows by itself, its methods' options aside, which depend on teachers.
let checkValue (study: IStudy) : Finding list =
    let sweep = study.Sweep

    let empty =
        match emptyField (plain study) with
        | [] when sweep.Cells.IsEmpty -> [ noCells sweep ]
        | faults -> faults

    empty
    @ sweepFaults sweep
    @ (match repeatedValues (plain study) with
       | [] -> repeatedId sweep
       | repeated -> repeated)
    @ stages sweep
    @ ownThresholds sweep
    @ defects sweep
    @ metrics sweep
    @ (if sweep.Cells.IsEmpty then [] else reports study sweep)
    @ StudyAssignments.idle [ for cell in sweep.Cells -> cell.Seed, cell.Shots, cell.Method ]
    |> List.distinct

let private checkRuntime (runtime: Runtime) =
    let atLeastOne name value = [ if value < 1 then finding $"{value} is too few" name "Give at least 1." ]

    let checkDevice name =
        let fault = finding "this machine has no such device" $"device {name}" "Use cpu; 'falcon doctor' lists the devices."

        if HostInfo.Has name then [] else [ fault ]

    let noDevice =
        [ if runtime.Devices.IsEmpty then
              finding "no device is named" "devices" "Use cpu." ]

    // Asking for the device loads the tensor library, which finished studies do not need.
    let named = runtime.Devices |> List.filter ((<>) "cpu") |> List.collect checkDevice

    let noFolder =
        match runtime.Out |> Option.bind WritableFolder.problem with
        | Some reason -> [ finding $"cannot be written ({reason})" $"--out {runtime.Out.Value}" "Name another folder." ]
        | None -> []

    noDevice
    @ noFolder
    @ named
    @ atLeastOne "workers" runtime.Workers
    @ atLeastOne "threads" runtime.Threads
    @ atLeastOne "loader workers" runtime.LoaderWorkers

/// The drawn data set is the same in every study.
let private drawnAt (runtime: Runtime) =
    let folder = Path.Combine(Runtime.store runtime, $"drawn-{DrawnDataSet.Version}")
    let draw () = DrawnDataSet.Write(folder, DrawnDataOptions(), workers = runtime.LoaderWorkers)

    if Directory.Exists folder then
        draw ()
    else
        // Of several processes that begin at once on one store one draws it.
        use store = Store.openAt (Runtime.store runtime)
        use _ = Lock.acquire store.Session (Lock.path store.Folder "drawn") CancellationToken.None
        draw ()

    folder

let source (runtime: Runtime) (data: DataSet) =
    match data.Origin with
    | DataOrigin.Folder folder -> DataFolder.Detect folder
    | DataOrigin.Drawn -> DataFolder.Detect(drawnAt runtime)
    | DataOrigin.Source source -> source

/// What is doubtful about a category that can be used; the digests of its files are kept.
let private inspect (runtime: Runtime) store (digests: ConcurrentDictionary<string, Digest>) category needs =
    let inspected = Inspection.check store runtime.LoaderWorkers CancellationToken.None category needs
    inspected.Report.ThrowIfUnusable()

    for KeyValue(file, digest) in inspected.Digests do
        digests[file] <- digest

    List.ofSeq inspected.Report.Warnings

let private openCategory
    (runtime: Runtime)
    store
    (digests: ConcurrentDictionary<string, Digest>)
    (sweep: Sweep)
    (cells: Cell list)
    (source: DataSource)
    name
    =
    StudyPart.check $"category {name} of {source.Name}" (fun () ->
        let category = source.Open name
        let masks = if sweep.Metrics |> List.exists _.NeedsMaps then Nullable true else Nullable()

        // What is white is settled where all methods say so.
        let white =
            match cells |> List.map _.Method.WhiteLevel |> List.distinct with
            | [ level ] -> level
            | _ -> Nullable()

        let needs =
            DataNeeds(
                cells |> List.map _.Shots |> List.filter ((<>) Shots.All) |> List.fold max 1,
                Test = true,
                Masks = masks,
                WhiteLevel = white
            )

        let warnings = inspect runtime store digests category needs

        for cell in cells |> List.distinctBy (fun cell -> cell.Sampler, cell.Shots, cell.Seed) do
            cell.Sampler.Select(category, cell.Shots, MasterSeed(int64 cell.Seed)) |> ignore

        category, warnings)

let private openData runtime store digests (sweep: Sweep) (data: DataSet) =
    match StudyPart.check $"data {data.Name}" (fun () -> source runtime data) with
    | Error findings -> [ Error findings ]
    | Ok source ->
        [ for name, cells in sweep.Cells |> List.filter (fun cell -> cell.Data = data) |> List.groupBy _.Category ->
              openCategory runtime store digests sweep cells source name
              |> Result.map (fun (category, warnings) -> ((data.Name, name), category), warnings) ]

/// The categories of an auxiliary data set, whose test images must show defects, with masks.
let private openAuxiliary runtime store digests (data: DataSet) =
    match StudyPart.check $"auxiliary {data.Name}" (fun () -> source runtime data) with
    | Error findings -> [ Error findings ]
    | Ok source ->
        [ for name in data.Categories do
              StudyPart.check $"auxiliary category {name} of {source.Name}" (fun () ->
                  let category = source.Open name
                  (data, category), inspect runtime store digests category (DataNeeds(1, Test = true, Masks = Nullable true))) ]

/// Test categories whose images a method would have learnt from before. Their contents are compared, since a data set may lie in two places.
let private overlaps
    (digest: string -> Digest)
    (sweep: Sweep)
    (categories: Map<string * string, Category>)
    (auxiliary: (DataSet * Category) list)
    =
    let images (category: Category) = [ for item in Seq.append category.TrainImages category.TestImages -> digest item.Path ]
    let learnt = [ for data, category in auxiliary -> data, category, set (images category) ]

    [ for cell in sweep.Cells |> List.distinctBy (fun cell -> cell.Data.Name, cell.Category, cell.Auxiliary) do
          match cell.Auxiliary, Map.tryFind (cell.Data.Name, cell.Category) categories with
          | Some data, Some tested ->
              for known, category, contents in learnt do
                  if known = data && images tested |> List.exists contents.Contains then
                      finding
                          $"has images of {cell.Data.Name} {cell.Category}, which is tested"
                          $"auxiliary {data.Name}, category {category.Name}"
                          "Learn from other categories or another data set: Data.categories names those to use."
          | _ -> () ]

/// Photos that are smaller than the tiles in which a method sees them.
let private misfits (sweep: Sweep) (categories: Map<string * string, Category>) =
    [ for (place, preprocessing), _ in sweep.Cells |> List.groupBy (fun cell -> (cell.Data.Name, cell.Category), cell.Method.Preprocessing) do
          match Map.tryFind place categories with
          | Some category -> yield! preprocessing.Misfits(Seq.append category.TrainImages category.TestImages)
          | None -> () ]

let private errors results =
    List.collect
        (fun result ->
            match result with
            | Ok _ -> []
            | Error findings -> findings)
        results
    |> List.distinct

/// Cells with the method's architecture where teachers settle it, and what teachers cannot teach.
let private withTeachers (teachers: Map<TeacherSource, Result<TeacherWeights * Digest, Finding list>>) (cells: Cell list) =
    let teach =
        teachers
        |> Map.map (fun source located ->
            match located with
            | Ok(weights, _) -> TeacherWeights.teach source weights
            | Error _ -> Ok)

    let asked (cell: Cell) = cell.Teacher, cell.Method, cell.Method.NamesBackbone

    let taught =
        dict [ for asked in cells |> List.map asked |> List.distinct -> asked, (let source, method, _ = asked in teach[source] method) ]

    let method cell =
        match taught[asked cell] with
        | Ok method -> method
        | Error _ -> cell.Method

    let faults =
        [ for result in taught.Values do
              match result with
              | Ok _ -> ()
              | Error finding -> finding ]

    method, faults

/// Everything that a study reads, or every finding about the study and what it reads.
let prepare (runtime: Runtime) (store: Store) (study: IStudy) : Result<Materials, Finding list> =
    let sweep = study.Sweep
    let digests = ConcurrentDictionary<string, Digest>()

    let teachers =
        [ for source in sweep.Cells |> List.map _.Teacher |> List.distinct -> source, TeacherWeights.withDigest store source ]

    let taught, untaught = withTeachers (Map teachers) sweep.Cells
    let taughtSweep = { sweep with Cells = [ for cell in sweep.Cells -> { cell with Method = taught cell } ] }
    let faults = checkValue study @ options taughtSweep @ untaught @ checkRuntime runtime

    let data =
        if sweep.Cells |> List.forall (fun cell -> cell.Shots >= 1 && cell.Seed >= 0) then
            sweep.Cells |> List.map _.Data |> List.distinct |> List.collect (openData runtime store digests sweep)
        else
            []

    let auxiliary =
        sweep.Cells |> List.choose _.Auxiliary |> List.distinct |> List.collect (openAuxiliary runtime store digests)

    let fileDigest path = digests.GetOrAdd(path, store.FileDigests.OfFile)
    let opened = data |> List.choose Result.toOption
    let learnt = auxiliary |> List.choose Result.toOption
    let categories = opened |> List.map fst |> Map
    let doubled = overlaps fileDigest sweep categories (List.map fst learnt)
    let small = if faults.IsEmpty then misfits taughtSweep categories else []

    match faults @ errors data @ errors auxiliary @ errors (List.map snd teachers) @ doubled @ small with
    | [] ->

        Ok
            { Categories = categories
              Teachers =
                Map
                    [ for source, located in teachers do
                          match located with
                          | Ok located -> source, located
                          | Error _ -> () ]
              Taught = taught
              Auxiliary =
                fun data ->
                    [ for (known, category), _ in learnt do
                          if known = data then category ]
              Warnings =
                [ for method in taughtSweep.Cells |> List.map _.Method |> List.distinct do
                      yield! method.Warnings() ]
                @ List.collect snd opened
                @ List.collect snd learnt
              FileDigest = fileDigest }
    | findings -> Error findings
