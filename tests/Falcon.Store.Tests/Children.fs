/// Other processes that use a store: this program, started again with the word `child`.
module Falcon.Store.Tests.Children

open System
open System.Diagnostics
open System.IO
open System.Threading
open Falcon
open Falcon.Experiments.Store

/// Computes random ones of the first `keys` squares until all are there. Each computation leaves a file in the folder `log`.
let private hammer (store: string) (seed: int) (keys: int) (bytes: int) (log: string) =
    use store = Store.openAt store
    let random = Random seed
    Console.WriteLine "ready"

    for round in 1..3 do
        for number in random.GetItems([| 0 .. keys - 1 |], keys) |> Array.append [| 0 .. keys - 1 |] do
            let options: Squares.Options = { Number = number; Bytes = bytes }

            let compute workspace =
                File.WriteAllText(Path.Combine(log, $"{number}-{Environment.ProcessId}-{Guid.NewGuid()}"), string round)
                Thread.Sleep(random.Next 4)
                Squares.compute options workspace

            let result = Store.getOrRun store CancellationToken.None (Squares.call options) compute

            if not (Squares.isRight options result) then
                failwith $"number {number} has wrong content"

/// Starts the computation of a square and never ends it.
let private hang (store: string) (number: int) =
    let store = Store.openAt store
    let options: Squares.Options = { Number = number; Bytes = 1000 }

    let compute (workspace: Workspace) =
        File.WriteAllText(Path.Combine(workspace.Folder, "half"), "half")
        File.WriteAllText(Path.Combine(workspace.Checkpoints, "epoch"), "7")
        Console.WriteLine "ready"
        Thread.Sleep Timeout.Infinite
        []

    Store.getOrRun store CancellationToken.None (Squares.call options) compute |> ignore

/// Computes or finds a square and keeps the store open.
let private hold (store: string) (number: int) =
    let store = Store.openAt store
    Squares.getOrRun store { Number = number; Bytes = 1000 } |> ignore
    Console.WriteLine "ready"
    Thread.Sleep Timeout.Infinite

let private expect what condition = if not condition then failwith $"expected: {what}"

/// Computes squares until the disk is full, then frees space by a collection and goes on.
let private fill (folder: string) =
    let options number : Squares.Options = { Number = 2 * number; Bytes = 50_000 }

    let rec untilFull store number =
        try
            Squares.getOrRun store (options number) |> ignore
            untilFull store (number + 1)
        with :? InvalidInputException as error ->
            number, error.Findings[0]

    let full =
        use store = Store.openAt folder
        let full, finding = untilFull store 0
        expect "some squares fit" (full > 3)

        expect
            "the finding says what, where and how to fix it"
            (finding.What.Contains "disk is full" && finding.Where = folder && finding.Fix.Contains "gc")

        expect
            "nothing half-written is left"
            (Directory.GetFiles(Path.Combine(folder, "work"), "*", SearchOption.AllDirectories).Length = 0)

        expect "what is stored is valid" ((Store.verify store (fun _ _ -> ()) CancellationToken.None).Dropped.IsEmpty)

        for number in 0 .. full - 1 do
            expect "what is stored is found" ((Squares.getOrRun store (options number)).Origin = Found)

        full

    use store = Store.openAt folder
    let report = Store.gc store 100_000L CancellationToken.None
    expect "a collection works on a full disk" (report.Freed > 100_000L && report.Kept <= 100_000L)
    expect "there is room again" (Squares.isRight (options full) (Squares.getOrRun store (options full)))
    Console.WriteLine $"{full} squares fitted"

/// Prints the cost of a hit and of putting a large content.
let private measure (folder: string) =
    use store = Store.openAt folder
    let options: Squares.Options = { Number = 1; Bytes = 10_000 }
    Squares.getOrRun store options |> ignore
    Thread.Sleep 2_500

    let time what count action =
        for _ in 1 .. count / 10 do
            action () |> ignore

        let watch = Stopwatch.StartNew()
        let before = Environment.CpuUsage.TotalTime

        for _ in 1..count do
            action () |> ignore

        let each (time: TimeSpan) = time.TotalMilliseconds / float count

        Console.WriteLine
            $"{what}: {each watch.Elapsed:f4} ms each, {each (Environment.CpuUsage.TotalTime - before):f4} ms of a processor ({count} times)"

    time "getOrRun that finds" 10_000 (fun () -> Squares.getOrRun store options)
    time "probe" 10_000 (fun () -> Store.probe store (Squares.call options))
    time "key of a call" 10_000 (fun () -> Squares.call options)
    let random = Random 1

    for megabytes in [ 1; 100; 100; 100 ] do
        let bytes = Array.zeroCreate<byte>(megabytes <<< 20)
        random.NextBytes bytes

        for what, output in
            [ "bytes", (fun (_: Workspace) -> Output.Bytes bytes)
              "own file",
              fun workspace ->
                  let path = Path.Combine(workspace.Folder, "large")
                  File.WriteAllBytes(path, bytes)
                  Output.File path ] do
            bytes[0] <- bytes[0] + 1uy
            let call = StageCall.create "large" 1 (Canonical.ofValue {| Bytes = what; Random = random.Next() |}) []
            let watch = Stopwatch()

            let compute workspace =
                let output = output workspace
                watch.Start()
                [ "large", output ]

            let result = Store.getOrRun store CancellationToken.None call compute
            let put = watch.Elapsed.TotalSeconds
            watch.Restart()
            Store.tryFind store call |> ignore

            Console.WriteLine
                $"{megabytes} MiB as {what}: put in {put:f3} s ({float megabytes / put:f0} MiB/s), verified in {watch.Elapsed.TotalSeconds:f3} s"

            expect "the result is there" (File.Exists result.Outputs["large"].Path)

let run (arguments: string list) =
    match arguments with
    | [ "hammer"; store; seed; keys; bytes; log ] -> hammer store (int seed) (int keys) (int bytes) log
    | [ "hang"; store; number ] -> hang store (int number)
    | [ "hold"; store; number ] -> hold store (int number)
    | [ "fill"; folder ] -> fill folder
    | [ "measure"; folder ] -> measure folder
    | _ -> failwith $"unknown child: {arguments}"

let private program = Path.Combine(AppContext.BaseDirectory, "Falcon.Store.Tests.dll")

/// The command that starts a child.
let command (arguments: string list) = "dotnet" :: program :: "child" :: arguments

let startCommand (command: string list) =
    let info =
        ProcessStartInfo(List.head command, List.tail command, RedirectStandardOutput = true, RedirectStandardError = true)

    // A short life does not repay the profiling of its code.
    info.Environment["DOTNET_TieredPGO"] <- "0"
    nonNull (Process.Start info)

/// Starts a child.
let start arguments = startCommand (command arguments)

/// Starts a child and waits until it says that it is ready.
let startReady arguments =
    let child = start arguments

    if child.StandardOutput.ReadLine() <> "ready" then
        failwith (child.StandardError.ReadToEnd())

    child

/// Waits for the end of a child and fails with its error if it failed.
let finish (child: Process) =
    let output = child.StandardOutput.ReadToEndAsync()
    let error = child.StandardError.ReadToEndAsync()
    child.WaitForExit()

    if child.ExitCode <> 0 then failwith $"a child failed: {error.Result}"

    output.Result
