module Falcon.Cli.ServeVerb

open System
open System.IO
open System.Net
open System.Reflection
open System.Threading
open Argu
open Falcon
open Falcon.Experiments.Store
open Falcon.Server
open Falcon.Server.Jobs
open Falcon.Cli.Validation

type ServeArgument =
    | Home of folder: string
    | Address of address: string
    | Port of number: int
    | Token of text: string
    | Parallel of count: int
    | Max_Waiting of count: int
    | Max_Bytes of size: int64
    | Max_Pixels of count: int64
    | Max_Photos of count: int
    | Max_Models of count: int
    | Max_Versions of count: int
    | Max_Inspections of count: int
    | Max_Inspection_Bytes of size: int64
    | Job_Priority of priority: string
    | [<Hidden>] Job of id: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Home _ -> "the folder of everything that the server keeps; default: server in the folder of the store (.falcon)"
            | Address _ -> "the address to listen at; another one than this machine's own (127.0.0.1, the default) needs --token"
            | Port _ -> "the port; default: 5170; 0 for any that is free"
            | Token _ -> "what callers must show, at least 16 characters; default: the variable FALCON_TOKEN, which other users cannot see"
            | Parallel _ -> "inspections at the same time; the threads are divided among them; default: 1"
            | Max_Waiting _ -> "inspections that may wait, further ones are refused; default: 32"
            | Max_Bytes _ -> "the largest file that may be sent, in bytes; default: 67108864 (64 MB)"
            | Max_Pixels _ -> "the largest image; default: 50000000"
            | Max_Photos _ -> "photos of one part; default: 200"
            | Max_Models _ -> "models in memory; default: 4"
            | Max_Versions _ -> "versions of a part's model that are kept; default: 5"
            | Max_Inspections _ -> "inspections that are remembered; default: 2000"
            | Max_Inspection_Bytes _ -> "the bytes that they may take; default: 2147483648 (2 GB)"
            | Job_Priority _ ->
                "how trainings share the processor with inspections and other programs: low (the default: they go last) or normal"
            | Job _ -> "does one job of a server"

/// The command that runs this program, without its arguments.
let private ownCommand () =
    let program = nonNull Environment.ProcessPath

    match Path.GetFileNameWithoutExtension program with
    | "dotnet" -> [ program; (nonNull (Assembly.GetEntryAssembly())).Location ]
    | _ -> [ program ]

/// How a server's jobs are done: by this command, in processes of their own.
let private worker session (priority: string) =
    let options = session.Options

    [ yield! ownCommand ()
      "serve"
      "--threads"
      string options.Threads
      "--device"
      options.Device
      "--job-priority"
      priority
      for extension in options.Extensions do
          "--extension"
          Path.GetFullPath extension ]

let private address (text: string) =
    match IPAddress.TryParse text with
    | _ when text = "localhost" -> Ok IPAddress.Loopback
    | true, NonNull address -> Ok address
    | _ ->
        Error
            [ Finding($"'{text}' is no address", "--address", "Give one of this machine's, for example 192.168.1.20, or 0.0.0.0 for all.") ]

let private priorities = [ "low"; "normal" ]

let private priority (arguments: ParseResults<ServeArgument>) =
    match arguments.GetResult(Job_Priority, defaultValue = "low") with
    | known when List.contains known priorities -> Ok known
    | other -> Error [ Finding($"'{other}' is no priority", "--job-priority", "Give low or normal.") ]

let private token (arguments: ParseResults<ServeArgument>) : string | null =
    match arguments.TryGetResult Token, Environment.GetEnvironmentVariable "FALCON_TOKEN" with
    | Some given, _ -> given
    | None, Null -> null
    | None, NonNull "" -> null
    | None, NonNull found -> found

