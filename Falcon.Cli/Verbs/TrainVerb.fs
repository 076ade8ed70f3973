module Falcon.Cli.TrainVerb

open System.IO
open System.Text.Json.Nodes
open Argu
open Falcon
open Falcon.Data
open Falcon.Detection
open Falcon.Diagnostics
open Falcon.Methods
open Falcon.Metrics
open Falcon.Protocol
open Falcon.Randomness
open Falcon.Results
open Falcon.Weights
open Falcon.Cli.Validation

type TrainArgument =
    | Method of name: string
    | Data of folder: string
    | Category of name: string
    | Auxiliary of folder: string
    | Auxiliary_Category of name: string
    | Foundation of model: string
    | Shots of count: string
    | Seed of number: int64
    | Teacher of file: string
    | Backbone of name: string
    | [<Mandatory>] Out of model: string
    | Weights of file: string
    | Epochs of count: int
    | Tile of size: string
    | Overlap of pixels: int
    | Scale of share: float
    | Roi of mask: string
    | Set of assignment: string
    | Calibration of way: string
    | False_Alarms of rate: string
    | Strict
    | No_Photos
    | Workers of count: int

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Method _ -> "the method; default: falcon"
            | Data _ -> "a data set, one category of it, or a folder of photos of good parts"
            | Category _ -> "the category; may be left out where there is only one"
            | Auxiliary _ -> "another data set, with masks, for methods that learn once what defects look like"
            | Auxiliary_Category _ -> "a category of it; repeat it for several; default: all"
            | Foundation _ -> "what the method builds on, as this command wrote it: it is trained once for several categories"
            | Shots _ -> "how many good images to learn from, or all; default: 5"
            | Seed _ -> "the master seed; default: 0"
            | Teacher _ ->
                "weights of the frozen teacher: a safetensors or PyTorch file, a name of 'falcon weights list', or random; default: the best at hand of resnet18, resnet18-mlnet and kestrel"
            | Backbone _ -> "the teacher's architecture; default: that of known weights, else the method's first"
            | Out _ -> "the model file to write"
            | Weights _ -> "weights of the trained modules from another program: nothing is trained then; repeat it for several files"
            | Epochs _ -> "passes over the images; default: the method's"
            | Tile _ -> "shows the method each photo in tiles of so many pixels, for small defects on large photos"
            | Overlap _ -> "pixels that neighbouring tiles share; default: an eighth of a tile"
            | Scale _ -> "the size of the photo that tiles are cut from, as a share of the file's; default: 1"
            | Roi _ ->
                "what is looked at of each photo: a mask of its size, white where to look, or corners of a polygon in pixels, \"10,10 400,10 400,300\"; default: all of it"
            | Set _ -> "an option of the method as NAME=VALUE; repeat it for several"
            | Calibration _ ->
                "how photos are held out for the threshold: loo (each in turn), folds, views (of known photos) or none; default: loo where training takes no steps, else folds"
            | False_Alarms _ -> "the share of good parts that may exceed the threshold; default: 5%"
            | Strict -> "stops before the final training when a photo may show no good part"
            | No_Photos -> "keeps no photos in the model file, as methods do that train and need them again for 'falcon teach'"
            | Workers _ -> "threads that decode images, they do not change the result; default: 2"

/// More photos are counted, not named; JSON names all.
[<Literal>]
let private MostNames = 10

let private atLeast minimum option value =
    if value >= minimum then
        Ok value
    else
        Error [ Finding($"{value} is too small", option, $"Give a number of at least {minimum}.") ]

let private shotCount (text: string) =
    match System.Int32.TryParse text with
    | true, count when count > 0 -> Ok(ShotCount.Of count)
    | _ when text = string ShotCount.All -> Ok ShotCount.All
    | _ -> Error [ Finding($"'{text}' is no number of images", "--shots", $"Give a number of at least 1, or {ShotCount.All}.") ]

