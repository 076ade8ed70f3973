module Falcon.Store.Tests.CollectionTests

open System
open System.IO
open System.Threading
open Xunit
open Falcon
open Falcon.Experiments.Store
open Falcon.Store.Tests.Squares

let private none = CancellationToken.None
let private square number = { Number = number; Bytes = 10_000 }

/// Computes squares in a session of its own and dates their last use: the first the longest ago.
let private prepare folder numbers =
    using (Store.openAt folder) (fun store ->
        for number in numbers do
            getOrRun store (square number) |> ignore)

    numbers
    |> List.iteri (fun index number ->
        File.SetLastWriteTimeUtc(entryPath folder (square number), DateTime.UtcNow.AddHours(float (index - 100))))

let private kept store numbers = numbers |> List.filter (fun number -> (Store.probe store (call (square number))).IsOk)

[<Fact>]
let ``what was used least recently goes first, and no more than needed`` () =
    use folder = new Scratch.Folder()
    prepare folder.Path [ 0; 2; 4; 6; 8 ]
    use store = Store.openAt folder.Path
    let report = Store.gc store 31_999L none
    Assert.Equal<int list>([ 4; 6; 8 ], kept store [ 0; 2; 4; 6; 8 ])
    Assert.Equal((2, 4), (report.Entries, report.Blobs))
    Assert.InRange(report.Kept, 30_000L, 31_999L)
    Assert.InRange(report.Freed, 20_000L, 22_000L)
    Assert.Equal(0, (Store.gc store 31_999L none).Entries)
    Assert.Equal(3, (Store.gc store 0L none).Entries)
    Assert.Equal(0L, Store.totalBytes store)

[<Fact>]
let ``finding a result counts as a use, at most once a minute`` () =
    use folder = new Scratch.Folder()
    prepare folder.Path [ 0; 2; 4 ]
    using (Store.openAt folder.Path) (fun store -> Assert.Equal(Found, (getOrRun store (square 0)).Origin))
    let path = entryPath folder.Path (square 0)
    let used = DateTime.UtcNow.AddSeconds -30.0
    File.SetLastWriteTimeUtc(path, used)
    use store = Store.openAt folder.Path
    Store.gc store 12_000L none |> ignore
    Assert.Equal<int list>([ 0 ], kept store [ 0; 2; 4 ])
    Store.tryFind store (call (square 0)) |> ignore
    Assert.Equal(used, File.GetLastWriteTimeUtc path)

[<Fact>]
let ``a content stays as long as one result has it`` () =
    use folder = new Scratch.Folder()
    prepare folder.Path [ 0; 1; 2 ]
    use store = Store.openAt folder.Path
    let all = (Store.gc store Int64.MaxValue none).Kept
    let report = Store.gc store (all - 1L) none
    Assert.Equal((1, 1), (report.Entries, report.Blobs))
    Assert.Equal<int list>([ 1; 2 ], kept store [ 0; 1; 2 ])
    Assert.True(isRight (square 1) (getOrRun store (square 1)))

[<Fact>]
let ``what a running process uses stays until it ends`` () =
    use folder = new Scratch.Folder()
    prepare folder.Path [ 0; 2; 4 ]
    use store = Store.openAt folder.Path

    using (Store.openAt folder.Path) (fun other ->
        let found = getOrRun other (square 0)
        let computed = getOrRun other (square 6)
        let report = Store.gc store 0L none
        Assert.Equal<int list>([ 0; 6 ], kept store [ 0; 2; 4; 6 ])
        Assert.True(report.Kept > 20_000L)
        Assert.True(isRight (square 0) found && isRight (square 6) computed))

    Assert.Equal(2, (Store.gc store 0L none).Entries)

let private stage name inputs content =
    StageCall.create name 1 (Canonical.ofValue ()) inputs, [ "out", Output.Bytes(Text.Encoding.UTF8.GetBytes(content: string)) ]

[<Fact>]
let ``what is pinned stays with all that it was made from`` () =
    use folder = new Scratch.Folder()

    let report, others =
        use store = Store.openAt folder.Path
        let run (call, outputs) = Store.getOrRun store none call (fun _ -> outputs)
        let features = run (stage "features" [] "features")
        let model = run (stage "model" [ "features", Content features.Outputs["out"].Digest ] "model")
        let maps = run (stage "maps" [ "model", ResultOf model.Key ] "maps")

        let report =
            run (stage "report" [ "maps", Content maps.Outputs["out"].Digest; "photo", Content(Digest.ofBytes "photo"B) ] "report")

        let other = run (stage "other" [ "features", Content features.Outputs["out"].Digest ] "other")
        Store.pin store "the paper" [ report.Key ]
        Assert.Equal<Pin list>([ { Name = "the paper"; Keys = [ report.Key ] } ], Store.pins store)
        report.Key, [ other.Key ]

    use store = Store.openAt folder.Path
    Assert.Equal(others.Length, (Store.gc store 0L none).Entries)

    Assert.Equal<string list>(
        [ "features"; "maps"; "model"; "report" ],
        [ for stored in Store.entries store -> stored.Entry.Stage ] |> List.sort
    )

    Assert.Contains(report, [ for stored in Store.entries store -> stored.Entry.Key ])
    Assert.True(Store.unpin store "the paper")
    Assert.False(Store.unpin store "the paper")
    Assert.Equal(4, (Store.gc store 0L none).Entries)

let private findings (action: unit -> unit) = List.ofSeq (Assert.Throws<InvalidInputException>(action).Findings)

