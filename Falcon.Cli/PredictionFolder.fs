namespace Falcon.Cli

open System
open System.IO
open System.Text
open Falcon

/// The folder of a prediction while it is made: files are written aside, in a hidden folder of it, and take their places at the end, so that it always holds one
/// prediction. What is somebody else's is never replaced.
type PredictionFolder(target: string, names: string list) =
    let target = Path.TrimEndingDirectorySeparator(Path.GetFullPath target)
    let earlier = EarlierPredictions.filesIn target
    let beginning = ".unfinished-"
    let staging = Path.Combine(target, $"{beginning}{Environment.ProcessId}")
    let isNew = not (Directory.Exists target)
    let mutable isKept = false

    let isTable name path =
        match List.tryFind (fst >> (=) name) EarlierPredictions.tables with
        | Some(_, columns) -> (OutputPath.text name columns).IsOne path
        | None -> false

    let move (source: string) (folder: string) =
        let destination = Path.Combine(folder, Path.GetRelativePath(staging, source))
        Directory.CreateDirectory(string (Path.GetDirectoryName destination)) |> ignore
        File.Move(source, destination, overwrite = true)

    /// The list first: what it names is Falcon's, whatever comes between.
    let moveAll folder =
        let files = Directory.GetFiles(staging, "*", SearchOption.AllDirectories)
        let isList (file: string) = Path.GetFileName file = EarlierPredictions.ListFile && Path.GetDirectoryName file = staging

        FileFault.Explain(
            folder,
            fun () ->
                for file in Array.filter isList files do
                    move file folder

                for file in Array.filter (isList >> not) files do
                    move file folder
        )

    let tryDelete (folder: string) =
        try
            Directory.Delete(folder, true)
        with
        | :? IOException
        | :? UnauthorizedAccessException -> ()

    /// What killed processes have left, also those of earlier versions, beside the folder.
    let sweep () =
        try
            let beside = DeadProcess.Leftovers(string (Path.GetDirectoryName target), $"{Path.GetFileName target}.", ".partial")

            for folder in Seq.append (DeadProcess.Leftovers(target, beginning, "")) beside do
                tryDelete folder
        with
        | :? IOException
        | :? UnauthorizedAccessException -> ()

    /// What stands where the prediction would write.
    let conflicts =
        let fault what path = Finding(what, path, "Choose another folder with --out, or move it away.")

        [ for name in names do
              let path = Path.Combine(target, name)

              if Directory.Exists path then
                  fault "is a folder, and a prediction would have this name" path
              elif Path.Exists path && not (earlier.Contains path) && not (isTable name path) then
                  fault "is there, and is of no prediction: it would be lost" path ]

    do
        if not conflicts.IsEmpty then
            raise (InvalidInputException(Array.ofList conflicts))

        sweep ()
        FileFault.Explain(target, (fun () -> Directory.CreateDirectory staging |> ignore))

    /// The folder.
    member _.Target = target

    /// Where a file is to be written until then, by its name below the folder; the folders above it are there.
    member _.File(name: string) =
        let path = Path.Combine(staging, name)
        FileFault.Explain(path, (fun () -> Directory.CreateDirectory(string (Path.GetDirectoryName path)) |> ignore))
        path

    /// Adds lines to a table at once, so that a killed process leaves all that it has done.
    member this.Append(name: string, text: string) =
        let path = this.File name
        FileFault.Explain(path, (fun () -> File.AppendAllText(path, text, UTF8Encoding false)))

    /// Moves everything into place. What the earlier prediction had there is gone then.
    member _.Commit() =
        moveAll target
        let current = EarlierPredictions.filesIn target

        for old in earlier - current do
            FileFault.Explain(old, (fun () -> File.Delete old))

        target

    /// Keeps what there is of a prediction that ends early; where. A whole one that was there before stays.
    member _.Keep() =
        if earlier.IsEmpty then
            moveAll target
            target
        else
            let kept =
                Seq.initInfinite (fun number -> Path.Combine(target, (if number = 0 then "unfinished" else $"unfinished-{number + 1}")))
                |> Seq.find (Path.Exists >> not)

            moveAll kept
            kept

    /// Leaves everything where it has been written: there is no room to put it elsewhere.
    member _.Leave() =
        isKept <- true
        File.Delete(Path.Combine(staging, EarlierPredictions.ListFile))
        staging

    interface IDisposable with
        member _.Dispose() =
            if not isKept then
                tryDelete staging

                if isNew && Directory.Exists target && Seq.isEmpty (Directory.EnumerateFileSystemEntries target) then
                    tryDelete target
