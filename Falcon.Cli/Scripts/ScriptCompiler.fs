/// Makes an assembly of a script and of everything that it loads.
module Falcon.Cli.ScriptCompiler

open System
open System.IO
open System.Text.RegularExpressions
open Falcon
open FSharp.Compiler.CodeAnalysis
open FSharp.Compiler.Diagnostics
open FSharp.Compiler.Text

/// Stands before the script and gives it what it reads of the interactive session, which `dotnet fsi` would be.
let private session =
    """[<AutoOpen>]
module internal FsiSession

type InteractiveSession() =
    member _.CommandLineArgs: string array = Falcon.Experiments.HostedScript.commandLine ()

let fsi = InteractiveSession()
"""

let private own (path: string) = Path.Combine(AppContext.BaseDirectory, nonNull (Path.GetFileName path))

/// Falcon's assemblies are those that run, wherever the script looks for them.
let private running (path: string) =
    let here = own path
    if File.Exists here then here else path

let private isFalcons (path: string) = Path.GetFullPath path = own path

/// A reference that only the interactive compiler resolves.
let private packages (file: string) =
    [ for index, line in File.ReadAllLines file |> Array.indexed do
          let found = Regex.Match(line, @"^\s*#r\s+""\s*(nuget|paket)\s*:")

          if found.Success then
              Finding(
                  "refers to a package, which 'falcon run' does not fetch",
                  $"{file}({index + 1},{found.Length})",
                  $"Run it with 'dotnet fsi {file}', or refer to the package's assembly: #r \"folder/Name.dll\"."
              ) ]

let private refuse (findings: Finding list) =
    if not findings.IsEmpty then
        raise (InvalidInputException(Array.ofList findings))

let private isError (diagnostic: FSharpDiagnostic) = diagnostic.Severity = FSharpDiagnosticSeverity.Error

let private references (options: string seq) =
    [ for option in options do
          if option.StartsWith "-r:" then option.Substring 3 ]

/// Compiles a script, given by its full path; the files that were read, in the order in which they run, come with it. What the compiler warns of is told. Raises
/// `InvalidInputException` with the compiler's errors.
let compile (warn: string -> unit) (script: string) : string list * CompiledScript =
    refuse (packages script)
    let checker = FSharpChecker.Create()

    let options, _ =
        checker.GetProjectOptionsFromScript(
            script,
            SourceText.ofString (File.ReadAllText script),
            assumeDotNetFramework = false,
            useSdkRefs = false,
            useFsiAuxLib = false
        )
        |> Async.RunSynchronously

    let sources = List.ofArray options.SourceFiles
    refuse (sources |> List.filter ((<>) script) |> List.collect packages)

    let falcon = [ for name in [ "Falcon.Core.dll"; "Falcon.Reports.dll"; "Falcon.Experiments.dll" ] -> own name ]
    let named = references options.OtherOptions |> List.map running
    let work = Directory.CreateTempSubdirectory "falcon-script"

    try
        let prelude = Path.Combine(work.FullName, "FsiSession.fs")
        let assembly = Path.Combine(work.FullName, $"{Path.GetFileNameWithoutExtension script}.dll")
        File.WriteAllText(prelude, session)

        let arguments =
            [| "fsc"
               $"--out:{assembly}"
               "--target:exe"
               "--optimize+"
               "--debug:embedded"
               "--deterministic+"
               "--nowin32manifest"
               "--nocopyfsharpcore"
               "--noframework"
               "--simpleresolution"
               "--define:INTERACTIVE"
               yield! options.OtherOptions |> Array.filter (fun option -> not (option.StartsWith "-r:"))
               for path in List.distinct (named @ falcon) do
                   $"-r:{path}"
               prelude
               yield! sources |]

        let diagnostics, failure = checker.Compile arguments |> Async.RunSynchronously

        match diagnostics |> Array.filter isError, failure with
        | [||], None -> ()
        | [||], Some failure -> raise failure
        | errors, _ -> refuse [ for error in errors -> ScriptFaults.finding error ]

        for diagnostic in diagnostics do
            if diagnostic.Severity = FSharpDiagnosticSeverity.Warning then
                warn (ScriptFaults.warning diagnostic)

        let framework = Path.GetDirectoryName typeof<obj>.Assembly.Location

        sources,
        { Image = File.ReadAllBytes assembly
          References =
            [ for path in named do
                  if not (isFalcons path) && Path.GetDirectoryName path <> framework then
                      Path.GetFullPath path ] }
    finally
        work.Delete true
