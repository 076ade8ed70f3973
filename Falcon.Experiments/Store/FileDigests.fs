namespace Falcon.Experiments.Store

open System
open System.Collections.Concurrent
open System.Collections.Generic
open System.IO
open System.Text
open Falcon

/// One file of the store holds what is known about the files of one folder: `name \0 size \0 modified \0 changed \0 inode \0 digest` per line. It is
/// replaced as a whole; when two processes do so at once, what one of them learnt is forgotten and learnt again later.
[<Sealed>]
type FileDigests(session: StoreSession) =
    let folders = ConcurrentDictionary<string, Map<string, FileStamp * Digest>>()
    let separator = '\000'

    let memoPath (folder: string) = Path.Combine(session.Store, "digests", (Digest.ofBytes (Encoding.UTF8.GetBytes folder)).Hex)

    let line (name: string) (stamp: FileStamp) (digest: Digest) =
        String.Join(separator, name, stamp.Size, stamp.Modified, stamp.Changed, stamp.Inode, digest.Hex)

    let parse (line: string) =
        match line.Split separator with
        | [| name; size; modified; changed; inode; digest |] ->
            let stamp =
                { Size = Int64.Parse size
                  Modified = Int64.Parse modified
                  Changed = Int64.Parse changed
                  Inode = UInt64.Parse inode }

            Digest.tryParse digest |> Option.map (fun digest -> name, (stamp, digest))
        | _ -> None

    let readMemo folder =
        match SealedText.tryRead (memoPath folder) with
        | Some(Ok text) -> text.Split '\n' |> Seq.choose parse |> Map.ofSeq
        | Some(Error _)
        | None -> Map.empty

    let learn folder (news: (string * (FileStamp * Digest)) list) =
        let merged = List.fold (fun known (name, value) -> Map.add name value known) (readMemo folder) news
        let text = String.Join('\n', [ for item in merged -> line item.Key (fst item.Value) (snd item.Value) ])
        Durable.write (session.NewFile()) (memoPath folder) (SealedText.seal text)
        folders[folder] <- merged

    let ofFolder (folder: string) (names: string list) =
        let known = folders.GetOrAdd(folder, readMemo)
        let news = List<_>()

        let digest name =
            let path = Path.Combine(folder, name)

            match FileStamp.tryRead path, Map.tryFind name known with
            | ValueSome stamp, Some(earlier, digest) when stamp = earlier -> Ok digest
            | stamp, _ ->
                let settled = stamp |> ValueOption.filter FileStamp.hasSettled

                try
                    let digest = Digest.ofFile path

                    if not (name.Contains '\n') then
                        settled |> ValueOption.iter (fun stamp -> news.Add(name, (stamp, digest)))

                    Ok digest
                with :? InvalidInputException as error ->
                    Error error.Findings

        let digests = [ for name in names -> Path.Combine(folder, name), digest name ]

        if news.Count > 0 then
            Durable.reportingFullDisk session.Store (fun () -> learn folder (List.ofSeq news))

        digests

    member _.TryOfFiles paths =
        let paths = paths |> Seq.map Path.GetFullPath |> List.ofSeq

        let digests =
            paths
            |> List.distinct
            |> List.groupBy (fun path -> nonNull (Path.GetDirectoryName path))
            |> List.collect (fun (folder, paths) -> ofFolder folder [ for path in paths -> nonNull (Path.GetFileName path) ])
            |> Map.ofList

        [ for path in paths -> digests[path] ]

    member this.OfFiles paths =
        let digests = this.TryOfFiles paths

        match
            [ for digest in digests do
                  match digest with
                  | Error findings -> yield! findings
                  | Ok _ -> () ]
        with
        | [] -> List.choose Result.toOption digests
        | findings -> raise (InvalidInputException(findings |> List.distinct |> List.toArray))

    member this.OfFile path = this.OfFiles [ path ] |> List.head
