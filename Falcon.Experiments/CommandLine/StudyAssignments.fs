/// What `--set` changes of the experiments of a script, as if it stood in them.
module internal Falcon.Experiments.StudyAssignments

open System
open System.Threading
open Falcon
open Falcon.Methods

type Target =
    | Seeds of int list
    | Shots of int list
    | MethodOption of name: string * value: string

[<Sealed>]
type Assignment(text: string, target: Target) =
    member _.Where = $"--set {text}"
    member _.Target = target

    /// Whether it has changed an experiment.
    member val HasChanged = false with get, set

[<Literal>]
let private MethodPrefix = "method."

let private given = AsyncLocal<Assignment list option>()

let private assignments () = Option.defaultValue [] given.Value

/// Lets them prevail over the experiments that are made into cells from here.
let prevail (assignments: Assignment list) = given.Value <- Some assignments

/// `0,1,2`, `0..4`.
let private numbers word (text: string) =
    let number (text: string) =
        match Int32.TryParse(text.Trim()) with
        | true, number -> Some [ number ]
        | false, _ -> word (text.Trim())

    let range (text: string) =
        match text.Split("..") with
        | [| first; last |] -> Option.map2 (fun first last -> [ List.head first .. List.head last ]) (number first) (number last)
        | _ -> number text

    let parts = [ for part in text.Split ',' -> range part ]

    if parts |> List.forall Option.isSome then Some(List.collect Option.get parts) else None

let private unknown text (name: string) =
    let ofMethods = MethodCatalog.All |> Seq.collect MethodAssignment.names |> Seq.distinct |> List.ofSeq

    let fix =
        match NearestName.find [ "seeds"; "shots" ] name, NearestName.find ofMethods name with
        | Some near, _ -> $"Did you mean '{near}'?"
        | None, Some near -> $"Did you mean '{MethodPrefix}{near}'?"
        | None, None -> $"There are: seeds, shots, and {MethodPrefix}NAME for an option of the study's methods."

    Finding("a study has nothing of this name that can be set", $"--set {text}", fix)

let private parseOne (text: string) =
    let numbers' make word value =
        match numbers word value with
        | Some numbers when not numbers.IsEmpty ->
            match numbers |> List.countBy id |> List.tryFind (fun (_, count) -> count > 1) with
            | None -> Ok(Assignment(text, make numbers))
            | Some(number, count) -> Error(Finding($"{number} stands {count} times", $"--set {text}", "Name it once."))
        | _ -> Error(Finding($"'{value}' is no list of whole numbers", $"--set {text}", "Write it as 0,1,2 or 0..4."))

    match text.Split('=', 2) with
    | [| "seeds"; value |] -> numbers' Seeds (fun _ -> None) value
    | [| "shots"; value |] -> numbers' Shots (fun word -> if word = "all" then Some [ Int32.MaxValue ] else None) value
    | [| name; value |] when name.StartsWith(MethodPrefix, StringComparison.Ordinal) ->
        let option = MethodOption(name.Substring(MethodPrefix.Length), value)
        Ok(Assignment(text, option))
    | [| name; _ |] -> Error(unknown text name)
    | _ -> Error(Finding("this is no assignment", $"--set {text}", "Write it as NAME=VALUE: seeds=0,1,2 or method.epochs=20."))

/// Reads what stands behind each `--set`; every fault is a finding.
let parse (texts: string list) : Result<Assignment list, Finding list> =
    let read = List.map parseOne texts

    let name (text: string) = (Array.head (text.Split('=', 2))).ToLowerInvariant()

    let repeated =
        [ for name, same in List.groupBy name texts do
              if same.Length > 1 then
                  Finding($"'{name}' is set {same.Length} times", $"--set {same[1]}", "Set it once.") ]

    match
        [ for result in read do
              match result with
              | Error finding -> finding
              | Ok _ -> () ]
        @ repeated
    with
    | [] -> Ok(List.choose Result.toOption read)
    | findings -> Error findings

