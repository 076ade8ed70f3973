namespace Falcon.Cli

open System
open Argu
open Falcon

/// One thing that the command can do. Its name has one word, or two for a verb of a group: "train", "weights fetch".
type Verb =
    { Name: string
      Summary: string
      Example: string
      Accepts: CommonOption list
      /// The text of --help.
      Help: unit -> string
      /// Reads the arguments after the name and does the work; returns the exit code.
      Run: Session -> string list -> int }

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

    let private help<'Arguments when 'Arguments :> IArgParserTemplate> name summary accepts example () =
        let common =
            accepts
            |> List.map (fun option ->
                let shape, meaning = CommonOption.usage option
                $"    {shape, -21} {meaning}")

        [ $"falcon {name}: {summary}"
          ""
          (parser<'Arguments> name).PrintUsage().TrimEnd()
          yield! common
          ""
          "EXAMPLE:"
          ""
          $"    {example}" ]
        |> String.concat Environment.NewLine

    let private unknownOptions known (arguments: string list) =
        [ for argument in arguments do
              let name = argument.Split('=', 2)[0]

              if name.StartsWith "--" && not (List.contains name known) then
                  Finding("there is no such option", name, NearestName.suggestion known name) ]

    /// Parses a verb's own arguments.
    /// What is wrong comes with all findings at once where the arguments' shape allows it.
    let private parse<'Arguments when 'Arguments :> IArgParserTemplate> verb accepts findings (arguments: string list) =
        let parser = parser<'Arguments> verb
        let cases = parser.GetArgumentCases()
        let names = cases |> List.collect (fun case -> case.CommandLineNames.Value)
        let unknown = unknownOptions (names @ List.map CommonOption.name accepts @ [ "--help" ]) arguments

        let missing =
            [ for case in cases do
                  let given name = arguments |> List.exists (fun argument -> argument.Split('=', 2)[0] = name)
                  let names = case.CommandLineNames.Value

                  if case.IsMandatory.Value && not names.IsEmpty && not (List.exists given names) then
                      Finding("this option is missing", names.Head, $"Add it; 'falcon {verb} --help' shows an example.") ]

        match findings @ unknown @ missing with
        | [] ->
            try
                parser.ParseCommandLine(List.toArray arguments, raiseOnUsage = false)
            with :? ArguParseException as error ->
                let firstLine = error.Message.Split('\n')[0].Replace("ERROR: ", "").TrimEnd()
                raise (InvalidInputException(firstLine, $"falcon {verb}", $"See 'falcon {verb} --help'."))
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
          Accepts = accepts
          Help = help<'Arguments> name summary accepts example
          Run =
            fun session arguments ->
                let options, findings, own = CommonOption.extract accepts arguments
                let parsed = parse<'Arguments> name accepts findings own
                run { session with Options = options } parsed }
