namespace Falcon.Cli

open System
open System.IO
open System.Text
open FSharp.Compiler.IO

/// The compiler's view of the files while it compiles a script: the script has another name, in the same folder, since a file that it loads may be named like it and
/// every file is a module of its name. Positions are those of the script itself.
type ScriptAlias(script: string) =
    inherit DefaultFileSystem()

    let path =
        Path.Combine(nonNull (Path.GetDirectoryName script), $"{Path.GetFileNameWithoutExtension script}-in-falcon-run.fsx")

    let text =
        let name = script.Replace("\\", "\\\\")
        $"# 1 \"{name}\"\n{File.ReadAllText script}"

    /// The name that the compiler is told.
    member _.Path = path

    /// The script, with what says where it comes from.
    member _.Text = text

    override _.FileExistsShim file = file = path || base.FileExistsShim file

    override _.GetLastWriteTimeShim file = base.GetLastWriteTimeShim(if file = path then script else file)

    override _.OpenFileForReadShim(file, ?useMemoryMappedFile: bool, ?shouldShadowCopy: bool) : Stream =
        if file = path then
            new MemoryStream(Encoding.UTF8.GetBytes text)
        else
            base.OpenFileForReadShim(file, ?useMemoryMappedFile = useMemoryMappedFile, ?shouldShadowCopy = shouldShadowCopy)

    /// Lets the compiler see it as long as an action lasts.
    static member During (script: string) (action: ScriptAlias -> 'Result) : 'Result =
        lock typeof<ScriptAlias> (fun () ->
            let before = FileSystemAutoOpens.FileSystem
            let alias = ScriptAlias script
            FileSystemAutoOpens.FileSystem <- alias

            try
                action alias
            finally
                FileSystemAutoOpens.FileSystem <- before)
