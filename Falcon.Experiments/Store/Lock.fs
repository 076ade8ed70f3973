namespace Falcon.Experiments.Store

open System
open System.IO
open System.Text
open System.Threading

[<Sealed>]
type Lock(path: string, token: string) =
    interface IDisposable with
        member _.Dispose() =
            match Durable.tryRead path with
            | Some content when Encoding.UTF8.GetString content = token -> Durable.delete path
            | _ -> ()

module Lock =
    /// The time between the creation of a lock file and the writing of its holder is far below this.
    let private writingTime = TimeSpan.FromSeconds 5.0

    let private fileExists = 17

    let path store (name: string) = Path.Combine(store, "locks", name + ".lock")

    let private tryCreate (path: string) (token: string) =
        try
            use file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite ||| FileShare.Delete)

            try
                RandomAccess.Write(file, ReadOnlySpan(Encoding.UTF8.GetBytes token), 0L)
            with _ ->
                Durable.delete path
                reraise ()

            true
        with :? IOException as error when error.HResult = fileExists ->
            false

    type private State =
        | Held of token: string
        | Abandoned of token: string

    let private state (store: string) (path: string) =
        match Durable.tryRead path, FileStamp.tryRead path with
        | Some [||], ValueSome stamp ->
            let isBeingWritten = DateTimeOffset.UtcNow - FileStamp.modifiedAt stamp < writingTime
            let token = $"{stamp.Inode}-{stamp.Modified}"
            Some(if isBeingWritten then Held token else Abandoned token)
        | Some content, ValueSome _ ->
            let token = Encoding.UTF8.GetString content
            Some(if StoreSession.isAlive store token then Held token else Abandoned token)
        | _ -> None

    let holder store path =
        match state store path with
        | Some(Held token) -> StoreSession.owner token
        | _ -> None

    let isDoubtful store path =
        match state store path with
        | Some(Held token) -> StoreSession.isDoubtful store token
        | _ -> false

    /// The right to remove a dead holder's lock is itself a lock, named after the dead holder's token, so that nobody removes the lock of a successor.
    let private successorPath (path: string) (token: string) =
        $"{path}.{(Digest.ofBytes (Encoding.UTF8.GetBytes token)).Hex.Substring(0, 16)}"

    let rec tryAcquire (session: StoreSession) path =
        let token = session.NewToken()

        if tryCreate path token then
            Some(new Lock(path, token))
        else
            match state session.Store path with
            | None -> tryAcquire session path
            | Some(Held _) -> None
            | Some(Abandoned token as abandoned) ->
                match tryAcquire session (successorPath path token) with
                | None -> None
                | Some right ->
                    using right (fun _ -> if state session.Store path = Some abandoned then Durable.delete path)

                    tryAcquire session path

    let private poll (cancellation: CancellationToken) (attempt: unit -> 'T option) =
        let rec next (pause: float) =
            match attempt () with
            | Some result -> result
            | None ->
                cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds pause) |> ignore
                cancellation.ThrowIfCancellationRequested()
                next (min 100.0 (1.5 * pause))

        next 1.0

    let acquire session path cancellation = poll cancellation (fun () -> tryAcquire session path)

    let private isHeld (session: StoreSession) path =
        match state session.Store path with
        | None -> false
        | Some(Held _) -> true
        | Some(Abandoned _) ->
            tryAcquire session path |> Option.iter (fun right -> (right :> IDisposable).Dispose())
            true

    let waitUntilFree session path cancellation =
        if File.Exists path then
            poll cancellation (fun () -> if isHeld session path then None else Some())

    let sweep (session: StoreSession) =
        for path, _ in Durable.files (Path.Combine(session.Store, "locks")) do
            isHeld session path |> ignore
