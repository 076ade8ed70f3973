/// The options that mean the same in every script.
module internal Falcon.Experiments.ScriptOptions

open System
open Argu
open Falcon

[<Literal>]
let Program = "falcon run SCRIPT.fsx"

/// The words of a script's command line.
[<RequireQualifiedAccess>]
type ScriptArgument =
    | Data of folder: string
    | Category of category: string
    | Teacher of file: string
    | Out of folder: string
    | Store of folder: string
    | Device of name: string
    | Workers of count: int
    | Threads of count: int
    | Only of cell: string
    | Set of assignment: string
    | [<Hidden>] Task of name: string
    | [<Hidden>] Last of study: string
    | Retry_Failed
    | Plan
    | Json
    | Quick
    | Quiet
    | Verbose

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Data _ -> "a data set, one category of it, or a folder of photos; without it, Falcon draws its own; some studies take several"
            | Category _ -> "a category of the data set; repeat it for several"
            | Teacher _ ->
                "the teacher's weights, a file or a name of 'falcon weights list'; without it, Falcon's own, or those of the study's paper"
            | Out _ -> "the folder of the results"
            | Store _ -> "the folder of what is computed; without it, FALCON_STORE, else .falcon"
            | Device _ -> "cpu (default), cuda, cuda:1; repeat it for several slots"
            | Workers _ -> "cells that are computed at the same time; without it, one on every core"
            | Threads _ -> "threads of each tensor operation of a worker: 1, another number rounds otherwise"
            | Only _ -> "only the cells of this name, where * stands for anything; repeat it for several"
            | Set _ ->
                "another value for the study's experiments, as if the script said so: seeds=0,1,2 or seeds=0..4, shots=1,2,all, method.epochs=20 in every method that has this option; \
                 repeat it for several"
            | Task _ -> "computes cells of a study that was submitted, as one of its tasks: STUDY/BATCH/TASK"
            | Last _ -> "writes the report of a study that was submitted, of what is there"
            | Retry_Failed -> "cells that failed before are tried again"
            | Plan -> "what would be done and why, without doing it"
            | Json -> "the plan as JSON"
            | Quick -> "a small version, to see that it runs"
            | Quiet -> "warnings and failures only"
            | Verbose -> "every epoch"

/// Those that a script must ask for itself: what they change is in its text.
let ofScripts = [ "--data"; "--category"; "--teacher"; "--quick" ]

let private cases = lazy ArgumentParser.Create<ScriptArgument>(checkStructure = false).GetArgumentCases()

let private namesOf (chosen: ArgumentCaseInfo -> bool) =
    [ for case in cases.Value do
          if chosen case then yield! case.CommandLineNames.Value ]

/// All options' names.
let names () = namesOf (fun _ -> true)

/// The words that are options of every study's runtime, with their values, and the others.
let separate (words: string list) =
    let ofRuntime (names: string list) = names |> List.except ofScripts
    let takesValue (case: ArgumentCaseInfo) = case.UnionCaseInfo.GetFields().Length > 0
    let flags = ofRuntime (namesOf (takesValue >> not))
    let valued = ofRuntime (namesOf takesValue)

    let rec next words =
        match words with
        | [] -> [], []
        | (option: string) :: rest when List.contains (option.Split('=', 2)[0]) (flags @ valued) ->
            let own = if List.contains option valued then List.truncate 1 rest else []
            let others, foreign = next (List.skip own.Length rest)
            option :: own @ others, foreign
        | word :: rest ->
            let own, foreign = next rest
            own, word :: foreign

    next words

/// The words without those that say where and how a study runs, which tasks are told anew.
let withoutPlaces (words: string list) =
    let flags = [ "--retry-failed"; "--plan"; "--json"; "--quiet"; "--verbose" ]
    let valued = [ "--store"; "--out"; "--workers"; "--threads"; "--device"; "--only"; "--task"; "--last" ]

    let rec next words =
        match words with
        | [] -> []
        | (word: string) :: rest when List.contains word flags -> next rest
        | word :: rest when List.contains word valued -> next (List.skip (min 1 rest.Length) rest)
        | word :: rest when word.Contains '=' && List.contains (word.Split('=', 2)[0]) valued -> next rest
        | word :: rest -> word :: next rest

    next words

