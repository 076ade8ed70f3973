namespace Falcon.Cli

open Spectre.Console

/// A column's heading and side.
type Column =
    | Left of string
    | Right of string

/// Result tables: framed on a terminal, plain aligned text elsewhere.
module Table =
    [<Literal>]
    let private PlainWidth = 400

    let private column =
        function
        | Left heading -> TableColumn(Markup.Escape heading).LeftAligned()
        | Right heading -> TableColumn(Markup.Escape heading).RightAligned()

    let write session (columns: Column list) (rows: string list list) =
        let table = Table()
        table.Border <- if session.RichOut then TableBorder.Rounded else TableBorder.Simple

        for heading in columns do
            table.AddColumn(column heading) |> ignore

        for row in rows do
            table.AddRow(row |> List.map Markup.Escape |> List.toArray) |> ignore

        let settings =
            if session.RichOut then
                AnsiConsoleSettings(Out = AnsiConsoleOutput session.Out)
            else
                AnsiConsoleSettings(Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = AnsiConsoleOutput session.Out)

        let console = AnsiConsole.Create settings

        if not session.RichOut then
            console.Profile.Width <- PlainWidth

        console.Write table
