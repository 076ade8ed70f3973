/// The stages of a cell, from image files to its record.
module internal Falcon.Experiments.CellGraph

open System
open System.Collections.Concurrent
open System.IO
open System.Text
open Falcon.Backbones
open Falcon.Data
open Falcon.Detection
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Stages
open Falcon.Experiments.Store
open Falcon.Imaging
open Falcon.Methods
open Falcon.Metrics
open Falcon.Randomness
open Falcon.Training

/// What is computed for a cell.
type CellGraph =
    {
        Cell: Cell
        Category: Category
        Train: Artifact<Training.Trained>
        /// What the training builds on, the first that is trained at the end.
        Foundations: Artifact<Training.Trained> list
        Score: Artifact<Scoring.Scored>
        /// After the study's own stages.
        Scores: Artifact<Scoring.Scored>
        /// Where a metric needs a threshold of the detector's own.
        HeldOut: Artifact<HoldingOut.HeldOut> option
        Metrics: Artifact<Measuring.Measured> list
        Record: Artifact<string>
    }

    /// The key of the cell's result.
    member this.Key = this.Record.Node.Recipe.Key

/// What is told while a cell is computed.
type Listeners = { Training: Cell -> TrainingProgress -> unit; Scoring: Cell -> int -> int -> unit }

let private digestOf (lines: string seq) = Digest.ofBytes (Encoding.UTF8.GetBytes(String.Join('\n', lines)))