/// What a command line says.
type Given = { Arguments: ParseResults<ScriptArgument>; Assignments: StudyAssignments.Assignment list }

/// Reads a command line; every fault is a finding.
let read arguments =
    match CommandArguments.read<ScriptArgument> Program [] arguments with
    | Error findings -> Error findings
    | Ok read ->
        let assignments = StudyAssignments.parse (read.GetResults ScriptArgument.Set)

        let counts =
            [ "--threads", read.TryGetResult ScriptArgument.Threads
              "--workers", read.TryGetResult ScriptArgument.Workers ]

        match
            [ for name, count in counts do
                  if count |> Option.exists (fun count -> count < 1) then
                      Finding($"'{count.Value}' is no count", name, "Give a whole number, at least 1.")
              for name, folder in [ "--store", read.TryGetResult ScriptArgument.Store; "--out", read.TryGetResult ScriptArgument.Out ] do
                  if folder |> Option.exists String.IsNullOrWhiteSpace then
                      Finding("is empty", name, "Name a folder; perhaps a variable that it was taken from is not set.") ],
            assignments
        with
        | [], Ok assignments -> Ok { Arguments = read; Assignments = assignments }
        | findings, Ok _ -> Error findings
        | findings, Error others -> Error(findings @ others)

/// A runtime with what the options say of it.
let change (given: Given) (runtime: Runtime) =
    let read = given.Arguments
    let listed (given: 'Value list) otherwise = if given.IsEmpty then otherwise else given

    { runtime with
        Out = read.TryGetResult ScriptArgument.Out |> Option.orElse runtime.Out
        Store = read.TryGetResult ScriptArgument.Store |> Option.orElse runtime.Store
        Only = listed (read.GetResults ScriptArgument.Only) runtime.Only
        Devices = listed (read.GetResults ScriptArgument.Device) runtime.Devices
        Threads = read.GetResult(ScriptArgument.Threads, runtime.Threads)
        Workers = read.GetResult(ScriptArgument.Workers, runtime.Workers)
        RetryFailed = runtime.RetryFailed || read.Contains ScriptArgument.Retry_Failed
        PlanOnly = runtime.PlanOnly || read.Contains ScriptArgument.Plan
        Json = runtime.Json || read.Contains ScriptArgument.Json
        Verbosity =
            if read.Contains ScriptArgument.Quiet then Quiet
            elif read.Contains ScriptArgument.Verbose then Detailed
            else runtime.Verbosity }

/// What the script is run for: a task, or the last job, says so itself.
let private purposeOf purpose (given: Given) =
    match given.Arguments.TryGetResult ScriptArgument.Task, given.Arguments.TryGetResult ScriptArgument.Last with
    | Some name, _ -> ScriptPurpose.Task name
    | None, Some study -> ScriptPurpose.Last study
    | None, None -> purpose

/// Lets what a command line says prevail over the experiments and runtimes of the script.
let prevail purpose (given: Given) =
    let purpose = purposeOf purpose given
    StudyAssignments.prevail given.Assignments
    ScriptPurpose.set purpose

    Runtime.prevail (fun runtime ->
        let changed = change given runtime

        match purpose with
        | ScriptPurpose.Run
        | ScriptPurpose.Submit _ -> changed
        | ScriptPurpose.Plan -> { changed with PlanOnly = true }
        | ScriptPurpose.Task _
        | ScriptPurpose.Last _ -> { changed with PlanOnly = false; Executor = Executor.Here })

/// What the options are.
let usage () = CommandArguments.usage<ScriptArgument> Program
