module Falcon.Store.Tests.StoreTests

open System
open System.Collections.Concurrent
open System.IO
open System.Threading
open Xunit
open Falcon
open Falcon.Experiments.Store
open Falcon.Store.Tests.Squares

let private none = CancellationToken.None
let private three = { Number = 3; Bytes = 1000 }

let private leftovers (store: string) =
    [ for name in [ "work"; "locks"; "checkpoints" ] do
          yield! Directory.GetFileSystemEntries(Path.Combine(store, name), "*", SearchOption.AllDirectories) ]
    |> List.filter (fun path -> File.Exists path || Directory.GetFileSystemEntries(path).Length > 0)

[<Fact>]
let ``a result is computed once and then found, also after the store was closed`` () =
    use folder = new Scratch.Folder()

    using (Store.openAt folder.Path) (fun store ->
        let first = getOrRun store three
        Assert.Equal(Computed NotComputed, first.Origin)
        Assert.True(isRight three first)
        let again = getOrRun store three
        Assert.Equal(Found, again.Origin)
        Assert.Equal<Map<string, StoredOutput>>(first.Outputs, again.Outputs)
        Assert.Equal(first.Seconds, again.Seconds))

    use store = Store.openAt folder.Path
    Assert.Equal(Found, (getOrRun store three).Origin)
    Assert.Empty(leftovers folder.Path)

[<Fact>]
let ``a content is a read-only file that any reader of files can map`` () =
    use folder = new Scratch.Folder()
    use store = Store.openAt folder.Path
    let output = (getOrRun store three).Outputs["content"]
    Assert.Equal(output.Size, FileInfo(output.Path).Length)
    Assert.Equal(output.Digest, Digest.ofFile output.Path)
    Assert.Equal(UnixFileMode.None, File.GetUnixFileMode output.Path &&& UnixFileMode.UserWrite)

[<Fact>]
let ``equal contents of several results are kept once`` () =
    use folder = new Scratch.Folder()
    use store = Store.openAt folder.Path
    let three, two = getOrRun store three, getOrRun store { three with Number = 2 }
    Assert.Equal(three.Outputs["content"], two.Outputs["content"])
    Assert.Equal(three.Outputs["content"].Size + three.Outputs["text"].Size + two.Outputs["text"].Size, Store.totalBytes store)

[<Fact>]
let ``files from elsewhere are copied, bytes and streams are kept`` () =
    use folder = new Scratch.Folder()
    use store = Store.openAt (folder.File "store")
    File.WriteAllText(folder.File "mine", "mine")

    let compute _ =
        [ "file", Output.File(folder.File "mine"); "bytes", Output.Bytes "bytes"B; "empty", Output.Written ignore ]

    let outputs = (Store.getOrRun store none (call three) compute).Outputs
    Assert.Equal<string list>([ "bytes"; ""; "mine" ], [ for output in outputs.Values -> File.ReadAllText output.Path ])
    Assert.Equal("mine", File.ReadAllText(folder.File "mine"))

[<Fact>]
let ``an upstream that is recomputed to the same content leaves downstream valid`` () =
    use folder = new Scratch.Folder()
    use store = Store.openAt folder.Path
    let upstream version = StageCall.create "upstream" version (Canonical.ofValue ()) []
    let runUp version = Store.getOrRun store none (upstream version) (fun _ -> [ "x", Output.Bytes "same"B ])

    let runDown inputs =
        Store.getOrRun store none (StageCall.create "downstream" 1 (Canonical.ofValue ()) inputs) (fun _ -> [ "y", Output.Bytes "y"B ])

    let byContent version = [ "x", Content (runUp version).Outputs["x"].Digest ]
    let byResult version = [ "x", ResultOf (runUp version).Key ]
    Assert.Equal(Computed NotComputed, (runDown (byContent 1)).Origin)
    Assert.Equal(Computed NotComputed, (runUp 2).Origin)
    Assert.Equal(Found, (runDown (byContent 2)).Origin)
    Assert.Equal(Computed NotComputed, (runDown (byResult 1)).Origin)
    Assert.Equal(Computed NotComputed, (runDown (byResult 2)).Origin)

[<Fact>]
let ``a glance tells what would be found`` () =
    use folder = new Scratch.Folder()
    use store = Store.openAt folder.Path
    Assert.Equal(Error NotComputed, Store.probe store (call three) |> Result.map _.Key)
    getOrRun store three |> ignore

    match Store.probe store (call three) with
    | Ok entry ->
        Assert.Equal((call three).Document, entry.Call.Document)
        Assert.Equal(("square", 1), (entry.Stage, entry.Version))
        Assert.InRange(DateTimeOffset.UtcNow - entry.Created, TimeSpan.Zero, TimeSpan.FromMinutes 1.0)
    | Error miss -> Assert.Fail(Miss.describe miss)

[<Fact>]
let ``a failing stage leaves nothing behind and is tried again`` () =
    use folder = new Scratch.Folder()
    use store = Store.openAt folder.Path

    let fail (workspace: Workspace) : (string * Output) list =
        File.WriteAllText(Path.Combine(workspace.Folder, "half"), "half")
        failwith "no luck"

    let failToWrite _ = [ "first", Output.Bytes "1"B; "second", Output.Written(fun _ -> failwith "no luck") ]

    for compute in [ fail; failToWrite; (fun _ -> []); (fun _ -> [ "a", Output.Bytes ""B; "a", Output.Bytes ""B ]) ] do
        Assert.ThrowsAny<Exception>(fun () -> Store.getOrRun store none (call three) compute |> ignore) |> ignore

    Assert.Equal(Error NotComputed, Store.tryFind store (call three) |> Result.map _.Key)
    Assert.Empty(leftovers folder.Path)
    Assert.Equal(Computed NotComputed, (getOrRun store three).Origin)