/// The graphs of a study's cells on one device; they share the stages of the images that they share.
[<Sealed>]
type CellGraphs
    (
        runtime: Runtime,
        metrics: Metric list,
        category: Cell -> Category,
        fileDigest: string -> Digest,
        teachers: LoadedTeachers,
        listeners,
        ?auxiliary: DataSet -> Category list
    ) =
    let images = ConcurrentDictionary<string * FeatureFormat * Preprocessing * BackboneTap, ImageStages>()

    // What scoring reads of a category's test images, by all that it depends on.
    let tests =
        ConcurrentDictionary<
            string * FeatureFormat * Preprocessing * string * (BackboneTap list * bool * ImagePreparation option),
            Reads<StoredImage list>
         >()

    // A teacher ends at the deepest tap of its method: a method that goes deeper has another.
    let stages (teacher: StudyTeacher) (method: MethodOptions) =
        images.GetOrAdd(
            (teacher.Name, teacher.Format, method.Preprocessing, method.DeepestTap),
            fun _ -> ImageStages(teacher, method.Preprocessing, fileDigest, runtime.LoaderWorkers, runtime.Threads)
        )

    let reads (stages: ImageStages) (cell: Cell) training needs (items: ImageItem seq) =
        items
        |> Seq.mapi (fun index item ->
            stages.Reads($"image {index:D4} {item.RelativeName}", item, fileDigest item.Path, needs, cell.FeatureStages, training))
        |> List.ofSeq
        |> Reads.all

    let labelsOf (category: Category) =
        digestOf [ for item in category.TestImages -> $"{item.RelativeName}\t{item.Defect}\t{item.IsAnomalous}" ]

    /// The names and contents of a folder of further images, and the content of a further file, that a method reads, if it names some.
    let further (method: MethodOptions) =
        [ match method.FurtherImages with
          | null -> ()
          | folder ->
              let files = ImageFile.In folder |> List.ofSeq
              let digest = digestOf [ for file in files -> $"{Path.GetFileName file}\t{(fileDigest file).Hex}" ]
              Reads.known "further images" digest ()

          match method.FurtherFile with
          | null -> ()
          | file -> Reads.known "further file" (fileDigest file) () ]

    let maskLines (category: Category) =
        [ for item in category.TestImages ->
              let hex (path: string | null) =
                  match path with
                  | null -> ""
                  | path -> DefectMask.DigestOf(path, (fun file -> (fileDigest file).Hex))

              match item.MaskPath, item.RegionPath with
              | null, null -> item.RelativeName
              | mask, null -> $"{item.RelativeName}\t{hex mask}"
              | mask, region -> $"{item.RelativeName}\t{hex mask}\t{hex region}" ]

    // All cells of a category share them.
    let known = ConcurrentDictionary<struct (string * string), Digest>()
    let once what (category: Category) (make: Category -> Digest) = known.GetOrAdd(struct (what, category.Folder), (fun _ -> make category))
    let dataLine item = DataDigest.Line(item, (fun path -> (fileDigest path).Hex))
    let lines = ConcurrentDictionary<string, string array>()

    let testLines (category: Category) = lines.GetOrAdd(category.Folder, (fun _ -> category.TestImages |> Seq.map dataLine |> Array.ofSeq))

    let labels category = once "labels" category labelsOf
    let masks category = once "masks" category (maskLines >> digestOf)

    // All categories and numbers of shots build on it.
    let onDefects =
        ConcurrentDictionary<MethodOptions * int * string * FeatureFormat * DataSet, Lazy<Artifact<Training.Trained>>>()

    /// Which images are for what, and what they show.
    let roles (set: AuxiliarySet) =
        digestOf
            [ for known in set.Categories do
                  let category = known.Category
                  yield $"{category.Name}\t{category.MaskThreshold}"
                  yield! [ for item in known.Normals -> item.RelativeName ]
                  yield! [ for item in category.TestImages -> $"{item.Defect}\t{item.IsAnomalous}" ]
                  yield! maskLines category ]

    let circumstances (cell: Cell) teacher : Training.Circumstances =
        { CheckpointInterval = runtime.CheckpointInterval
          Teacher = teacher
          Progress =
            { new IProgress<TrainingProgress> with
                member _.Report progress = listeners.Training cell progress } }

    /// What learns from the defects of a cell's auxiliary data set.
    let trainingOnDefects (cell: Cell) (method: MethodOptions) =
        let teacher = teachers.Of(cell.Teacher, method, cell.Features)
        let data = Option.get cell.Auxiliary

        let make _ =
            lazy
                (let set =
                    AuxiliarySet.Of(data.Name, Array.ofList (auxiliary.Value data), method.AuxiliaryNormals, MasterSeed(int64 cell.Seed))

                 let stages = stages teacher method

                 let images =
                     [ for known in set.Categories do
                           for item in Seq.append known.Normals known.Category.TestImages -> known.Category.Name, item ]
                     |> List.mapi (fun index (name, item) ->
                         stages.Reads(
                             $"image {index:D4} {name}/{item.RelativeName}",
                             item,
                             fileDigest item.Path,
                             [ method.TrainingNeeds ],
                             [],
                             []
                         ))

                 Reads.both
                     (Reads.all images)
                     (Reads.both (Reads.known "teacher" teacher.Digest ()) (Reads.known "auxiliary" (roles set) ()))
                 |> Reads.map fst
                 => Training.ofDefects method set cell.Seed runtime.Threads (circumstances cell teacher))

        onDefects.GetOrAdd((method, cell.Seed, teacher.Name, teacher.Format, data), make).Value

    /// What a method learns from of a cell, and whatever else is read with it.
    let learning (cell: Cell) (selected: (Digest * ImageItem) list) (method: MethodOptions) other =
        let teacher = teachers.Of(cell.Teacher, method, cell.Features)
        let needs = [ method.TrainingNeeds; method.ScoringNeeds ]

        Reads.both
            (Reads.both (reads (stages teacher method) cell selected needs (List.map snd selected)) other)
            (Reads.all (Reads.known "teacher" teacher.Digest () :: further method))
        |> Reads.map fst

    /// A result that is read where there is one.
    let perhaps name artifact =
        match artifact with
        | Some artifact -> Reads.made name artifact |> Reads.map Some
        | None -> Reads.all [] |> Reads.map (fun _ -> None)

    /// The training of a method on a cell's images after what it builds on, with what it builds on itself, the last trained first.
    let rec training (cell: Cell) (selected: (Digest * ImageItem) list) (method: MethodOptions) : Artifact<Training.Trained> list =
        let teacher = teachers.Of(cell.Teacher, method, cell.Features)

        let foundations =
            match method.Foundation with
            | null -> []
            | first when first.LearnsFromDefects -> [ trainingOnDefects cell first ]
            | first -> training cell selected first

        let trained =
            learning cell selected method (perhaps "foundation" (List.tryHead foundations))
            => Training.stage method cell.Seed runtime.Threads (circumstances cell teacher)

        trained :: foundations

    /// The scores of a cell's images by models that have not seen them.
    let heldOut (cell: Cell) (method: MethodOptions) (selected: (Digest * ImageItem) list) (trainings: Artifact<Training.Trained> list) =
        let teacher = teachers.Of(cell.Teacher, method, cell.Features)
        let plan = CalibrationPlan.Of(method, [| for _, item in selected -> item |])

        let foundation =
            match method.Foundation, trainings with
            | null, _ -> None
            | first, _ :: ground :: _ when first.LearnsFromDefects -> Some ground
            | _ -> None

        let given =
            Reads.both
                (perhaps "foundation" foundation)
                (perhaps "model" (if plan.ReadsFinalModel method then Some trainings.Head else None))
            |> Reads.map (fun (foundation, model) -> ({ Foundation = foundation; Model = model }: HoldingOut.Given))

        learning cell selected method given
        => HoldingOut.stage plan method cell.Seed runtime.Threads cell.ImageScore (circumstances cell teacher)

    /// The graph of a cell: `method` is its method with the architecture of its teacher.
    member _.Of(cell: Cell, method: MethodOptions) : CellGraph =
        let category = category cell
        let teacher = teachers.Of(cell.Teacher, method, cell.Features)
        let preprocessing = method.Preprocessing
        let selected = cell.Sampler.Select(category, cell.Shots, MasterSeed(int64 cell.Seed))
        let known = [ for item in selected -> fileDigest item.Path, item ]
        let trainings = training cell known method
        let train = trainings.Head

        let tests =
            let needs = method.ScoringNeeds

            let read _ = reads (stages teacher method) cell known [ needs ] category.TestImages

            // What stages are fitted to differs from cell to cell.
            if cell.FeatureStages.IsEmpty then
                tests.GetOrAdd(
                    (teacher.Name,
                     teacher.Format,
                     preprocessing,
                     category.Folder,
                     (List.ofSeq needs.Taps, needs.Pixels, Option.ofObj needs.Preparation)),
                    read
                )
            else
                read ()

        let score =
            Reads.both (Reads.made "model" train) tests
            => Scoring.stage runtime.Threads cell.ImageScore teacher (fun image -> listeners.Scoring cell image category.TestImages.Count)

        let images = [ for item in category.TestImages -> item.RelativeName ]

        let scores =
            (score, cell.ScoreStages)
            ||> List.fold (fun scores stage -> Reads.made "scores" scores => ScoreProcessing.stage stage images)

        let heldOut =
            if metrics |> List.exists (fun (metric: Metric) -> metric.FalseAlarmRate.HasValue) then
                Some(heldOut cell method known trainings)
            else
                None

        let measurable (needed: bool) =
            let scored = Reads.made "scores" scores

            match heldOut with
            | Some heldOut when needed ->
                Reads.both scored (Reads.made "held out" heldOut)
                |> Reads.map (fun (scored, heldOut) -> ({ Scored = scored; HeldOut = Some heldOut }: Measuring.Measurable))
            | _ -> scored |> Reads.map (fun scored -> { Scored = scored; HeldOut = None })

        let measuring = Measuring.work cell.EvaluationSize preprocessing category
        let labels = labels category
        let masks = lazy masks category

        let region =
            preprocessing.RegionOfInterest
            |> Option.ofObj
            |> Option.map (fun region -> Reads.known "region" (digestOf [ string region ]) ())
            |> Option.toList


        let measure (metric: Metric) =
            let truth = Reads.known Measuring.Labels labels ()

            let truth =
                if metric.NeedsMaps then
                    Reads.all [ truth; Reads.known Measuring.Masks masks.Value (); yield! region ] |> Reads.map ignore
                else
                    truth

            Reads.both (measurable metric.FalseAlarmRate.HasValue) truth |> Reads.map (fun (scored, ()) -> metric, scored)
            => Measuring.stage metric cell.EvaluationSize category.MaskThreshold measuring

        let measured = List.map measure metrics

        let dataDigest = DataDigest.OfLines(Seq.append (Seq.map dataLine selected) (testLines category))

        let record =
            Reads.both
                (Reads.both (Reads.made "training" train) (measurable true))
                (Reads.all [ for metric, artifact in List.zip metrics measured -> Reads.made $"metric {metric.Name}" artifact ])
            => Recording.stage cell category selected.Count dataDigest

        { Cell = cell
          Category = category
          Train = train
          Foundations = trainings.Tail
          Score = score
          Scores = scores
          HeldOut = heldOut
          Metrics = measured
          Record = record }
