namespace Falcon.Cli

open System.IO
open Falcon
open Spectre.Console

/// A column's heading and side.
type Column =
    | Left of string
    | Right of string

/// Result tables: framed on a terminal, plain aligned text elsewhere.
module ConsoleTable =
    [<Literal>]
    let private PlainWidth = 400

    let private column =
        function
        | Left heading -> TableColumn(Markup.Escape heading).LeftAligned()
        | Right heading -> TableColumn(Markup.Escape heading).RightAligned()

    let private build border (columns: Column list) (rows: string list list) =
        let table = Table(Border = border)

        for heading in columns do
            table.AddColumn(column heading) |> ignore

        for row in rows do
            table.AddRow(row |> List.map (FileName.Shown >> Markup.Escape) |> List.toArray) |> ignore

        table

    let private writePlain (out: TextWriter) table =
        use text = new StringWriter()

        let console =
            AnsiConsole.Create(
                AnsiConsoleSettings(Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = AnsiConsoleOutput text)
            )

        console.Profile.Width <- PlainWidth
        console.Write(table: Table)

        for line in text.ToString().TrimEnd().Split '\n' do
            out.WriteLine(line.TrimEnd())

    let write session columns rows =
        if session.RichOut then
            let console = AnsiConsole.Create(AnsiConsoleSettings(Out = AnsiConsoleOutput session.Out))
            console.Write(build TableBorder.Rounded columns rows)
        else
            writePlain session.Out (build TableBorder.None columns rows)
