module Falcon.Cli.DataVerbs

open Argu
open Falcon
open Falcon.Data
open Falcon.DrawnData
open Falcon.Experiments.Store

type SynthArgument =
    | [<Mandatory>] Out of folder: string
    | Seed of number: int64
    | Size of pixels: int

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Out _ -> "the folder of the data set: missing, empty, or holding this very set"
            | Seed _ -> "equal seeds give equal pixels; default: 0"
            | Size _ -> "width and height of every image; default: 256"

type CheckArgument =
    | [<MainCommand; ExactlyOnce>] Folder of folder: string
    | Category of name: string
    | Shots of count: int

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Folder _ -> "a data set, one category of it, or a folder of photos"
            | Category _ -> "one category; all of them by default"
            | Shots _ -> "how many good images a run will want; default: 1"

type InfoArgument =
    | [<MainCommand; ExactlyOnce>] Folder of folder: string

    interface IArgParserTemplate with
        member _.Usage = "a data set, one category of it, or a folder of photos"

/// Parts and their defects cannot be told apart in smaller images.
let private smallest = 64

let private synth session (arguments: ParseResults<SynthArgument>) =
    let out = arguments.GetResult Out
    let size = arguments.GetResult(Size, defaultValue = 256)

    if size < smallest then
        raise (InvalidInputException($"{size} pixels are too few", "--size", $"Give at least {smallest}."))

    let options = DrawnDataOptions(arguments.GetResult(Seed, defaultValue = 0L), size)

    Progress.track session "drawing" "%" 100L (fun report ->
        let progress = Progress.onReport (fun (share: float) -> report (int64 (100.0 * share)) "")
        DrawnDataSet.Write(out, options, progress, session.Options.Threads, session.Cancellation))

    let categories = (DataFolder.Detect out).Categories

    if session.Options.Json then
        Json.write session (Json.object [ "folder", Json.text out; "categories", categories |> Seq.map Json.text |> Json.array ])
    else
        let names = categories |> String.concat ", "
        session.Out.WriteLine $"{names} in {out}"

    ExitCode.Fine

let private findingsToJson (findings: Finding seq) =
    findings
    |> Seq.map (fun finding ->
        Json.object [ "what", Json.text finding.What; "where", Json.text finding.Where; "fix", Json.text finding.Fix ])
    |> Json.array

let private count (category: Category) predicate = category.TestImages |> Seq.filter predicate |> Seq.length

let private anomalous category = count category _.IsAnomalous

let private good category = count category (fun image -> not image.IsAnomalous)

let private masks category = count category (fun image -> not (isNull image.MaskPath))

