module Falcon.Cli.RunVerb

open System.IO
open System.Runtime.InteropServices
open Falcon

/// Replaces this process by another program; returns only when that fails.
[<DllImport("libc", SetLastError = true)>]
extern int private execvp(string file, nativeint[] arguments)

/// Sets a variable of this process, and so of the program that takes it over.
[<DllImport("libc")>]
extern int private setenv(string name, string value, int overwrite)

/// The script takes over the process, so that signals and the exit code are its own.
let private handOver planOnly arguments : int =
    let script: string = List.head arguments

    if not (File.Exists script) then
        raise (
            InvalidInputException(
                "there is no such script",
                script,
                "Give the path of an .fsx file, for example experiments/first-run.fsx."
            )
        )

    let words = [ "dotnet"; "fsi"; "--quiet"; script; "--" ] @ List.tail arguments

    if planOnly then
        setenv (Falcon.Experiments.Runtime.PlanVariable, "1", 1) |> ignore

    execvp ("dotnet", Array.append (words |> List.map Marshal.StringToCoTaskMemUTF8 |> Array.ofList) [| 0n |])
    |> ignore

    raise (
        InvalidInputException(
            $"cannot be started ({Marshal.GetLastPInvokeErrorMessage()})",
            "dotnet fsi",
            "Install the .NET SDK and put 'dotnet' on PATH."
        )
    )

let private usage name =
    $"""USAGE: falcon {name} SCRIPT.fsx [ARGUMENTS]

The arguments after the script's name are the script's own: falcon {name} SCRIPT.fsx --help"""

let all =
    [ Verb.createForwarding "run" "runs a study's script" "falcon run experiments/first-run.fsx" (usage "run") (handOver false)
      Verb.createForwarding
          "plan"
          "shows what running a study's script would do, and why"
          "falcon plan experiments/first-run.fsx"
          (usage "plan")
          (handOver true) ]
