module Falcon.Store.Tests.DamageTests

open System
open System.IO
open System.Threading
open Xunit
open Falcon.Experiments.Store
open Falcon.Store.Tests.Squares

let private three = { Number = 3; Bytes = 1000 }

let private verify store = Store.verify store (fun _ _ -> ()) CancellationToken.None

/// What the store says about a damaged result, which it must then compute anew.
let private missAfter (damage: string -> unit) =
    use folder = new Scratch.Folder()
    use store = Store.openAt folder.Path
    getOrRun store three |> ignore
    damage folder.Path
    let result = getOrRun store three
    Assert.True(isRight three result)
    Assert.Equal(Found, (getOrRun store three).Origin)
    Assert.Empty (verify store).Dropped

    match result.Origin with
    | Computed miss -> Miss.describe miss
    | Found -> "found"

[<Fact>]
let ``damaged contents are misses that say so`` () =
    let content store = blobPath store (content three)

    Assert.Equal(
        "its output 'content' is broken in the store: its content does not fit its digest",
        missAfter (fun store -> flipBit (content store) 4321L)
    )

    Assert.Equal(
        "its output 'content' is broken in the store: it has 999 bytes instead of 1000",
        missAfter (fun store -> truncate (content store) 999L)
    )

    Assert.Equal(
        "its output 'content' is broken in the store: it has 0 bytes instead of 1000",
        missAfter (fun store -> truncate (content store) 0L)
    )

    Assert.Equal("its output 'content' is missing from the store", missAfter (content >> File.Delete))
    Assert.Equal("its output 'text' is missing from the store", missAfter (fun store -> File.Delete(blobPath store (text three))))

[<Fact>]
let ``damaged entries are misses that say so`` () =
    let entry store = entryPath store three
    Assert.Equal("its entry in the store is broken: it is truncated", missAfter (fun store -> truncate (entry store) 20L))

    Assert.Equal(
        "its entry in the store is broken: its checksum does not fit its content",
        missAfter (fun store -> truncate (entry store) 200L)
    )

    Assert.Equal("not computed yet", missAfter (entry >> File.Delete))

    let exchange store =
        let other = { three with Number = 4 }
        using (Store.openAt store) (fun store -> getOrRun store other |> ignore)
        File.Copy(entryPath store other, entry store, true)

    Assert.Equal("its entry in the store is broken: it belongs to another key", missAfter exchange)

[<Fact>]
let ``every flipped bit of an entry is noticed`` () =
    use folder = new Scratch.Folder()
    use store = Store.openAt folder.Path
    getOrRun store three |> ignore
    let path = entryPath folder.Path three

    for bit in 0L .. 8L * FileInfo(path).Length - 1L do
        flipBit path bit

        match Store.probe store (call three) with
        | Error(BrokenEntry _) -> ()
        | other -> Assert.Fail $"bit {bit}: {other}"

        flipBit path bit

    Assert.True (Store.probe store (call three)).IsOk

[<Fact>]
let ``a content that was verified long ago and then changed in secret is noticed`` () =
    use folder = new Scratch.Folder()
    use store = Store.openAt folder.Path
    let path = (getOrRun store three).Outputs["content"].Path
    Thread.Sleep 2100
    Assert.Equal(Found, (getOrRun store three).Origin)
    let time = File.GetLastWriteTimeUtc path
    flipBit path 99L
    File.SetLastWriteTimeUtc(path, time)
    Assert.NotEqual(Found, (getOrRun store three).Origin)

[<Fact>]
let ``verification reads everything, tells its progress and removes what is broken`` () =
    use folder = new Scratch.Folder()
    use store = Store.openAt folder.Path
    let squares = [ for number in 0..9 -> { Number = number; Bytes = 1000 } ]

    for square in squares do
        getOrRun store square |> ignore

    flipBit (blobPath folder.Path (text squares[1])) 3L
    truncate (blobPath folder.Path (content squares[4])) 10L
    flipBit (entryPath folder.Path squares[8]) 500L
    let mutable progress = []
    let report = Store.verify store (fun bytes total -> progress <- (bytes, total) :: progress) CancellationToken.None
    Assert.Equal(15, report.Blobs)
    Assert.Equal(10, report.Entries)
    Assert.Equal((report.Bytes, report.Bytes), List.head progress)
    Assert.Equal(15, progress.Length)

    Assert.Equal<string list>(
        List.sort
            [ blobPath folder.Path (text squares[1])
              blobPath folder.Path (content squares[4])
              entryPath folder.Path squares[1]
              entryPath folder.Path squares[4]
              entryPath folder.Path squares[5]
              entryPath folder.Path squares[8] ],
        report.Dropped |> List.map fst |> List.sort
    )

    Assert.Empty (verify store).Dropped

    Assert.Equal<bool list>(
        [ for number in 0..9 -> List.contains number [ 1; 4; 5; 8 ] ],
        [ for square in squares -> (Store.probe store (call square)).IsError ]
    )