let private describe path (detector: Detector) (images: ImageItem seq) =
    let card = detector.Card

    Json.object
        [ "model", Json.text path
          "method", Json.text card.Method.Name
          "dataSet", Json.text card.Source.DataSet
          "category", Json.text card.Source.Category
          "images", images |> Seq.map (fun image -> Json.text image.RelativeName) |> Json.array
          "seed", Json.whole card.Seed
          "teacher", Json.text card.Teacher.Weights
          "epochs", Json.whole card.Epochs.Count
          "losses",
          Json.object [ for KeyValue(name, loss) in Seq.tryLast card.Epochs |> Option.toList |> Seq.concat -> name, Json.number loss ]
          "threshold", Json.number card.Threshold
          "calibration", CalibrationArgument.json detector
          "peakMemoryBytes", Json.whole HostInfo.PeakMemoryBytes ]

/// The method's options as what it builds on was trained; what the user has set and the foundation has otherwise is refused.
let private builtOn (foundation: string option) (given: string list) (options: MethodOptions) =
    match foundation with
    | None -> options
    | Some path ->
        let built = options.BuiltOn (Detector.CardOf path).Method
        let asked, has = MethodJson.WriteAll options, MethodJson.WriteAll built

        let faults =
            [ for name in given do
                  let matching = asked |> Seq.tryFind (fun option -> option.Key.Equals(name, System.StringComparison.OrdinalIgnoreCase))

                  match matching with
                  | Some option when not (JsonNode.DeepEquals(option.Value, has[option.Key])) ->
                      Finding(
                          $"was made with {option.Key} {has[option.Key]}, not {option.Value}",
                          $"--foundation {path}",
                          $"Leave {option.Key} away, or make a foundation with it."
                      )
                  | _ -> () ]

        if faults.IsEmpty then built else raise (InvalidInputException(Array.ofList faults))

/// A head must not have seen what is tested, wherever the files lie.
let private refuseTested (set: AuxiliarySet) (category: Category) =
    let tested = System.Collections.Generic.HashSet [ for image in category.TestImages -> FileDigest.Sha256 image.Path ]

    for auxiliary in set.Categories do
        if auxiliary.Category.TestImages |> Seq.exists (fun image -> tested.Contains(FileDigest.Sha256 image.Path)) then
            raise (
                InvalidInputException(
                    $"has images of {category.DataSet} {category.Name}, which would be tested on what it has learnt",
                    $"--auxiliary, category {auxiliary.Category.Name}",
                    "Learn from other categories: --auxiliary-category NAME."
                )
            )

let private lacks what (options: MethodOptions) fix = Finding($"{options.DisplayName} needs {what}", "train", fix)

/// What is missing among the data that a method learns from.
let private dataFaults (options: MethodOptions) (arguments: ParseResults<TrainArgument>) =
    let comesFromElsewhere = arguments.Contains Weights || arguments.Contains Foundation

    [ if options.LearnsFromDefects && arguments.Contains Weights then
          Finding(
              $"weights of a {options.DisplayName} belong to detectors",
              "--weights",
              "Give them to the method that builds on it, with --data FOLDER: they are not trained again."
          )
      elif options.NeedsAuxiliary && not comesFromElsewhere && not (arguments.Contains Auxiliary) then
          lacks
              "another data set, with masks"
              options
              "Give --auxiliary FOLDER, or --foundation MODEL or --weights FILE from an earlier training."
      if options.LearnsFromDefects && arguments.Contains Roi then
          Finding($"{options.DisplayName} learns from whole photos", "--roi", "Give it to the method that builds on it.")
      if not options.LearnsFromDefects && not (arguments.Contains Data) then
          lacks "images of good parts" options "Give --data FOLDER." ]

let private say session out (detector: Detector) (images: ImageItem seq) (lines: string list) =
    let kept = OutputPath.keep session out detector.Save
    InterruptedTraining.forget (InterruptedTraining.folder out)
    let teacher = detector.Card.Teacher

    if session.Options.Json then
        Json.write session (describe kept detector images)
    else
        for line in lines do
            session.Out.WriteLine line

        session.Out.WriteLine $"teacher: {teacher.Backbone} of {teacher.Weights}"
        session.Out.WriteLine $"model: {kept}"

    OutputPath.exitCode out kept

