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
      "Exit codes: 0 fine, 1 some cells or images failed, 2 usage or invalid input, 3 a fault of Falcon's own, 130 cancelled (143 by SIGTERM)." ]
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
        let ofTwoWords = rest |> List.tryHead |> Option.bind (fun second -> named $"{first} {second}")

        match named first, group first, rest with
        | Some _, _, _ :: others when ofTwoWords.IsSome -> ofTwoWords.Value.Run session others
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

/// The command as a message names it: the words of its verb.
let private named (verbs: Verb list) (arguments: string list) =
    verbs
    |> List.sortByDescending _.Name.Length
    |> List.tryFind (fun verb -> let words = List.ofArray (verb.Name.Split ' ') in List.truncate words.Length arguments = words)
    |> Option.map (fun verb -> $"falcon {verb.Name}")
    |> Option.defaultValue "falcon"

/// Runs one command. Whatever ends it becomes a message and an exit code.
let run (verbs: Verb list) (session: Session) (arguments: string seq) =
    let arguments = List.ofSeq arguments

    try
        dispatch verbs session arguments
    with
    | :? InvalidInputException as error ->
        Findings.write session.Error error.Findings
        ExitCode.InvalidInput
    | :? OperationCanceledException when session.Cancellation.IsCancellationRequested ->
        session.Error.WriteLine "falcon: cancelled"
        Interruption.ExitCode
    | error -> UnforeseenEnd.tell session.Error (named verbs arguments) error

/// What ends a thread that is nobody's comes here: the process says so and ends.
let watch (verbs: Verb list) (session: Session) (arguments: string seq) =
    let arguments = List.ofSeq arguments

    AppDomain.CurrentDomain.UnhandledException.Add(fun unhandled ->
        match unhandled.ExceptionObject with
        | :? exn as error -> exit (UnforeseenEnd.tell session.Error (named verbs arguments) error)
        | _ -> ())