let private changing (assignment: Assignment) (declared: 'Value list) (changed: 'Value list) =
    if changed <> declared then assignment.HasChanged <- true

    changed

/// What assignments make of the values that an experiment declares; `set` gives the values of an assignment that is about them.
let private assigned (set: Assignment -> 'Value list -> 'Value list option) (declared: 'Value list) =
    (declared, assignments ())
    ||> List.fold (fun now assignment ->
        match set assignment now with
        | Some changed -> changing assignment now changed
        | None -> now)

/// The seeds of an experiment that declares these.
let seeds (declared: int list) =
    declared
    |> assigned (fun assignment _ ->
        match assignment.Target with
        | Seeds seeds -> Some seeds
        | _ -> None)

/// The numbers of shots of an experiment that declares these.
let shots (declared: int list) =
    declared
    |> assigned (fun assignment _ ->
        match assignment.Target with
        | Shots shots -> Some shots
        | _ -> None)

let private setIn (assignment: Assignment) name value (method: MethodOptions) =
    match MethodAssignment.tryName method name with
    | None -> method
    | Some name ->
        match MethodAssignment.set method assignment.Where name value with
        | Ok changed -> changed
        | Error finding -> raise (InvalidInputException [| finding |])

/// The methods of an experiment that declares these: an option is set in all that have it. Raises `InvalidInputException` when a value is none of the option's.
let methods (declared: MethodOptions list) =
    declared
    |> assigned (fun assignment now ->
        match assignment.Target with
        | MethodOption(name, value) -> Some(List.map (setIn assignment name value) now)
        | _ -> None)

let private listed (numbers: int list) = String.Join(", ", numbers)

/// Numbers that are set, of which a study has these.
let private idleNumbers (assignment: Assignment) name (wanted: int list) (there: int list) =
    match List.except there wanted with
    | [] when not assignment.HasChanged ->
        [ Finding($"changes nothing: the study's {name} are {listed there} as it is", assignment.Where, "Leave it out, or set others.") ]
    | [] -> []
    | missing ->
        [ Finding(
              $"the study has no cell with {name} {listed missing}: an axis or a condition decides",
              assignment.Where,
              "Change the axis or the condition in the script."
          ) ]

let private idleOption (assignment: Assignment) name value (methods: MethodOptions list) =
    let having = methods |> List.filter (fun method -> (MethodAssignment.tryName method name).IsSome)
    let isSo (method: MethodOptions) = setIn assignment name value method = method

    if having.IsEmpty then
        let all = methods |> List.collect MethodAssignment.names |> List.distinct
        let titles = methods |> List.map _.DisplayName |> List.distinct |> String.concat ", "
        let near = NearestName.find all name |> Option.map (fun near -> $"Did you mean '{MethodPrefix}{near}'?")
        let fix = near |> Option.defaultValue $"""There are: {String.Join(", ", all)}."""
        [ Finding($"no method of the study ({titles}) has an option '{name}'", assignment.Where, fix) ]
    elif not (List.exists isSo having) then
        [ Finding("changes nothing: an axis of the study decides", assignment.Where, "Change the axis in the script.") ]
    elif not assignment.HasChanged then
        [ Finding($"changes nothing: '{name}' is {value} as it is", assignment.Where, "Leave it out, or set another value.") ]
    else
        []

/// What is set and changes nothing of a study.
let idle (cells: (int * int * MethodOptions) list) : Finding list =
    let there (value: _ -> int) = cells |> List.map value |> List.distinct

    [ for assignment in assignments () do
          match assignment.Target with
          | Seeds seeds -> yield! idleNumbers assignment "seeds" seeds (there (fun (seed, _, _) -> seed))
          | Shots shots -> yield! idleNumbers assignment "shots" shots (there (fun (_, shots, _) -> shots))
          | MethodOption(name, value) ->
              yield! idleOption assignment name value (cells |> List.map (fun (_, _, method) -> method) |> List.distinct) ]
