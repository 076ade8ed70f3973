namespace Falcon.Cli

open System
open Argu
open Falcon

/// One thing that the command can do. Its name has one word, or two for a verb of a group: "train", "weights fetch".
type Verb =
    {
        Name: string
        Summary: string
        Example: string
        /// The text of --help.
        Help: unit -> string
        /// Reads the arguments after the name and does the work; returns the exit code.
        Run: Session -> string list -> int
    }

module Verb =
    [<Literal>]
    let private Width = 110

    let private parser<'Arguments when 'Arguments :> IArgParserTemplate> name =
        ArgumentParser.Create<'Arguments>(
            programName = $"falcon {name}",
            usageStringCharacterWidth = Width,
            checkStructure = false,
            errorHandler = ExceptionExiter()
        )

    let private help name summary accepts example (usage: unit -> string) () =
        let common =
            accepts
            |> List.map (fun option ->
                let shape, meaning = CommonOption.usage option
                $"    {shape, -21} {meaning}")

        [ $"falcon {name}: {summary}"; ""; usage().TrimEnd(); yield! common; ""; "EXAMPLE:"; ""; $"    {example}" ]
        |> String.concat Environment.NewLine

    let private unknownOptions known (arguments: string list) =
        [ for argument in arguments do
              let name = argument.Split('=', 2)[0]

              if name.StartsWith "--" && not (List.contains name known) then
                  Finding("there is no such option", name, NearestName.suggestion known name) ]

    /// Parses a verb's own arguments; what is wrong with them is reported at once as far as their names show it.
    let private parse<'Arguments when 'Arguments :> IArgParserTemplate> verb accepts findings (arguments: string list) =
        let parser = parser<'Arguments> verb
        let cases = parser.GetArgumentCases()
        let names = cases |> List.collect (fun case -> case.CommandLineNames.Value)
        let given = arguments |> List.map (fun argument -> argument.Split('=', 2)[0])

        let missing =
            [ for case in cases do
                  match case.CommandLineNames.Value with
                  | name :: _ when case.IsMandatory.Value && not (List.contains name given) ->
                      Finding("this option is missing", name, $"Add it; 'falcon {verb} --help' shows an example.")
                  | _ -> () ]

        match findings @ unknownOptions (names @ List.map CommonOption.name accepts) arguments @ missing with
        | [] ->
            try
                parser.ParseCommandLine(List.toArray arguments, raiseOnUsage = false)
            with :? ArguParseException as error ->
                let firstLine = error.Message.Split('\n') |> Array.head
                raise (InvalidInputException(firstLine.Replace("ERROR: ", "").TrimEnd(), $"falcon {verb}", $"See 'falcon {verb} --help'."))
        | findings -> raise (InvalidInputException(Array.ofList findings))

    /// A verb whose arguments are the cases of an Argu union.
    let create<'Arguments when 'Arguments :> IArgParserTemplate>
        name
        summary
        example
        accepts
        (run: Session -> ParseResults<'Arguments> -> int)
        =
        { Name = name
          Summary = summary
          Example = example
          Help = help name summary accepts example (fun () -> (parser<'Arguments> name).PrintUsage())
          Run =
            fun session arguments ->
                let options, findings, own = CommonOption.extract accepts arguments
                let parsed = parse<'Arguments> name accepts findings own
                run { session with Options = options } parsed }

    /// A verb with common options only.
    let createPlain name summary example accepts (run: Session -> int) =
        let usage () =
            String.concat Environment.NewLine [ $"USAGE: falcon {name} [--help] [OPTIONS]"; ""; "OPTIONS:"; "" ]

        { Name = name
          Summary = summary
          Example = example
          Help = help name summary accepts example usage
          Run =
            fun session arguments ->
                let options, findings, rest = CommonOption.extract accepts arguments

                let unknown =
                    [ for argument in rest do
                          if argument.StartsWith "-" then
                              yield! unknownOptions (List.map CommonOption.name accepts) [ argument ]
                          else
                              Finding("this verb takes no such argument", argument, "Leave it out.") ]

                match findings @ unknown with
                | [] -> run { session with Options = options }
                | findings -> raise (InvalidInputException(Array.ofList findings)) }
