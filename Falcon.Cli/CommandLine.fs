/// From the words of a command line to an exit code.
module Falcon.Cli.CommandLine

open System
open Falcon
open Falcon.Experiments

let private overview (verbs: Verb list) =
    let width = verbs |> List.map (fun verb -> verb.Name.Length) |> List.max

    [ "falcon: few-shot industrial anomaly detection by knowledge distillation"
      ""
      "USAGE: falcon VERB [OPTIONS]"
      ""
      for verb in verbs do
          $"    {verb.Name.PadRight width}  {verb.Summary}"
      ""
      "'falcon VERB --help' shows a verb's options and an example."
      "Exit codes: 0 fine, 1 some cells failed, 2 usage or invalid input, 130 cancelled (143 by SIGTERM)." ]
    |> String.concat Environment.NewLine

let private groupHelp group (verbs: Verb list) =
    [ for verb in verbs do
          $"falcon {verb.Name}: {verb.Summary}"
          $"    {verb.Example}"
      ""
      $"'falcon {group} VERB --help' shows a verb's options." ]
    |> String.concat Environment.NewLine

let private unknownVerb names given =
    raise (InvalidInputException("there is no such verb", $"falcon {given}", NearestName.suggestion names given))

/// Finds the verb, whose name is the first word or the first two, and runs it.
let private dispatch (verbs: Verb list) (session: Session) (arguments: string list) =
    let named name = verbs |> List.tryFind (fun verb -> verb.Name = name)
    let group name = verbs |> List.filter (fun verb -> verb.Name.StartsWith $"{name} ")
    let names (verbs: Verb list) = verbs |> List.map _.Name

    match arguments with
    | [] ->
        session.Out.WriteLine(overview verbs)
        ExitCode.Fine
    | [ word ] when CommandArguments.isHelp word ->
        session.Out.WriteLine(overview verbs)
        ExitCode.Fine
    | first :: rest ->
        match named first, group first, rest with
        | Some verb, _, _ -> verb.Run session rest
        | None, [], _ -> unknownVerb (verbs |> List.map (fun verb -> verb.Name.Split(' ')[0]) |> List.distinct) first
        | None, members, second :: _ when CommandArguments.isHelp second ->
            session.Out.WriteLine(groupHelp first members)
            ExitCode.Fine
        | None, members, second :: rest ->
            match named $"{first} {second}" with
            | Some verb -> verb.Run session rest
            | None -> unknownVerb (names members) $"{first} {second}"
        | None, members, [] -> unknownVerb (names members) first

/// Runs one command. Invalid input and cancellation become messages and exit codes; programming errors pass through.
let run (verbs: Verb list) (session: Session) (arguments: string seq) =
    try
        dispatch verbs session (List.ofSeq arguments)
    with
    | :? InvalidInputException as error ->
        Findings.write session.Error error.Findings
        ExitCode.InvalidInput
    | :? OperationCanceledException when session.Cancellation.IsCancellationRequested ->
        session.Error.WriteLine "falcon: cancelled"
        Interruption.ExitCode
