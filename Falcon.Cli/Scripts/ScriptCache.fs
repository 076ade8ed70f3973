/// Compiled scripts in the user's folder for what can be made again: `XDG_CACHE_HOME`, else `~/.cache`. One is used as long as the script, everything that it loads
/// and refers to, and Falcon itself are as they were.
module Falcon.Cli.ScriptCache

open System
open System.IO
open System.Security.Cryptography
open System.Text
open Falcon
open Falcon.Experiments
open Falcon.Reports

/// How long one that nobody uses is kept.
let private patience = TimeSpan.FromDays 30.0

/// Where compiled scripts are kept.
let location () =
    let cache =
        match Environment.GetEnvironmentVariable "XDG_CACHE_HOME" with
        | null -> None
        | folder when Path.IsPathRooted folder -> Some folder
        | _ -> None

    let home = Environment.GetFolderPath Environment.SpecialFolder.UserProfile
    Path.Combine(Option.defaultValue (Path.Combine(home, ".cache")) cache, "falcon", "scripts")

/// What an entry says of the assembly beside it: the assembly's digest, which is its name; the assemblies it refers to; all files that it was made from, with their
/// digests.
type private Manifest = { Assembly: string; References: string list; Files: (string * string) list }

let private text (manifest: Manifest) =
    String.Join(
        '\n',
        [ manifest.Assembly
          for path in manifest.References do
              $"reference\t{path}"
          for path, digest in manifest.Files do
              $"{digest}\t{path}" ]
    )

let private manifest (text: string) =
    let lines = text.Split '\n'
    let parts = [ for line in lines[1..] -> let parts = line.Split('\t', 2) in parts[0], parts[1] ]
    let references, files = parts |> List.partition (fun (kind, _) -> kind = "reference")

    { Assembly = lines[0]
      References = List.map snd references
      Files = [ for digest, path in files -> path, digest ] }

let private digest (content: byte array) = Convert.ToHexStringLower(SHA256.HashData content)

/// Falcon's builds, each by the identity that its compiler gave it.
let private version =
    lazy
        (let builds =
            [ for known in [ typeof<Finding>; typeof<ReportTable>; typeof<Experiment>; typeof<CompiledScript> ] ->
                  string known.Module.ModuleVersionId ]

         String.Join(' ', string Environment.Version :: builds))

/// The folder of a script as it is now.
let private folderOf cache (script: string) =
    let content = File.ReadAllBytes script
    Path.Combine(cache, digest (Encoding.UTF8.GetBytes $"{version.Value}\n{script}\n{digest content}"))

let private manifestOf folder = Path.Combine(folder, "manifest")

let private isAsItWas (file: string, digest: string) = File.Exists file && FileDigest.Sha256 file = digest

/// The assembly of a script, given by its full path; none when it has to be compiled.
let tryFind cache (script: string) : CompiledScript option =
    let folder = folderOf cache script
    let path = manifestOf folder

    try
        if not (File.Exists path) then
            None
        else
            let manifest = manifest (File.ReadAllText path)
            let image = File.ReadAllBytes(Path.Combine(folder, manifest.Assembly))

            if digest image = manifest.Assembly && List.forall isAsItWas manifest.Files then
                Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow)
                Some { Image = image; References = manifest.References }
            else
                None
    with
    | :? IndexOutOfRangeException
    | :? IOException
    | :? UnauthorizedAccessException
    | :? InvalidInputException -> None

let private forgetOld (cache: string) =
    for folder in Directory.GetDirectories cache do
        if DateTime.UtcNow - Directory.GetLastWriteTimeUtc folder > patience then
            Directory.Delete(folder, true)

/// Keeps the assembly of a script and the files it was made from. A folder that cannot be written costs no more than compiling again.
let keep cache (script: string) (sources: string list) (compiled: CompiledScript) =
    let folder = folderOf cache script
    let name = digest compiled.Image

    let manifest =
        { Assembly = name
          References = compiled.References
          Files = [ for path in List.distinct (sources @ compiled.References) -> path, FileDigest.Sha256 path ] }

    try
        AtomicFile.Write(Path.Combine(folder, name), (fun stream -> stream.Write compiled.Image))
        AtomicFile.Write(manifestOf folder, (fun stream -> stream.Write(Encoding.UTF8.GetBytes(text manifest))))
        forgetOld cache
    with
    | :? InvalidInputException
    | :? DiskFullException
    | :? IOException
    | :? UnauthorizedAccessException -> ()
