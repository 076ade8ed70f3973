/// Says what a data set is and holds.
module Falcon.Cli.DataInfoVerb

open Argu
open Falcon.Data
open Falcon.Experiments
open Falcon.Cli.CategoryCounts

type InfoArgument =
    | [<MainCommand; ExactlyOnce>] Folder of folder: string

    interface IArgParserTemplate with
        member _.Usage = "a data set, one category of it, or a folder of photos"

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
        survey, Inspection.digest (Inspection.digests store survey.Category) survey.Category

    let surveys = each session source.Categories look

    if session.Options.Json then
        Json.write session (sourceToJson source surveys)
    else
        describe session source surveys

    ExitCode.Fine

let verb =
    Verb.create
        "data info"
        "says what a data set is and holds, beside what was published about it"
        "falcon data info data/mvtec"
        [ CommonOption.Threads; CommonOption.Quiet; CommonOption.Json; CommonOption.Store; CommonOption.Extension ]
        info
