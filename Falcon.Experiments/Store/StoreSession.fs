namespace Falcon.Experiments.Store

open System
open System.Collections.Generic
open System.IO
open System.Text
open System.Threading

/// How long a session of another machine may be silent: a minute, or as many seconds as tests say.
module private Silence =
    let private variable = "FALCON_LEASE_SECONDS"

    let allowed =
        match Double.TryParse(Environment.GetEnvironmentVariable variable, Globalization.CultureInfo.InvariantCulture) with
        | true, seconds when seconds > 0.0 -> TimeSpan.FromSeconds seconds
        | _ -> TimeSpan.FromMinutes 1.0

[<Sealed>]
type StoreSession(store: string) =
    let beat = Silence.allowed / 12.0

    let id = (Owner.next ()).Id
    let path = Path.Combine(store, "sessions", id)
    let work = Path.Combine(store, "work", id)
    let gate = Lock()
    let mutable length = 0L
    let mutable names = 0

    let file =
        Directory.CreateDirectory(Path.Combine(store, "sessions")) |> ignore
        File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite ||| FileShare.Delete)

    let touch () =
        try
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow)
        with
        | :? IOException
        | :? UnauthorizedAccessException -> ()

    let heart = new Timer((fun _ -> touch ()), null, beat, beat)

    let nextName () = string (Interlocked.Increment &names)

    member _.Store = store
    member _.Id = id

    member _.NewFile() =
        Directory.CreateDirectory work |> ignore
        Path.Combine(work, nextName ())

    member this.NewFolder() = Directory.CreateDirectory(this.NewFile()).FullName

    member _.NewToken() = $"{id}#{nextName ()}"

    member _.Record(item: string) =
        let line = Encoding.UTF8.GetBytes(item + "\n")

        lock gate (fun () ->
            RandomAccess.Write(file, ReadOnlySpan line, length)
            length <- length + line.LongLength)

    interface IDisposable with
        member _.Dispose() =
            heart.Dispose()
            file.Dispose()
            Durable.deleteFolder work
            Durable.delete path

module StoreSession =
    let silence = Silence.allowed

    let private folder store = Path.Combine(store, "sessions")

    let private owners store =
        [ for path, _ in Durable.files (folder store) do
              match Owner.tryParse (nonNull (Path.GetFileName path)) with
              | Some owner -> owner
              | None -> () ]

    let private hasSignOfLife (store: string) (owner: Owner) =
        match FileStamp.tryReadFresh (Path.Combine(folder store, owner.Id)) with
        | ValueNone -> false
        | ValueSome _ when Owner.isHere owner -> Owner.isRunning owner
        | ValueSome stamp -> DateTimeOffset.UtcNow - FileStamp.modifiedAt stamp < silence

    let owner (id: string) = id.Split '#' |> Array.head |> Owner.tryParse

    let isDoubtful store id =
        match owner id with
        | Some owner when not (Owner.isHere owner) ->
            match FileStamp.tryReadFresh (Path.Combine(folder store, owner.Id)) with
            | ValueSome stamp -> DateTimeOffset.UtcNow - FileStamp.modifiedAt stamp > silence / 3.0
            | ValueNone -> false
        | _ -> false

    let isAlive store id =
        match owner id with
        | Some owner -> hasSignOfLife store owner
        | None -> false

    let areOthersAlive store = owners store |> List.exists (fun owner -> not (Owner.isHere owner) && hasSignOfLife store owner)

    let recorded store =
        let items = HashSet<string>()

        for owner in owners store |> List.filter (hasSignOfLife store) do
            match Durable.tryRead (Path.Combine(folder store, owner.Id)) with
            | Some content -> items.UnionWith(Encoding.UTF8.GetString(content).Split '\n')
            | None -> ()

        items

    let sweep store =
        let work = Path.Combine(store, "work")

        // Folders are listed before sessions are looked at: a session's file is there before its folder is.
        let folders = if Directory.Exists work then Directory.GetDirectories work else [||]

        for folder in folders do
            if not (isAlive store (nonNull (Path.GetFileName folder))) then
                Durable.deleteFolder folder

        let dead = owners store |> List.filter (hasSignOfLife store >> not)

        for owner in dead do
            Durable.deleteFolder (Path.Combine(work, owner.Id))
            Durable.delete (Path.Combine(folder store, owner.Id))

        dead.Length
