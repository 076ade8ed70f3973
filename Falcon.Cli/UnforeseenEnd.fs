/// What is said when a command ends in a way that it does not foresee: one line, never nothing, and where it happened only to whom asks for that.
module Falcon.Cli.UnforeseenEnd

open System
open System.IO
open System.Text.RegularExpressions
open Falcon
open Falcon.Experiments

/// With any value, what stops a command unforeseen is told with everything that is known of it.
[<Literal>]
let TraceVariable = "FALCON_TRACE"

let private isTraced () = not (String.IsNullOrEmpty(Environment.GetEnvironmentVariable TraceVariable))

/// Of exceptions of several threads those that they stand for.
let rec private reasons (error: exn) =
    match error with
    | :? AggregateException as several -> several.Flatten().InnerExceptions |> List.ofSeq |> List.collect reasons
    | :? Reflection.TargetInvocationException
    | :? TypeInitializationException ->
        match error.InnerException with
        | null -> [ error ]
        | inner -> reasons inner
    | _ -> [ error ]

let private oneLine (error: exn) = Regex.Replace(Findings.message error, @"\s+", " ").Trim()

/// The innermost place of Falcon's own.
let private place (error: exn) =
    let frames = (string error.StackTrace).Split '\n' |> Array.map _.Trim()

    match frames |> Array.tryFind _.StartsWith("at Falcon.", StringComparison.Ordinal) with
    | Some frame -> " (" + frame.Split('(')[0] + ")"
    | None -> ""

/// What the machine refuses, as a finding: the path is part of the message.
let private ofMachine what (error: exn) =
    match error with
    | _ when DiskFullException.IsReason error ->
        Some(Finding($"the disk is full ({oneLine error})", what, "Free some space, then do the same again."))
    | :? FileNotFoundException as missing when missing.FileName <> null && (string missing.FileName).Contains "Version=" -> None
    | :? IOException
    | :? UnauthorizedAccessException -> Some(Finding(oneLine error, what, "Check the path and its permissions, then do the same again."))
    | _ when
        error :? OutOfMemoryException
        || Regex.IsMatch(error.Message, "out of memory|not enough memory|can't allocate memory", RegexOptions.IgnoreCase)
        ->
        Some(
            Finding(
                "the memory of this machine does not suffice",
                what,
                "Use smaller inputs or fewer of them, or a machine with more memory."
            )
        )
    | _ -> None

/// Says what has ended a script of somebody's own, with its lines that lead there.
let tellOfScript (writer: TextWriter) (script: string) (error: exn) =
    for reason in reasons error do
        writer.WriteLine $"error: {script}: {reason.GetType().Name}: {oneLine reason}"

        for frame in (string reason.StackTrace).Split '\n' do
            if frame.Contains $"{Path.GetFileName script}:line " then
                writer.WriteLine(frame.TrimEnd())

    if isTraced () then writer.WriteLine error

/// Says what has ended a command, and with which code it ends.
let tell (writer: TextWriter) (command: string) (error: exn) =
    let reasons = reasons error
    if isTraced () then writer.WriteLine error

    let findings =
        [ for reason in reasons do
              match reason with
              | :? InvalidInputException as invalid -> yield! invalid.Findings
              | _ -> yield! Option.toList (ofMachine command reason) ]

    let others =
        reasons
        |> List.filter (fun reason -> not (reason :? InvalidInputException) && (ofMachine command reason).IsNone)

    if not findings.IsEmpty then Findings.write writer findings

    match others with
    | [] -> ExitCode.InvalidInput
    | first :: _ ->
        let more = if isTraced () then "" else $"; {TraceVariable}=1 shows more"

        writer.WriteLine
            $"error: {command}: a fault of Falcon's own: {first.GetType().Name}: {oneLine first}{place first}. Please report this line with the command{more}."

        ExitCode.OwnFault
