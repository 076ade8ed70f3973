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
        /// Reads the arguments after the name and does the work; returns the exit code.
        Run: Session -> string list -> int
    }

module Verb =
    [<Literal>]
    let private Width = 110

    let isHelp word = word = "--help" || word = "-h"

    let private refuse findings =
        match findings with
        | [] -> ()
        | findings -> raise (InvalidInputException(Array.ofList findings))

    let private make name summary example accepts (usage: unit -> string) asksForHelp run =
        let help () =
            [ $"falcon {name}: {summary}"
              ""
              usage().TrimEnd()
              for option in accepts do
                  let shape, meaning = CommonOption.usage option
                  $"    {shape, -21} {meaning}"
              ""
              "EXAMPLE:"
              ""
              $"    {example}" ]
            |> String.concat Environment.NewLine

        { Name = name
          Summary = summary
          Example = example
          Run =
            fun session arguments ->
                if asksForHelp arguments then
                    session.Out.WriteLine(help ())
                    ExitCode.Fine
                else
                    run session arguments }

    let private nameOf (argument: string) = argument.Split('=', 2)[0]

    let private unknownOptions known arguments =
        [ for name in List.map nameOf arguments do
              if name.StartsWith "--" && not (List.contains name known) then
                  Finding("there is no such option", name, NearestName.suggestion known name) ]

    let private parser<'Arguments when 'Arguments :> IArgParserTemplate> name =
        ArgumentParser.Create<'Arguments>(
            programName = $"falcon {name}",
            usageStringCharacterWidth = Width,
            checkStructure = false,
            errorHandler = ExceptionExiter()
        )

    /// Parses a verb's own arguments; what is wrong with them is reported at once as far as their names show it.
    let private parse<'Arguments when 'Arguments :> IArgParserTemplate> verb accepts findings (arguments: string list) =
        let parser = parser<'Arguments> verb
        let cases = parser.GetArgumentCases()
        let known = (cases |> List.collect (fun case -> case.CommandLineNames.Value)) @ List.map CommonOption.name accepts
        let given = List.map nameOf arguments

        let missing =
            [ for case in cases do
                  match case.CommandLineNames.Value with
                  | name :: _ when case.IsMandatory.Value && not (List.contains name given) ->
                      Finding("this option is missing", name, $"Add it; 'falcon {verb} --help' shows an example.")
                  | _ -> () ]

        refuse (findings @ unknownOptions known arguments @ missing)

        try
            parser.ParseCommandLine(List.toArray arguments, raiseOnUsage = false)
        with :? ArguParseException as error ->
            let problem = (error.Message.Split('\n') |> Array.head).Replace("ERROR: ", "").TrimEnd([| '.'; '\r' |])
            raise (InvalidInputException(problem, $"falcon {verb}", $"See 'falcon {verb} --help'."))

    /// What other people's assemblies add is there before anything looks for it.
    let private load options =
        Extensions.LoadNamed()
        List.iter Extensions.Load options.Extensions

    /// A verb whose arguments are the cases of an Argu union.
    let create<'Arguments when 'Arguments :> IArgParserTemplate>
        name
        summary
        example
        accepts
        (run: Session -> ParseResults<'Arguments> -> int)
        =
        make name summary example accepts (fun () -> (parser<'Arguments> name).PrintUsage()) (List.exists isHelp) (fun session arguments ->
            let options, findings, own = CommonOption.extract accepts arguments
            load options
            let parsed = parse<'Arguments> name accepts findings own
            run { session with Options = options } parsed)

    /// A verb with common options only.
    let createPlain name summary example accepts (run: Session -> int) =
        let usage () =
            String.concat Environment.NewLine [ $"USAGE: falcon {name} [--help] [OPTIONS]"; ""; "OPTIONS:"; "" ]

        make name summary example accepts usage (List.exists isHelp) (fun session arguments ->
            let options, findings, rest = CommonOption.extract accepts arguments
            let superfluous argument = Finding("this verb takes no such argument", argument, "Leave it out.")

            refuse (
                findings
                @ unknownOptions (List.map CommonOption.name accepts) rest
                @ (rest |> List.filter (fun argument -> not (argument.StartsWith "--")) |> List.map superfluous)
            )

            load options
            run { session with Options = options })

    /// A verb that hands its arguments on to another program; --help is its own only in the first place.
    let createForwarding name summary example usage (run: string list -> int) =
        make name summary example [] (fun () -> usage) (List.tryHead >> Option.exists isHelp) (fun _ arguments ->
            if arguments.IsEmpty then
                refuse [ Finding("an argument is missing", $"falcon {name}", $"See 'falcon {name} --help'.") ]

            run arguments)