/// Looks at categories one after another, each with the store that remembers digests.
let private each session (names: string seq) (look: Store -> string -> 'Result) =
    StoreArgument.openedOrMade session (fun store ->
        Progress.track session "reading" "category" (int64 (Seq.length names)) (fun report ->
            [ for index, name in Seq.indexed names do
                  report (int64 index) name
                  look store name ]))

let private checkToJson (checked': Falcon.Experiments.Inspected) =
    let category, report = checked'.Category, checked'.Report

    Json.object
        [ "dataSet", Json.text category.DataSet
          "category", Json.text category.Name
          "train", Json.whole category.TrainImages.Count
          "testGood", Json.whole (int64 (good category))
          "testAnomalous", Json.whole (int64 (anomalous category))
          "errors", findingsToJson report.Errors
          "warnings", findingsToJson report.Warnings ]

let private checkRow (checked': Falcon.Experiments.Inspected) =
    let category, report = checked'.Category, checked'.Report

    [ category.Name
      string category.TrainImages.Count
      string (good category)
      string (anomalous category)
      string (masks category)
      string report.Errors.Count
      string report.Warnings.Count ]

let private check session (arguments: ParseResults<CheckArgument>) =
    let source = DataFolder.Detect(arguments.GetResult CheckArgument.Folder)

    let names =
        arguments.TryGetResult Category
        |> Option.map List.singleton
        |> Option.defaultValue (List.ofSeq source.Categories)

    let look store name =
        let category = source.Open name
        let needs = DataNeeds(arguments.GetResult(Shots, defaultValue = 1), category.TestImages.Count > 0)
        Falcon.Experiments.Inspection.check store session.Options.Threads session.Cancellation category needs

    let checked' = each session names look

    if session.Options.Json then
        Json.write session (checked' |> List.map checkToJson |> Json.array)
    else
        ConsoleTable.write
            session
            [ Left "category"
              Right "train"
              Right "test good"
              Right "anomalous"
              Right "masks"
              Right "errors"
              Right "warnings" ]
            (List.map checkRow checked')

        for category in checked' do
            for warning in category.Report.Warnings do
                Session.warn session (string warning)

    match checked' |> List.collect (fun category -> List.ofSeq category.Report.Errors) with
    | [] -> ExitCode.Fine
    | errors -> raise (InvalidInputException(Array.ofList errors))

let private shapesToJson (survey: CategorySurvey) =
    Json.array
        [ for struct (shape, images) in survey.Shapes ->
              Json.object
                  [ "width", Json.whole shape.Width
                    "height", Json.whole shape.Height
                    "channels", Json.whole shape.Channels
                    "images", Json.whole images ] ]

let private publishedToJson (known: KnownCategory | null) : Json.Value =
    match known with
    | null -> null
    | known ->
        Json.object
            [ "train", Json.whole known.Train
              "validation", Json.whole known.Validation
              "testGood", Json.whole known.TestGood
              "testAnomalous", Json.whole known.TestAnomalous ]

let private categoryToJson (survey: CategorySurvey, digest: string option) =
    let category = survey.Category

    Json.object
        [ "name", Json.text category.Name
          "train", Json.whole category.TrainImages.Count
          "validation", Json.whole category.ValidationImages.Count
          "testGood", Json.whole (int64 (good category))
          "testAnomalous", Json.whole (int64 (anomalous category))
          "masks", Json.whole (int64 (masks category))
          "published", publishedToJson survey.Published
          "shapes", shapesToJson survey
          "digest", Json.text (Option.toObj digest)
          "odd", findingsToJson survey.Odd ]

let private sourceToJson (source: DataSource) surveys =
    let licence, origin =
        match source.Published with
        | null -> None, None
        | published -> Some published.Licence, Some published.Source

    Json.object
        [ "dataSet", Json.text source.Name
          "layout", Json.text source.Layout
          "folder", Json.text source.Folder
          "licence", Json.text (Option.toObj licence)
          "source", Json.text (Option.toObj origin)
          "missing", CategorySurvey.Missing source |> Seq.map Json.text |> Json.array
          "categories", surveys |> List.map categoryToJson |> Json.array ]

let private publishedCounts (survey: CategorySurvey) =
    match survey.Published with
    | null -> ""
    | known ->
        let category = survey.Category
        let found = category.TrainImages.Count, category.ValidationImages.Count, good category, anomalous category

        if found = (known.Train, known.Validation, known.TestGood, known.TestAnomalous) then
            "the same"
        else
            $"{known.Train}, {known.Validation}, {known.TestGood}, {known.TestAnomalous}"

let private shapes (survey: CategorySurvey) =
    match List.ofSeq survey.Shapes with
    | [] -> ""
    | [ struct (shape, _) ] -> string shape
    | struct (shape, images) :: others -> $"{images} of {shape}, {others.Length} other sizes"

let private infoRow (survey: CategorySurvey, digest: string option) =
    let category = survey.Category

    [ category.Name
      string category.TrainImages.Count
      string category.ValidationImages.Count
      string (good category)
      string (anomalous category)
      string (masks category)
      publishedCounts survey
      shapes survey
      digest |> Option.map (fun digest -> digest[..11]) |> Option.defaultValue "unreadable" ]

let private describe (session: Session) (source: DataSource) (surveys: (CategorySurvey * string option) list) =
    session.Out.WriteLine $"{source.Name}: {source.Layout}, in {source.Folder}"

    match source.Published with
    | null -> ()
    | published -> session.Out.WriteLine $"{published.Source}; licence: {published.Licence}"

    ConsoleTable.write
        session
        [ Left "category"
          Right "train"
          Right "validation"
          Right "test good"
          Right "anomalous"
          Right "masks"
          Right "published"
          Left "images"
          Left "digest" ]
        (List.map infoRow surveys)

    match List.ofSeq (CategorySurvey.Missing source) with
    | [] -> ()
    | missing ->
        let names = String.concat ", " missing
        session.Out.WriteLine $"not here: {names}"

    for survey, _ in surveys do
        for finding in survey.Odd do
            session.Out.WriteLine $"{finding.Where} {finding.What}"

let private info session (arguments: ParseResults<InfoArgument>) =
    let source = DataFolder.Detect(arguments.GetResult InfoArgument.Folder)

    let look store name =
        let survey = CategorySurvey.Of(source, name, session.Options.Threads, session.Cancellation)
        survey, Falcon.Experiments.Inspection.digest (Falcon.Experiments.Inspection.digests store survey.Category) survey.Category

    let surveys = each session source.Categories look

    if session.Options.Json then
        Json.write session (sourceToJson source surveys)
    else
        describe session source surveys

    ExitCode.Fine

let all =
    [ Verb.create
          "data synth"
          "draws a data set of three categories with defects and masks"
          "falcon data synth --out data/drawn --seed 7 --size 256"
          [ CommonOption.Threads; CommonOption.Quiet; CommonOption.Json ]
          synth
      Verb.create
          "data info"
          "says what a data set is and holds, beside what was published about it"
          "falcon data info data/mvtec"
          [ CommonOption.Threads; CommonOption.Quiet; CommonOption.Json; CommonOption.Store ]
          info
      Verb.create
          "data check"
          "looks for everything in a data set that would break or spoil a run"
          "falcon data check data/mvtec --category bottle --shots 5"
          [ CommonOption.Threads; CommonOption.Quiet; CommonOption.Json; CommonOption.Store ]
          check ]
