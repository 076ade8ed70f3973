/// Arguments as the cases of an Argu union, whose faults are findings. The command and the scripts of studies read theirs by it.
module Falcon.Experiments.CommandArguments

open Argu
open Falcon

[<Literal>]
let private Width = 110

let private parser<'Arguments when 'Arguments :> IArgParserTemplate> program =
    ArgumentParser.Create<'Arguments>(
        programName = program,
        usageStringCharacterWidth = Width,
        checkStructure = false,
        errorHandler = ExceptionExiter()
    )

let isHelp word = word = "--help" || word = "-h"

/// How a program is called, and what its options mean.
///
///     CommandArguments.usage<ScriptArgument> "study.fsx"
let usage<'Arguments when 'Arguments :> IArgParserTemplate> program = (parser<'Arguments> program).PrintUsage().TrimEnd()

let private isOption (argument: string) = argument.StartsWith "--"

let private nameOf (argument: string) = argument.Split('=', 2)[0]

/// A finding for each option that is not among the known ones.
///
///     CommandArguments.unknown [ "--data" ] [ "--dta"; "photos" ]
let unknown known arguments =
    [ for name in List.map nameOf (List.filter isOption arguments) do
          if not (List.contains name known) then
              Finding("there is no such option", name, NearestName.suggestion known name) ]

let private parse (parser: ArgumentParser<'Arguments>) program place ignoreMissing arguments =
    try
        Ok(parser.ParseCommandLine(List.toArray arguments, ignoreMissing = ignoreMissing, raiseOnUsage = false))
    with :? ArguParseException as error ->
        let problem = (error.Message.Split('\n') |> Array.head).Replace("ERROR: ", "").TrimEnd([| '.'; '\r' |])
        Error [ Finding(problem, place, $"See '{program} --help'.") ]

/// Each option with the words up to the next one.
let rec private split arguments =
    match arguments with
    | [] -> []
    | first :: rest ->
        let own = rest |> List.takeWhile (isOption >> not)
        (first :: own) :: split (List.skip own.Length rest)

// Read as a separator of thousands a decimal comma would make 15 of 1,5.
let private decimalComma (cases: ArgumentCaseInfo list) name (words: string list) =
    let isNumber (case: ArgumentCaseInfo) =
        List.contains name case.CommandLineNames.Value
        && case.UnionCaseInfo.GetFields() |> Array.exists (fun field -> field.PropertyType = typeof<float>)

    [ if List.exists isNumber cases then
          for value in words.Tail @ List.tail (List.ofArray (words.Head.Split('=', 2))) do
              if value.Contains ',' then
                  let point = value.Replace(',', '.')
                  Finding($"'{value}' has a comma, and numbers have a point here", name, $"Write {point}.") ]

/// Reads a program's arguments; everything that is wrong with them is found at once, as far as each option shows it by itself.
/// `program` is how it is called, `others` are the names of options that are read elsewhere.
///
///     CommandArguments.read<ScriptArgument> "study.fsx" [ "--device" ] [ "--data"; "photos" ]
let read<'Arguments when 'Arguments :> IArgParserTemplate> program others arguments =
    let parser = parser<'Arguments> program
    let cases = parser.GetArgumentCases()
    let known = (cases |> List.collect (fun case -> case.CommandLineNames.Value)) @ others
    let given = List.map nameOf arguments

    let missing =
        [ for case in cases do
              match case.CommandLineNames.Value with
              | name :: _ when case.IsMandatory.Value && not (List.contains name given) ->
                  Finding("this option is missing", name, $"Add it; '{program} --help' shows an example.")
              | _ -> () ]

    let impossible =
        [ for words in split arguments do
              let name = nameOf words.Head

              if isOption name && List.contains name known then
                  yield! decimalComma cases name words

                  match parse parser program name true words with
                  | Ok _ -> ()
                  | Error findings -> yield! findings ]

    match unknown known arguments @ missing @ impossible with
    | [] -> parse parser program program false arguments
    | findings -> Error findings