/// The options that tiles are: the size of a tile is that of the method's input.
let private tiles (arguments: ParseResults<TrainArgument>) (options: MethodOptions) =
    match arguments.TryGetResult Tile with
    | Some size ->
        let input =
            try
                InputSize.Parse size
            with :? InvalidInputException as error ->
                let finding = error.Findings[0]
                raise (InvalidInputException(finding.What, $"--tile {size}", finding.Fix))

        let overlap = arguments.GetResult(Overlap, defaultValue = Tiling.UsualOverlap input.Shorter)
        let tiling = Tiling(overlap, arguments.GetResult(Scale, defaultValue = 1.0))

        match tiling.Fault input with
        | null -> ()
        | fix -> raise (InvalidInputException("there are no such tiles", $"--tile {size} --overlap {overlap} --scale {tiling.Scale}", fix))

        [ $"inputSize={size}"
          $"tiling={tiling}"
          if (MethodJson.WriteAll options).ContainsKey "shorterSide" then
              "shorterSide=null" ]
    | None when arguments.Contains Overlap || arguments.Contains Scale ->
        raise (InvalidInputException("there are no tiles", "--overlap, --scale", "Give their size, too: --tile 256."))
    | None -> []

/// A finding about an option of the method, in the words in which the user gave it.
let private asTyped (arguments: ParseResults<TrainArgument>) (finding: Finding) =
    match arguments.TryGetResult Tile with
    | Some size when finding.Where.EndsWith(" option InputSize", System.StringComparison.Ordinal) ->
        Finding("is no size of tiles", $"--tile {size}", finding.Fix)
    | _ -> finding

/// How photos are held out, said before the work starts.
let private calibration session (arguments: ParseResults<TrainArgument>) options (photos: ImageItem array) way =
    let way =
        if arguments.Contains Weights && not (way: System.Nullable<_>).HasValue then
            System.Nullable CalibrationWay.Views
        else
            way

    let plan = CalibrationPlan.Of(options, photos, way)

    if arguments.Contains Weights && plan.Trainings > 0 then
        raise (InvalidInputException("weights from elsewhere cannot be held out of", "--calibration", "Give views or none."))

    if arguments.Contains Strict && plan.Trainings = 0 then
        raise (
            InvalidInputException(
                "photos that are not held out cannot be compared with one another",
                "--strict",
                "Calibrate with loo or folds, which takes two photos or more, or leave --strict away."
            )
        )

    if plan.Photos = 1 && plan.Way = CalibrationWay.Views then
        Session.warn session "one photo says nothing of how good parts differ: the threshold is a guess from changed views of it"

    if not session.Options.Quiet then
        session.Error.WriteLine $"calibration: {plan.Describe options}"

    plan

