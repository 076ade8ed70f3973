module Falcon.Cli.WeightsVerbs

open System
open Argu
open Falcon.Weights

type FetchArgument =
    | [<MainCommand; ExactlyOnce>] Name of name: string

    interface IArgParserTemplate with
        member _.Usage = "a name that 'falcon weights list' shows"

type ImportArgument =
    | [<MainCommand; ExactlyOnce>] File of file: string

    interface IArgParserTemplate with
        member _.Usage = "a safetensors file or a PyTorch checkpoint (.pth, .pt)"

let private megabytes (size: int64) = $"{float size / 1e6:F0} MB"

let private describe (stored: StoredWeights) =
    let known = Option.ofObj stored.Known

    Json.object
        [ "name", Json.text stored.Name
          "path", Json.text stored.FilePath
          "backbone", Json.text (known |> Option.map _.Backbone |> Option.toObj)
          "source", Json.text (known |> Option.map _.Source |> Option.toObj)
          "licence", Json.text (known |> Option.map _.Licence |> Option.toObj) ]

let private row (stored: StoredWeights) =
    let place = stored.FilePath |> Option.ofObj |> Option.defaultValue "not fetched"

    match stored.Known with
    | null -> [ stored.Name; ""; ""; "imported"; ""; place ]
    | known -> [ stored.Name; known.Backbone; megabytes known.Size; known.Source; known.Licence; place ]

let private list session =
    let all = WeightsStore.OfUser().List()

    if session.Options.Json then
        Json.write session (Json.array (Seq.map describe all))
    else
        ConsoleTable.write
            session
            [ Left "name"; Left "backbone"; Right "size"; Left "source"; Left "licence"; Left "file" ]
            (all |> Seq.map row |> List.ofSeq)

    ExitCode.Fine

let private answer session (name: string) (path: string | null) =
    if session.Options.Json then
        Json.write session (Json.object [ "name", Json.text name; "path", Json.text path ])
    else
        session.Out.WriteLine path

    ExitCode.Fine

let private fetch session (arguments: ParseResults<FetchArgument>) =
    let known = WeightsCatalog.Find(arguments.GetResult FetchArgument.Name)

    let path =
        Progress.track session $"fetching {known.Name}" "MB" (known.Size / 1_000_000L) (fun report ->
            let progress = Progress.onReport (fun (download: DownloadProgress) -> report (download.Received / 1_000_000L) "")

            WeightsStore.OfUser().Fetch(known, progress, session.Cancellation).GetAwaiter().GetResult())

    answer session known.Name path

let private import session (arguments: ParseResults<ImportArgument>) =
    let stored = WeightsStore.OfUser().Import(arguments.GetResult File)
    answer session stored.Name stored.FilePath

let all =
    [ Verb.createPlain "weights list" "lists the known and imported weight files" "falcon weights list" [ CommonOption.Json ] list
      Verb.create
          "weights fetch"
          "fetches a teacher's weights from their server or package, verified by their SHA-256"
          "falcon weights fetch resnet18"
          [ CommonOption.Quiet; CommonOption.Json ]
          fetch
      Verb.create
          "weights import"
          "takes over a weight file of your own"
          "falcon weights import downloads/resnet18-f37072fd.pth"
          [ CommonOption.Json ]
          import ]