[<Fact>]
let ``unknown keys and names that are no file names are not pinned`` () =
    use folder = new Scratch.Folder()
    prepare folder.Path [ 0 ]
    use store = Store.openAt folder.Path
    let unknown = [ (call (square 98)).Key; (call (square 99)).Key ]

    Assert.Equal<string list>(
        [ for key in unknown -> $"key {key.Hex}" ],
        findings (fun () -> Store.pin store "x" unknown) |> List.map _.Where
    )

    for name in [ ""; "."; ".."; "a/b"; " a"; String('a', 129); "a\n" ] do
        Assert.Single(findings (fun () -> Store.pin store name [ (call (square 0)).Key ])) |> ignore

    Assert.Empty(Store.pins store)

[<Fact>]
let ``a broken pin stops the collection until it is removed`` () =
    use folder = new Scratch.Folder()
    prepare folder.Path [ 0; 2 ]
    using (Store.openAt folder.Path) (fun store -> Store.pin store "table 1" [ (call (square 0)).Key ])
    flipBit (Path.Combine(folder.Path, "pins", "table 1")) 7L
    use store = Store.openAt folder.Path
    Assert.Contains("table 1", (findings (fun () -> Store.gc store 0L none |> ignore) |> List.head).Where)
    Assert.Equal<int list>([ 0; 2 ], kept store [ 0; 2 ])
    Assert.True(Store.unpin store "table 1")
    Assert.Equal(2, (Store.gc store 0L none).Entries)

[<Fact>]
let ``what nothing refers to and what is broken goes even if there is room`` () =
    use folder = new Scratch.Folder()
    prepare folder.Path [ 0; 2; 4 ]
    flipBit (entryPath folder.Path (square 0)) 9L
    File.Delete(blobPath folder.Path (text (square 2)))
    use store = Store.openAt folder.Path
    let report = Store.gc store Int64.MaxValue none
    Assert.Equal((2, 3), (report.Entries, report.Blobs))
    Assert.Equal<int list>([ 4 ], kept store [ 0; 2; 4 ])

[<Fact>]
let ``checkpoints count as last used when last changed`` () =
    use folder = new Scratch.Folder()
    prepare folder.Path [ 0; 2 ]

    let interrupt number =
        let compute (workspace: Workspace) : (string * Output) list =
            File.WriteAllBytes(Path.Combine(workspace.Checkpoints, "weights"), Array.zeroCreate 10_000)
            failwith "interrupted"

        use store = Store.openAt folder.Path

        Assert.ThrowsAny<Exception>(fun () -> Store.getOrRun store none (call (square number)) compute |> ignore)
        |> ignore

        Path.Combine(folder.Path, "checkpoints", (call (square number)).Key.Hex)

    let old, fresh = interrupt 4, interrupt 6
    File.SetLastWriteTimeUtc(Path.Combine(old, "weights"), DateTime.UtcNow.AddDays -30.0)
    Directory.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays -30.0)
    use store = Store.openAt folder.Path
    let report = Store.gc store 31_999L none
    Assert.Equal((1, 0), (report.Checkpoints, report.Entries))
    Assert.True(Directory.Exists fresh && not (Directory.Exists old))
    Assert.Equal((1, 2), (let report = Store.gc store 0L none in report.Checkpoints, report.Entries))

[<Fact>]
let ``a checkpoint whose result is there and an empty one go, whoever uses the result`` () =
    use folder = new Scratch.Folder()
    prepare folder.Path [ 0 ]

    let checkpoint number =
        Directory.CreateDirectory(Path.Combine(folder.Path, "checkpoints", (call (square number)).Key.Hex)).FullName

    File.WriteAllText(Path.Combine(checkpoint 0, "epoch"), "7")
    File.WriteAllText(Path.Combine(checkpoint 2, "epoch"), "7")
    checkpoint 4 |> ignore
    use store = Store.openAt folder.Path
    Assert.Equal<int list>([ 0 ], kept store [ 0 ])
    Store.gc store Int64.MaxValue none |> ignore
    Assert.Equal<string array>([| checkpoint 2 |], Directory.GetDirectories(Path.Combine(folder.Path, "checkpoints")))

[<Fact>]
let ``what another machine has used just now stays`` () =
    use folder = new Scratch.Folder()
    prepare folder.Path [ 0; 2 ]
    File.SetLastWriteTimeUtc(entryPath folder.Path (square 0), DateTime.UtcNow)
    use store = Store.openAt folder.Path

    let here =
        Directory.GetFiles(Path.Combine(folder.Path, "sessions"))
        |> Array.head
        |> Path.GetFileName
        |> string
        |> Owner.tryParse

    File.WriteAllText(Path.Combine(folder.Path, "sessions", { here.Value with Place = "000000000000" }.Id), "")
    Assert.Equal(1, (Store.gc store 0L none).Entries)
    Assert.Equal<int list>([ 0 ], kept store [ 0; 2 ])

[<Fact>]
let ``results are found and computed correctly while collections run`` () =
    use folder = new Scratch.Folder()
    use stop = new CancellationTokenSource()

    let collect () =
        use store = Store.openAt folder.Path

        while not stop.IsCancellationRequested do
            Store.gc store 0L none |> ignore

    let collector = Thread collect
    collector.Start()
    let mutable found = 0

    for round in 0..29 do
        // Each round is a new session, so that everything of the round before may be taken away.
        use store = Store.openAt folder.Path

        for number in 0..4 do
            let result = getOrRun store (square number)
            Assert.True(isRight (square number) result)

            if result.Origin = Found then found <- found + 1

        for number in 0..4 do
            let again = getOrRun store (square number)
            Assert.Equal(Found, again.Origin)
            Assert.True(isRight (square number) again)

    stop.Cancel()
    collector.Join()
    use store = Store.openAt folder.Path
    Assert.Empty (Store.verify store (fun _ _ -> ()) none).Dropped