[<Fact>]
let ``checkpoints outlive a failure and are removed once there is a result`` () =
    use folder = new Scratch.Folder()
    use store = Store.openAt folder.Path
    let checkpoint (workspace: Workspace) = Path.Combine(workspace.Checkpoints, "epoch")

    let fail (workspace: Workspace) : (string * Output) list =
        File.WriteAllText(checkpoint workspace, "5")
        failwith "killed"

    Assert.ThrowsAny<Exception>(fun () -> Store.getOrRun store none (call three) fail |> ignore) |> ignore
    let mutable resumed = ""

    let resume workspace =
        resumed <- File.ReadAllText(checkpoint workspace)
        compute three workspace

    Store.getOrRun store none (call three) resume |> ignore
    Assert.Equal("5", resumed)
    Assert.Empty(leftovers folder.Path)

[<Fact>]
let ``of many threads that want one result one computes`` () =
    use folder = new Scratch.Folder()
    use store = Store.openAt folder.Path
    let computed = ConcurrentBag<int>()
    let ready = new Barrier(6)

    let work _ =
        ready.SignalAndWait()

        Store.getOrRun store none (call three) (fun workspace ->
            computed.Add 1
            Thread.Sleep 50
            compute three workspace)

    let threads =
        [ for index in 1..6 -> Tasks.Task.Factory.StartNew((fun () -> work index), Tasks.TaskCreationOptions.LongRunning) ]

    for thread in threads do
        Assert.True(isRight three thread.Result)

    Assert.Single computed |> ignore
    Assert.Single(threads |> List.filter (fun thread -> thread.Result.Origin <> Found)) |> ignore

[<Fact>]
let ``waiting for another's computation can be cancelled`` () =
    use folder = new Scratch.Folder()
    use store = Store.openAt folder.Path
    use other = Store.openAt folder.Path
    use started = new ManualResetEventSlim()
    use finish = new ManualResetEventSlim()

    let slow =
        Tasks.Task.Factory.StartNew(
            (fun () ->
                Store.getOrRun store none (call three) (fun workspace ->
                    started.Set()
                    finish.Wait()
                    compute three workspace)),
            Tasks.TaskCreationOptions.LongRunning
        )

    started.Wait()
    use cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds 100.0)

    Assert.Throws<OperationCanceledException>(fun () -> Store.getOrRun other cancellation.Token (call three) (compute three) |> ignore)
    |> ignore

    finish.Set()
    Assert.Equal(Computed NotComputed, slow.Result.Origin)
    Assert.Equal(Found, (getOrRun other three).Origin)

[<Fact>]
let ``the place is FALCON_STORE, else beside the experiments`` () =
    let before = Environment.GetEnvironmentVariable "FALCON_STORE"

    try
        Environment.SetEnvironmentVariable("FALCON_STORE", null)
        Assert.Equal(Path.Combine("studies", ".falcon"), Store.location "studies")
        Environment.SetEnvironmentVariable("FALCON_STORE", "/large/store")
        Assert.Equal("/large/store", Store.location "studies")
    finally
        Environment.SetEnvironmentVariable("FALCON_STORE", before)

let private finding (action: unit -> unit) = Assert.Throws<InvalidInputException>(action).Findings[0]

[<Fact>]
let ``a store of a newer format, a foreign folder and a file are refused with what, where and how to fix it`` () =
    use folder = new Scratch.Folder()
    let opening path () = (Store.openAt path :> IDisposable).Dispose()
    let version = folder.File "VERSION"
    opening folder.Path ()
    Assert.Equal("falcon store 1\n", File.ReadAllText version)
    File.Delete version
    File.WriteAllText(version, "falcon store 2\n")
    let newer = finding (opening folder.Path)
    Assert.Equal("the store has format 2, this version of Falcon reads format 1", newer.What)
    Assert.Equal(version, newer.Where)
    Assert.Contains("Update Falcon", newer.Fix)
    File.WriteAllText(version, "x")
    Assert.Contains("no store", (finding (opening folder.Path)).What)
    Assert.Contains("cannot be opened", (finding (opening version)).What)

[<Fact>]
let ``entries and sizes are listed, latest use first`` () =
    use folder = new Scratch.Folder()
    use store = Store.openAt folder.Path
    let numbers = [ for number in [ 4; 5; 8 ] -> { three with Number = number } ]

    for number in numbers do
        getOrRun store number |> ignore

    numbers
    |> List.iteri (fun index number -> File.SetLastWriteTimeUtc(entryPath folder.Path number, DateTime.UtcNow.AddHours(float -index)))

    Assert.Equal<Key list>([ for number in numbers -> (call number).Key ], [ for stored in Store.entries store -> stored.Entry.Key ])

    let large =
        Store.getOrRun store none (StageCall.create "large" 1 (Canonical.ofValue 1) []) (fun _ ->
            [ "x", Output.Bytes(Array.zeroCreate 5000) ])

    Assert.Equal<StageSize list>(
        [ { Stage = "large"; Entries = 1; Bytes = 5000L }
          { Stage = "square"; Entries = 3; Bytes = 2000L + (numbers |> List.sumBy (text >> _.LongLength)) } ],
        Store.sizes store
    )

    Assert.Equal(7000L + (numbers |> List.sumBy (text >> _.LongLength)), Store.totalBytes store)
    Assert.Equal(5000L, large.Outputs["x"].Size)
