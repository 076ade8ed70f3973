module Falcon.Cli.DoctorVerb

open System
open System.IO
open System.Runtime.InteropServices
open Falcon.Diagnostics
open Falcon.Engine
open Falcon.Imaging
open Falcon.Reports
open Falcon.Training
open Falcon.Weights
open TorchSharp

type State =
    | Fine
    | Warning of advice: string
    | Missing of fix: string

type Check = { Name: string; Value: string; State: State }

let private fine name value = { Name = name; Value = value; State = Fine }

let private font () =
    let fonts = PlotFonts.OfMachine

    match fonts.Name, fonts.File with
    | null, _
    | _, null ->
        { Name = "font"
          Value = PlotFonts.NoneFound.What
          State = Missing $"sudo apt-get install {PlotFonts.Package}" }
    | name, file -> fine "font" $"{name} ({file}) for plots"

/// The tensor library loads with its first tensor.
let private tensorLibrary () =
    try
        use _ = torch.zeros 1L
        fine "engine" $"{EngineVersion.Text}; native binding: {TorchBinding.Description}"
    with error ->
        { Name = "engine"
          Value = $"{EngineVersion.Text} cannot be loaded: {(error.GetBaseException()).Message.Split('\n')[0]}"
          State = Missing "see 'The engine' in docs/dependencies.md" }

/// An image goes through the native part of the decoder, which a platform may lack.
let private imageLibrary () =
    try
        ImageFile.EncodeJpeg(RasterImage(1, 1, 3)) |> ignore
        fine "images" ImageFile.DecoderVersion
    with
    | :? TypeInitializationException
    | :? DllNotFoundException as error ->
        { Name = "images"
          Value = $"Skia cannot be loaded: {error.GetBaseException().Message}"
          State = Missing "install the package SkiaSharp.NativeAssets of this platform, or use Linux, Windows or macOS on x64 or arm64" }

let private features (cpu: CpuInfo) =
    let lacking = CpuInfo.KnownFeatures.Keys |> Seq.except cpu.Features |> String.concat ", "
    let value = String.Join(", ", cpu.Features)
    let value = if lacking = "" then value else $"{value}; not: {lacking}"

    { Name = "CPU features"
      Value = value
      State =
        if Seq.contains "AVX2" cpu.Features then
            Fine
        else
            Warning "without AVX2 every computation is several times slower: use another machine if you can" }

let private threads session =
    let settings =
        [ for name in [ "OMP_NUM_THREADS"; "OMP_WAIT_POLICY"; "GOMP_SPINCOUNT" ] do
              match Environment.GetEnvironmentVariable name with
              | null -> ()
              | value -> $"{name}={value}" ]
        |> String.concat ", "

    let active =
        String.Equals(Environment.GetEnvironmentVariable "OMP_WAIT_POLICY", "active", StringComparison.OrdinalIgnoreCase)

    { Name = "threads"
      Value = $"{session.Options.Threads} for each tensor operation; {settings}"
      State =
        if active then
            Warning "threads that wait actively slow one another many times over: unset OMP_WAIT_POLICY"
        elif session.Options.Threads > ComputeThreads.Cores then
            Warning $"more threads than cores: use --threads {ComputeThreads.Cores}"
        else
            Fine }

/// Threads that must share a core with other processes wait for one another at every operation.
let private load session =
    let busy = HostLoad.busyProcesses (TimeSpan.FromSeconds 0.3)
    let others = busy |> List.sumBy _.Cores

    let names =
        busy
        |> List.filter (fun other -> other.Cores >= 0.1)
        |> List.truncate 3
        |> List.map (fun other -> $"{other.Name} ({other.Id}) {other.Cores:F1}")
        |> String.concat ", "

    let average = HostLoad.loadAverage () |> Option.map (fun load -> $"load average {load:F1}; ") |> Option.defaultValue ""
    let free = float ComputeThreads.Cores - others

    { Name = "load"
      Value =
        $"{average}other processes keep {others:F1} of {ComputeThreads.Cores} cores busy"
        + (if names = "" then "" else $": {names}")
      State =
        if float session.Options.Threads > free + 0.5 then
            Warning $"oversubscribed: work will be slow; wait for the others, or use --threads {max 1 (int free)}"
        else
            Fine }

let private devices () =
    let cuda = HostInfo.Current.CudaDevices

    fine "devices" (String.Join(", ", "cpu" :: [ for index in 0 .. cuda - 1 -> $"cuda:{index}" ]))

let private teachers () =
    let store = WeightsStore.OfUser()

    let names =
        [ for stored in store.List() do
              if not (isNull stored.FilePath) then stored.Name ]

    { Name = "weights"
      Value =
        if names.IsEmpty then
            $"none in {store.Folder}"
        else
            $"""{String.Join(", ", names)} in {store.Folder}"""
      State =
        if names.IsEmpty then
            Warning "without a teacher's weights scores are poor: falcon weights fetch resnet18"
        else
            Fine }

let private checks session =
    let cpu = CpuInfo.Read()
    let torch = tensorLibrary ()

    [ fine
          "falcon"
          $"""{BuildInfo.Current.Version} ({BuildInfo.Current.Commit
                                            |> Option.ofObj
                                            |> Option.map (fun commit -> commit.Substring(0, 10))
                                            |> Option.defaultValue "no commit"})"""
      fine "runtime" RuntimeInformation.FrameworkDescription
      fine "system" RuntimeInformation.OSDescription
      fine "processor" $"{cpu.Model}, {cpu.Cores} cores"
      features cpu
      fine "memory" $"{float (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) / 1e9:F1} GB"
      torch
      imageLibrary ()
      font ()
      if torch.State = Fine then devices ()
      threads session
      load session
      teachers () ]

let private stateName =
    function
    | Fine -> "ok"
    | Warning _ -> "warning"
    | Missing _ -> "missing"

let private advice =
    function
    | Fine -> None
    | Warning text
    | Missing text -> Some text

let private toJson check =
    Json.object
        [ "name", Json.text check.Name
          "state", Json.text (stateName check.State)
          "value", Json.text check.Value
          "fix", Json.text (advice check.State |> Option.toObj) ]

let private run session =
    let checks = checks session

    if session.Options.Json then
        Json.write session (Json.object [ "checks", Json.array (List.map toJson checks) ])
    else
        ConsoleTable.write
            session
            [ Left "check"; Left "state"; Left "value" ]
            [ for check in checks -> [ check.Name; stateName check.State; check.Value ] ]

        for check in checks do
            match advice check.State with
            | Some text -> session.Out.WriteLine $"{stateName check.State}: {check.Name}: {text}"
            | None -> ()

    if checks |> List.exists _.State.IsMissing then ExitCode.SomeFailed else ExitCode.Fine

let verb =
    Verb.createPlain
        "doctor"
        "says what this machine has, what is missing and how to fix it"
        "falcon doctor --threads 2"
        [ CommonOption.Threads; CommonOption.Json ]
        run
