namespace Falcon.Cli

open System
open Argu
open Falcon
open Falcon.Experiments

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
    let private refuse (findings: Finding list) = raise (InvalidInputException(Array.ofList findings))

    let private make (name: string) (summary: string) (example: string) accepts (usage: unit -> string) asksForHelp run =
        let help () =
            [ $"falcon {name}: {summary}"
              ""
              usage ()
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

    /// What other people's assemblies add is there before anything looks for it.
    let private load options =
        Extensions.LoadNamed()
        List.iter Extensions.Load options.Extensions

    /// A verb whose arguments are the cases of an Argu union.
    let create<'Arguments when 'Arguments :> IArgParserTemplate>
        (name: string)
        summary
        example
        accepts
        (run: Session -> ParseResults<'Arguments> -> int)
        =
        let program = $"falcon {name}"
        let usage () = CommandArguments.usage<'Arguments> program

        make name summary example accepts usage (List.exists CommandArguments.isHelp) (fun session arguments ->
            let options, findings, own = CommonOption.extract accepts arguments
            load options

            match CommandArguments.read<'Arguments> program (List.map CommonOption.name accepts) own with
            | Ok parsed when findings.IsEmpty -> run { session with Options = options } parsed
            | Ok _ -> refuse findings
            | Error others -> refuse (findings @ others))

    /// A verb with common options only.
    let createPlain (name: string) summary example accepts (run: Session -> int) =
        let usage () = String.concat Environment.NewLine [ $"USAGE: falcon {name} [--help] [OPTIONS]"; ""; "OPTIONS:" ]

        make name summary example accepts usage (List.exists CommandArguments.isHelp) (fun session arguments ->
            let options, findings, rest = CommonOption.extract accepts arguments
            let superfluous argument = Finding("this verb takes no such argument", argument, "Leave it out.")

            let unknown = CommandArguments.unknown (List.map CommonOption.name accepts) rest
            let words = rest |> List.filter (fun argument -> not (argument.StartsWith "--"))

            load options

            match findings @ unknown @ List.map superfluous words with
            | [] -> run { session with Options = options }
            | findings -> refuse findings)

    /// A verb that hands its arguments on to a script; --help is its own only in the first place.
    let createForwarding (name: string) summary example (usage: unit -> string) (run: Session -> string list -> int) =
        make name summary example [] usage (List.tryHead >> Option.exists CommandArguments.isHelp) (fun session arguments ->
            if arguments.IsEmpty then
                refuse [ Finding("an argument is missing", $"falcon {name}", $"See 'falcon {name} --help'.") ]

            run session arguments)