let private run session (arguments: ParseResults<TrainArgument>) =
    let method = arguments.GetResult(Method, defaultValue = "falcon")
    let seed = MasterSeed(arguments.GetResult(Seed, defaultValue = 0L))
    let given = arguments.TryGetResult Teacher |> Option.map Falcon.Experiments.Teacher.named

    // The architecture that was named, else that of the teacher.
    let taught (options: MethodOptions) =
        match arguments.TryGetResult Backbone with
        | Some backbone -> options.TaughtBy backbone
        | None -> options
        |> Falcon.Experiments.MethodTeacher.taught given

    let resolved () =
        Falcon.Experiments.MethodSettings.resolveThen
            taught
            method
            (arguments.TryGetResult Epochs)
            (tiles arguments (Falcon.Experiments.MethodSettings.published method) @ arguments.GetResults Set)
        |> builtOn
            (arguments.TryGetResult Foundation)
            [ for assignment in arguments.GetResults Set do
                  assignment.Split('=').[0].Trim()
              if arguments.Contains Backbone then "backbone"
              if arguments.Contains Tile then "inputSize" ]

    let options, category, shots, workers, out, way, rate =
        require (
            validation {
                let! options = attempt resolved |> Result.mapError (List.map (asTyped arguments))
                and! _ = attempt (fun () -> given |> Option.map Compute.weightsOf)
                and! shots = shotCount (arguments.GetResult(Shots, defaultValue = "5"))
                and! workers = atLeast 1 "--workers" (arguments.GetResult(Workers, defaultValue = 2))

                and! out =
                    let read =
                        arguments.GetResults Weights
                        @ Option.toList (arguments.TryGetResult Foundation)
                        @ arguments.GetResults Teacher

                    OutputPath.fileBeside read OutputPath.model "--out" (arguments.GetResult Out)
                    // What an interrupted training leaves goes beside it.
                    |> Result.bind (fun out -> OutputPath.folder "--out" (InterruptedTraining.folder out) |> Result.map (fun _ -> out))

                and! category =
                    attempt (fun () ->
                        arguments.TryGetResult Data
                        |> Option.map (fun folder -> DataArgument.openCategory folder (arguments.TryGetResult Category)))

                and! way =
                    match arguments.TryGetResult Calibration with
                    | Some text -> CalibrationArgument.way text |> Result.map System.Nullable
                    | None -> Ok(System.Nullable())

                and! rate =
                    match arguments.TryGetResult False_Alarms with
                    | Some text -> CalibrationArgument.falseAlarms text
                    | None -> Ok FalseAlarmLimit.UsualRate

                return options, category, shots, workers, out, way, rate
            }
        )

    match dataFaults options arguments with
    | [] -> ()
    | faults -> raise (InvalidInputException(Array.ofList faults))

    use _ = InterruptedTraining.hold (InterruptedTraining.folder out)
    let weights = Falcon.Experiments.MethodTeacher.weights given options

    for warning in options.Warnings() do
        Session.warn session (string warning)

    let auxiliary (method: MethodOptions) =
        DataArgument.auxiliary
            session
            (arguments.GetResult Auxiliary)
            (arguments.GetResults Auxiliary_Category)
            method.AuxiliaryNormals
            seed

    if options.LearnsFromDefects then
        let set = auxiliary options
        use teacher = Compute.loadTeacher session options weights
        let detector, _ = DetectorTraining.onDefects session out options teacher set seed workers
        use detector = detector
        let names = set.Categories |> Seq.map _.Category.Name |> String.concat ", "
        say session out detector [] [ $"trained {options.DisplayName} on defects of {set.Name}: {names}" ]
    else
        let category = Option.get category
        let sampler = ShotSampler.Default.For shots
        let images = DataArgument.shots session category sampler shots seed options.WhiteLevel |> Array.ofSeq

        let options = RegionArgument.apply session (arguments.TryGetResult Roi) images[0] options

        match Array.ofSeq (options.Preprocessing.Misfits images) with
        | [||] -> ()
        | misfits -> raise (InvalidInputException misfits)

        let plan = calibration session arguments options images way

        let auxiliary method =
            let set = auxiliary method
            refuseTested set category
            set

        use teacher = Compute.loadTeacher session options weights
        let source = DetectorSource(category.DataSet, category.Name, string sampler)

        use detector =
            match arguments.GetResults Weights with
            | [] ->
                let foundation, ground =
                    DetectorTraining.foundationOf session out options teacher (arguments.TryGetResult Foundation) auxiliary seed workers

                use _ = foundation

                DetectorTraining.calibrated
                    session
                    out
                    options
                    teacher
                    images
                    plan
                    rate
                    (arguments.Contains Strict)
                    seed
                    source
                    workers
                    (foundation, ground)
                    (not (arguments.Contains No_Photos))
            | given ->
                let detector = DetectorTraining.adopt session options teacher images seed source workers given

                // It has the scores of the photos as they are already.
                let scores =
                    match plan.Way, detector.Card.HeldOut with
                    | CalibrationWay.None, NonNull known -> known
                    | _ -> HeldOutCalibration.OfViews(detector, images, seed)

                detector.Calibrate(scores, rate)

                if not (arguments.Contains No_Photos) then detector.Keep images

                detector

        let names =
            if images.Length > MostNames then
                $"{images.Length} photos"
            else
                images |> Seq.map _.RelativeName |> String.concat ", "

        if detector.Threshold <= 0.0 then
            for caution in CalibrationArgument.cautions detector |> List.truncate 1 do
                Session.warn session caution

        if images.Length = 1 && plan.Way = CalibrationWay.None then
            Session.warn session "one photo gives no threshold: it is a guess; calibrate with views, or give more photos"

        say
            session
            out
            detector
            images
            ($"trained {options.DisplayName} on {category.Name}: {names}" :: CalibrationArgument.describe detector)

let verb =
    Verb.create
        "train"
        "trains a detector on a few good images"
        "falcon train --method falcon --data data/mvtec --category bottle --shots 5 --out bottle.falcon"
        [ CommonOption.Device; CommonOption.Threads; CommonOption.Quiet; CommonOption.Json; CommonOption.Extension ]
        run
