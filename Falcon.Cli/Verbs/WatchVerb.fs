module Falcon.Cli.WatchVerb

open System
open System.IO
open Argu
open Falcon
open Falcon.Detection
open Falcon.Mqtt
open Falcon.Watching
open Falcon.Cli.Validation

type WatchArgument =
    | [<Mandatory>] Model of file: string
    | [<Mandatory>] Out of folder: string
    | Threshold of score: float
    | False_Alarms of rate: string
    | Pixel_Threshold of value: float
    | Min_Area of area: string
    | Merge_Within of pixels: int
    | Overlays of which: string
    | Webhook of address: string
    | Mqtt of address: string
    | Skip_Existing
    | [<MainCommand; ExactlyOnce>] Folder of folder: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Model _ -> "a model file that 'falcon train' wrote"
            | Out _ ->
                $"the folder for {FolderWatch.Journal}, inspections.csv and overlays; the same watch goes on there after a stop or a crash"
            | Threshold _ -> CalibrationArgument.thresholdUsage
            | False_Alarms _ -> CalibrationArgument.falseAlarmsUsage
            | Pixel_Threshold _ -> RegionOutput.pixelThresholdUsage
            | Min_Area _ -> RegionOutput.minAreaUsage
            | Merge_Within _ -> RegionOutput.mergeWithinUsage
            | Overlays _ -> "photos that get an overlay: none, anomalous or all; default: anomalous"
            | Webhook _ -> "an address to post each inspection to, as JSON; repeat it for several"
            | Mqtt _ -> "an MQTT topic to publish each inspection to: mqtt://[USER:PASSWORD@]HOST[:PORT]/TOPIC, mqtts for TLS"
            | Skip_Existing -> "photos that are there before the first start are not inspected"
            | Folder _ -> "the folder that photos arrive in; those below it count, too"

/// How long outputs that are away are waited for at the end.
let private patience = TimeSpan.FromSeconds 5.0

let private overlays (text: string option) =
    match text with
    | None
    | Some "anomalous" -> Ok WatchOverlays.Anomalous
    | Some "none" -> Ok WatchOverlays.None
    | Some "all" -> Ok WatchOverlays.All
    | Some other -> Error [ Finding($"'{other}' names no photos", "--overlays", "Give none, anomalous or all.") ]

let private isDirectory (path: string) =
    if Directory.Exists path then
        Ok path
    else
        Error [ Finding("there is no such folder", path, "Give the folder that the photos arrive in.") ]

/// What is said of an inspection on the terminal.
let private line (record: WatchRecord) =
    match record.Prediction, record.Fault with
    | NonNull prediction, _ ->
        let verdict = if prediction.Anomalous then "anomalous" else "normal"

        let where =
            match prediction.Regions with
            | NonNull regions -> RegionOutput.describe [ for region in regions -> region.Box ]
            | Null -> ""

        $"{record.File}  {prediction.Score:G5}  {prediction.Relative:F2}  {verdict}  {where}".TrimEnd()
    | Null, fault -> $"{record.File}  not inspected: {fault}"

let private tell session (record: WatchRecord) =
    if session.Options.Json then
        Json.write session (DetectorJson.Node record)
    else
        session.Out.WriteLine(line record)

    session.Out.Flush()

let private run session (arguments: ParseResults<WatchArgument>) =
    let model = arguments.GetResult Model

    let detector, folder, out, limit, wish, overlays, addresses =
        require (
            validation {
                let! detector = attempt (fun () -> Detector.Load(model, Compute.device session))
                and! folder = isDirectory (arguments.GetResult Folder)
                and! out = OutputPath.folder "--out" (arguments.GetResult Out)
                and! limit = CalibrationArgument.wish (arguments.TryGetResult Threshold) (arguments.TryGetResult False_Alarms)

                and! wish =
                    RegionOutput.wish
                        (arguments.TryGetResult Pixel_Threshold)
                        (arguments.TryGetResult Min_Area)
                        (arguments.TryGetResult Merge_Within)

                and! overlays = overlays (arguments.TryGetResult Overlays)

                and! addresses =
                    attempt (fun () ->
                        [ for index, address in List.indexed (arguments.GetResults Webhook) ->
                              new WebHook(address, index + 1) :> IWatchOutput
                          for address in arguments.TryGetResult Mqtt |> Option.toList -> new MqttOutput(address) ])

                return detector, folder, out, limit, wish, overlays, addresses
            }
        )

    use detector = detector
    CalibrationArgument.apply session model detector limit
    let search = RegionOutput.search session detector wish
    Directory.CreateDirectory out |> ignore
    let warn text = lock session.Error (fun () -> Session.warn session text)
    let table () : IWatchOutput = new WatchTable(Path.Combine(out, "inspections.csv"))
    let outputs = [ for make in table :: [ for output in addresses -> fun () -> output ] -> Func<IWatchOutput> make ]

    use watch =
        new FolderWatch(
            detector,
            folder,
            out,
            outputs,
            warn,
            Search = Option.toObj search,
            Overlays = overlays,
            LeavesOut = EarlierPredictions.isWrittenBelow folder
        )

    let say (text: string) = if not session.Options.Quiet then session.Error.WriteLine $"falcon: {text}"

    if watch.Inspected > 0L then
        say $"goes on after {watch.Inspected} files of {out}"
    elif arguments.Contains Skip_Existing then
        say $"{watch.SkipPresent session.Cancellation} photos that are there are left out"

    say $"watches {folder}, threshold {detector.Threshold:G5}; Ctrl-C stops"

    try
        for record in watch.Run session.Cancellation do
            tell session record
    with :? OperationCanceledException ->
        for output in watch.Flush patience do
            warn $"{output} has not got everything yet: it gets the rest after the next start"

        say $"{watch.Inspected} files in {Path.Combine(out, FolderWatch.Journal)}; the same command goes on"
        reraise ()

    ExitCode.Fine

let verb =
    Verb.create
        "watch"
        "inspects every photo that arrives in a folder, once"
        "falcon watch camera-3 --model bottle.falcon --out inspections --mqtt mqtt://broker.local/line-3"
        [ CommonOption.Device; CommonOption.Threads; CommonOption.Quiet; CommonOption.Json; CommonOption.Extension ]
        run