let private options session (arguments: ParseResults<ServeArgument>) home address priority =
    let worker = Array.ofList (worker session priority)
    let defaults = ServerOptions(home, worker)
    let lanes = arguments.GetResult(Parallel, defaultValue = defaults.Parallel)

    ServerOptions(
        home,
        worker,
        Address = address,
        Port = arguments.GetResult(Port, defaultValue = defaults.Port),
        Token = token arguments,
        Parallel = lanes,
        Threads = max 1 (session.Options.Threads / max 1 lanes),
        Device = session.Options.Device,
        MostWaiting = arguments.GetResult(Max_Waiting, defaultValue = defaults.MostWaiting),
        MostBytes = arguments.GetResult(Max_Bytes, defaultValue = defaults.MostBytes),
        MostPixels = arguments.GetResult(Max_Pixels, defaultValue = defaults.MostPixels),
        MostPhotos = arguments.GetResult(Max_Photos, defaultValue = defaults.MostPhotos),
        MostModels = arguments.GetResult(Max_Models, defaultValue = defaults.MostModels),
        MostVersions = arguments.GetResult(Max_Versions, defaultValue = defaults.MostVersions),
        MostInspections = arguments.GetResult(Max_Inspections, defaultValue = defaults.MostInspections),
        MostInspectionBytes = arguments.GetResult(Max_Inspection_Bytes, defaultValue = defaults.MostInspectionBytes),
        Log = (fun line -> lock session.Error (fun () -> session.Error.WriteLine $"falcon: {line}"))
    )

let private greet session (server: FalconServer) (options: ServerOptions) =
    if session.Options.Json then
        Json.write
            session
            (Json.object
                [ "address", Json.text (string server.Address)
                  "home", Json.text server.Home
                  "token", Json.flag (not (isNull options.Token))
                  "continued", Json.whole server.Continued ])
    else
        session.Out.WriteLine $"falcon serves at {server.Address}"
        session.Out.WriteLine $"home: {server.Home}"

        session.Out.WriteLine(
            match options.Token with
            | Null -> "token: none, because only this machine can reach the server"
            | NonNull _ when options.IsLocal -> "token: wanted of every caller (Authorization: Bearer TOKEN)"
            | NonNull _ ->
                "token: wanted of every caller (Authorization: Bearer TOKEN). What is sent is not encrypted: put a server with TLS in front where others can listen"
        )

        if server.Continued > 0 then
            session.Out.WriteLine $"jobs that go on: {server.Continued}"

        session.Out.WriteLine "Ctrl-C stops; what is being trained goes on at the next start"

    session.Out.Flush()

let private serve session (arguments: ParseResults<ServeArgument>) home =
    let address, priority =
        require (
            validation {
                let! address =
                    match arguments.TryGetResult Address with
                    | None -> Ok IPAddress.Loopback
                    | Some text -> address text

                and! priority = priority arguments
                return address, priority
            }
        )

    let options = options session arguments home address priority
    let server = FalconServer.Start(options).GetAwaiter().GetResult()

    try
        greet session server options
        session.Cancellation.WaitHandle.WaitOne() |> ignore

        if not session.Options.Quiet then session.Error.WriteLine "falcon: stopping"
    finally
        server.DisposeAsync().AsTask().GetAwaiter().GetResult()

    // Nothing is cut short: stopping is how a server ends.
    ExitCode.Fine

let private run session (arguments: ParseResults<ServeArgument>) =
    let home = arguments.GetResult(Home, defaultValue = Path.Combine(Store.location ".", "server"))

    match arguments.TryGetResult Job with
    | None -> serve session arguments home
    | Some job ->
        try
            JobWorker.Run(
                home,
                job,
                session.Options.Device,
                session.Options.Threads,
                (priority arguments |> require) = "low",
                Console.OpenStandardInput(),
                session.Out,
                session.Cancellation
            )

            ExitCode.Fine
        with :? OperationCanceledException ->
            // The server has asked it to stop, or is gone.
            Falcon.Experiments.Interruption.ExitCode

let verb =
    Verb.create
        "serve"
        "serves detectors over HTTP, with a page: photos, trainings, inspections"
        "falcon serve --home line-3 --port 5170"
        [ CommonOption.Device; CommonOption.Threads; CommonOption.Quiet; CommonOption.Json; CommonOption.Extension ]
        run
