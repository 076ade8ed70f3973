namespace Falcon.Experiments.Store

open System
open System.Diagnostics
open System.Globalization
open System.IO
open System.Text
open System.Threading
open Falcon

type ProbeFinding = { Name: string; IsGood: bool; Seen: string }

module StoreProbe =
    /// Folders of probes, in the folder that is probed.
    let private name = ".falcon-probe"

    let private rounds = 200

    let private threads = 8

    /// Clocks may differ by this much: leases last a minute.
    let private allowed = TimeSpan.FromSeconds 5.0

    /// How long processes wait for each other.
    let private patience = TimeSpan.FromSeconds 60.0

    let private fileExists = 17

    let private good name seen = { Name = name; IsGood = true; Seen = seen }
    let private bad name seen = { Name = name; IsGood = false; Seen = seen }

    let private milliseconds (time: TimeSpan) = time.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture) + " ms"

    let private seconds (time: TimeSpan) = time.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture) + " s"

    let private tryCreate (path: string) =
        try
            use _ = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite ||| FileShare.Delete)
            true
        with :? IOException as error when error.HResult = fileExists || File.Exists path ->
            false

    let private inParallel count (work: int -> 'Result) =
        let results = Array.zeroCreate<'Result> count
        let running = [ for index in 0 .. count - 1 -> Thread((fun () -> results[index] <- work index)) ]
        running |> List.iter _.Start()
        running |> List.iter _.Join()
        results

    /// How many of some names this process was the first to create.
    let private creations folder =
        let wins =
            inParallel threads (fun _ -> [ for round in 1..rounds -> tryCreate (Path.Combine(folder, $"exclusive-{round}")) ])

        wins |> Seq.collect id |> Seq.filter id |> Seq.length

    let private exclusive folder =
        let watch = Stopwatch.StartNew()
        let wins = creations folder

        let seen =
            $"{rounds} names, {threads} threads: {wins} creations, {milliseconds (watch.Elapsed / float (rounds * threads))} each"

        if wins = rounds then good "exclusive creation" seen else bad "exclusive creation" seen

    /// A reader must always see one whole content, however often another one takes its name.
    let private renaming folder =
        let target = Path.Combine(folder, "renamed")
        let contents = [| for letter in 'a' .. 'z' -> String(letter, 10_000) |]

        let write round =
            Durable.write (Path.Combine(folder, $"new-{round}")) target (Encoding.ASCII.GetBytes contents[round % contents.Length])

        write 0
        use isOver = new CancellationTokenSource()
        let mutable torn, reads = 0, 0

        let reader =
            Thread(fun () ->
                while not isOver.IsCancellationRequested do
                    match Durable.tryRead target with
                    | Some bytes when Array.contains (Encoding.ASCII.GetString bytes) contents -> ()
                    | _ -> torn <- torn + 1

                    reads <- reads + 1)

        reader.Start()
        let watch = Stopwatch.StartNew()

        for round in 1 .. rounds / 4 do
            write round

        let each = watch.Elapsed / float (rounds / 4)
        isOver.Cancel()
        reader.Join()

        let seen =
            $"{rounds / 4} replacements, {milliseconds each} each, {reads} reads meanwhile, {torn} of them not of one whole content"

        if torn = 0 then good "atomic renaming" seen else bad "atomic renaming" seen

    let private difference (time: TimeSpan) = (if time < TimeSpan.Zero then "-" else "+") + seconds (time.Duration())

    /// The file system's time against this machine's.
    let private clock folder =
        let path = Path.Combine(folder, "clock")

        let offsets =
            [ for _ in 1..5 do
                  Durable.delete path
                  let before = DateTimeOffset.UtcNow
                  File.WriteAllText(path, "now")
                  let after = DateTimeOffset.UtcNow

                  match FileStamp.tryReadFresh path with
                  | ValueSome stamp -> FileStamp.modifiedAt stamp - (before + (after - before) / 2.0)
                  | ValueNone -> () ]

        match offsets |> List.sortBy _.Duration() |> List.tryHead with
        | None -> bad "clock" "a file that was written has no time"
        | Some offset ->
            let seen = $"files are stamped {difference offset} off this machine's clock; {seconds allowed} are allowed"
            if offset.Duration() < allowed then good "clock" seen else bad "clock" seen

    /// Signs of life are times that are set.
    let private signs folder =
        let path = Path.Combine(folder, "sign")
        File.WriteAllText(path, "")
        let wanted = DateTime.UtcNow.AddSeconds -30.0
        File.SetLastWriteTimeUtc(path, wanted)

        match FileStamp.tryReadFresh path with
        | ValueSome stamp when ((FileStamp.modifiedAt stamp).UtcDateTime - wanted).Duration() < TimeSpan.FromSeconds 2.0 ->
            good "times that are set" "kept as they were set"
        | ValueSome stamp -> bad "times that are set" $"set to {wanted:T}, read as {FileStamp.modifiedAt stamp:T}"
        | ValueNone -> bad "times that are set" "the file is gone"

    let private links folder =
        let target, link = Path.Combine(folder, "clock"), Path.Combine(folder, "link")

        try
            File.CreateSymbolicLink(link, target) |> ignore

            if File.ReadAllText link = "now" then
                good "symbolic links" "read as what they name"
            else
                bad "symbolic links" "read as something else"
        with
        | :? IOException
        | :? UnauthorizedAccessException as error -> bad "symbolic links" error.Message

    let private until (cancellation: CancellationToken) what (isThere: unit -> bool) =
        let watch = Stopwatch.StartNew()

        while not (isThere ()) do
            if watch.Elapsed > patience then
                raise (
                    InvalidInputException(
                        $"{what} did not come within {patience.TotalSeconds:F0} s",
                        "cache probe",
                        "Start as many at the same time as --processes says, all on the same folder: srun -N 2 falcon cache probe FOLDER."
                    )
                )

            cancellation.WaitHandle.WaitOne 20 |> ignore
            cancellation.ThrowIfCancellationRequested()

        watch.Elapsed

    let private filesOf folder kind = if Directory.Exists folder then Directory.GetFiles(folder, $"{kind}-*") else [||]

    /// Every file of a kind, once all processes have written theirs; each is seen as it was written.
    let private gather cancellation folder processes kind (own: string) (text: string) =
        Durable.write (Path.Combine(folder, $"draft-{own}")) (Path.Combine(folder, $"{kind}-{own}")) (Encoding.UTF8.GetBytes text)
        // Whoever has seen that all are over removes the folder.
        until cancellation "the other processes" (fun () ->
            (filesOf folder kind).Length >= processes || kind = "over" && not (Directory.Exists folder))
        |> ignore

        [ for path in Array.sort (filesOf folder kind) -> Encoding.UTF8.GetString(Durable.tryRead path |> Option.defaultValue [||]) ]

    /// Processes that compete: each name is created by one of all, what one writes the others read, and their clocks agree.
    let private together cancellation folder processes =
        let own = $"{Environment.MachineName}-{Environment.ProcessId}"
        let everybody = gather cancellation folder processes "here" own own
        // From here on all are at it.
        let wins = creations folder
        let all = gather cancellation folder processes "wins" own (string wins) |> List.map int
        let created = List.sum all

        let seen =
            $"{rounds} names, {processes} processes on {everybody |> List.map (fun name -> name[.. name.LastIndexOf '-' - 1]) |> List.distinct |> List.length} machines: {created} creations"

        let competition =
            if created = rounds then
                good "exclusive creation of all" seen
            else
                bad "exclusive creation of all" seen

        // The time at which each writes stands in the file; whoever reads it compares.
        let told =
            gather cancellation folder processes "time" own (DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture))

        let now = DateTimeOffset.UtcNow

        let ages =
            [ for text in told ->
                  match DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture) with
                  | true, time -> now - time
                  | false, _ -> TimeSpan.MaxValue ]

        let earliest, latest = List.min ages, List.max ages
        let late = $"what the others wrote was read {seconds latest} later at most, {difference earliest} at least"

        let visibility =
            if latest = TimeSpan.MaxValue then
                bad "visibility" "a file was read that was not wholly there"
            elif latest < TimeSpan.FromSeconds 30.0 && earliest > -allowed then
                good "visibility and clocks of all" late
            else
                bad "visibility and clocks of all" late

        // Nobody leaves before all have read.
        gather cancellation folder processes "over" own "" |> ignore
        [ competition; visibility ]

    let run (folder: string) processes cancellation =
        let folder = Path.GetFullPath folder

        try
            Directory.CreateDirectory folder |> ignore
            let shared = Path.Combine(folder, name)
            let mine = Path.Combine(folder, $"{name}-{Environment.MachineName}-{Environment.ProcessId}")
            Directory.CreateDirectory mine |> ignore

            // What processes have left that were killed.
            if Directory.Exists shared && DateTime.UtcNow - Directory.GetLastWriteTimeUtc shared > 2.0 * patience then
                Durable.deleteFolder shared

            try
                let alone = [ exclusive mine; renaming mine; clock mine; signs mine; links mine ]
                if processes > 1 then alone @ together cancellation shared processes else alone
            finally
                Durable.deleteFolder mine
                if processes > 1 then Durable.deleteFolder shared
        with
        | :? IOException
        | :? UnauthorizedAccessException as error when not (error :? DirectoryNotFoundException) ->
            raise (InvalidInputException($"cannot be written ({error.Message})", folder, "Name a folder that you may write to."))
