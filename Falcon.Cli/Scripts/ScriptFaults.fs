/// What the compiler says of a script, in the words of those who write studies.
module Falcon.Cli.ScriptFaults

open System
open System.IO
open System.Reflection
open System.Text.RegularExpressions
open Falcon
open Falcon.Experiments
open FSharp.Compiler.Diagnostics

/// The compiler's numbers for an operation that is no operation of the builder: it takes what follows for a loop or for an end, or knows no such value.
[<Literal>]
let private NoSuchConstruct = 708

[<Literal>]
let private NoSuchValue = 39

/// Its number for two files of one name.
[<Literal>]
let private SameModule = 248

/// What can be said in `experiment "name" { … }`.
let private operations =
    lazy
        [ for method in typeof<ExperimentBuilder>.GetMethods() do
              match method.GetCustomAttribute<CustomOperationAttribute>() with
              | null -> ()
              | operation -> operation.Name ]

let private indentation (line: string) = line.Length - line.TrimStart().Length

let private firstWord (line: string) = Regex.Match(line, @"^\s*([A-Za-z_][\w']*)").Groups[1].Value

/// Whether a line, counted from 0, stands in an experiment: the nearest line before that is less indented begins one.
let private isInExperiment (lines: string array) index =
    let inner = indentation lines[index]

    lines[.. index - 1]
    |> Array.tryFindBack (fun line -> line.Trim() <> "" && indentation line < inner)
    |> Option.exists (fun line -> Regex.IsMatch(line, @"\bexperiment\b"))

/// The lines of an experiment that begin an operation, from one of them on.
let private operationsFrom (lines: string array) index =
    let inner = indentation lines[index]

    seq { index .. lines.Length - 1 }
    |> Seq.takeWhile (fun other -> lines[other].Trim() = "" || indentation lines[other] >= inner)
    |> Seq.filter (fun other -> indentation lines[other] = inner && firstWord lines[other] <> "")

let private noOperation word =
    let all = String.Join(", ", operations.Value)

    let fix =
        match NearestName.find operations.Value word with
        | Some near -> $"Did you mean '{near}'? There are: {all}."
        | None -> $"There are: {all}."

    $"'{word}' is no operation of an experiment", fix

/// What is wrong with an experiment of which the compiler says that it cannot be continued after a line: the line, and what is to be done.
let private inExperiment (lines: string array) (diagnostic: FSharpDiagnostic) =
    let index = diagnostic.StartLine - 1

    let isAssignment (line: string) = Regex.IsMatch(line, @"^\s*[\w']+\s*(=|<-)")

    if index < 0 || index >= lines.Length || not (isInExperiment lines index) then
        None
    else
        match diagnostic.ErrorNumber with
        | NoSuchConstruct ->
            operationsFrom lines index
            |> Seq.tryFind (fun other -> not (List.contains (firstWord lines[other]) operations.Value) || isAssignment lines[other])
            |> Option.map (fun other ->
                let word = firstWord lines[other]

                if List.contains word operations.Value then
                    other, ($"'{word}' is followed by a sign", $"An operation and its value stand side by side, as in '{word} [ 1; 2 ]'.")
                else
                    other, noOperation word)
        | NoSuchValue when diagnostic.StartColumn = indentation lines[index] -> Some(index, noOperation (firstWord lines[index]))
        | _ -> None

/// A long message in one line; what it proposes is the remedy.
let private plain (line: string) (message: string) =
    let text = Regex.Replace(message, @"\s+", " ").Trim().TrimEnd('.')

    match Regex.Match(message, @"^(.*?)\.?\s*Maybe you want one of the following:\s*(.*)$", RegexOptions.Singleline) with
    | found when found.Success ->
        let names = found.Groups[2].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)
        Regex.Replace(found.Groups[1].Value, @"\s+", " ").Trim(), $"""Did you mean one of these: {String.Join(", ", names)}?"""
    | _ -> text, $"Mend this line: {line.Trim()}"

/// Where something is, as compilers say it: file, line and column, both from 1.
let private place (file: string) line column =
    let here = Path.GetRelativePath(".", file)
    let shown = if here.StartsWith ".." then file else here
    $"{shown}({line},{column})"

/// An error of the compiler as a finding.
let finding (diagnostic: FSharpDiagnostic) : Finding =
    let file = diagnostic.FileName
    let lines = if File.Exists file then File.ReadAllLines file else [||]

    match inExperiment lines diagnostic with
    | Some(index, (what, fix)) -> Finding(what, place file (index + 1) (indentation lines[index] + 1), fix)
    | None ->
        let line = lines |> Array.tryItem (diagnostic.StartLine - 1) |> Option.defaultValue ""
        let what, fix = plain line diagnostic.Message

        let fix =
            if diagnostic.ErrorNumber = SameModule then
                "Give one of the two files another name, or run the script with 'dotnet fsi'."
            else
                fix

        Finding(what, place file diagnostic.StartLine (diagnostic.StartColumn + 1), fix)

/// A warning of the compiler in one line.
let warning (diagnostic: FSharpDiagnostic) =
    let text = Regex.Replace(diagnostic.Message, @"\s+", " ")
    $"{place diagnostic.FileName diagnostic.StartLine (diagnostic.StartColumn + 1)}: {text}"
