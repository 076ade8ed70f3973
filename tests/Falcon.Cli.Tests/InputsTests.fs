/// Runs the inputs of tests/inputs, and keeps the table of them, which shows what happened.
module Falcon.Cli.Tests.InputsTests

open System
open System.IO
open System.Text.Json
open System.Text.RegularExpressions
open Falcon.Core.Tests
open Falcon.DrawnData
open Falcon.Inputs
open Falcon.Inputs.Inputs
open Expecto

/// What happened, in a few words, and what is wrong with it.
type private Happened = { Words: string; Fault: string option }

let private prepared (folder: Scratch.Folder) =
    DrawnDataSet.Write(folder.File "data", DrawnDataOptions(0L, 64, 3, 2, 1, [| "fabric" |]))

    let trained =
        Command.run
            $"""train --method padim --data {folder.File "data/fabric"} --shots 2 --teacher random --backbone compact --threads 1 --set inputSize=64 --set channels=8 --out {folder.File "m.falcon"}"""

    Expect.equal trained.ExitCode 0 trained.Error

let private said (outcome: Command.Outcome) = outcome.Error + outcome.Out

/// All photos of the table in one folder: predicted and checked at once, judged one by one.
let private photos (folder: Scratch.Folder) =
    Directory.CreateDirectory(folder.File "photos") |> ignore

    let rows =
        [ for row in Inputs.photos do
              match row.Right with
              | Choice1Of2 right -> row, right
              | _ -> () ]

    for _, (name, bytes, _) in rows do
        File.WriteAllBytes(folder.File $"photos/{name}", bytes)

    let predicted =
        Command.run
            $"""predict --model {folder.File "m.falcon"} {folder.File "photos"} --out {folder.File "out"} --json --threads 1 --quiet"""

    Expect.equal predicted.ExitCode 1 predicted.Error
    let checked' = Command.run $"""data check {folder.File "photos"} --store {folder.File "store"}"""

    let scores =
        dict
            [ for image in JsonDocument.Parse(predicted.Out).RootElement.GetProperty("images").EnumerateArray() ->
                  string (image.GetProperty("image").GetString()), image.GetProperty("score").GetDouble() ]

    let about (text: string) (name: string) =
        text.Split('\n')
        |> Array.pairwise
        |> Array.tryPick (fun (line, next) -> if line.Contains $"photos/{name}: " then Some(line + " " + next) else None)

    [ for row, (name, _, right) in rows ->
          let happened =
              match right with
              | Like other when scores.ContainsKey name && scores.ContainsKey other ->
                  // Rounding of lossy kinds aside.
                  let apart = abs (scores[name] - scores[other]) / scores[other]

                  { Words = $"read, as {other}"
                    Fault = (if apart < 1e-6 then None else Some $"{scores[name]}, not {scores[other]}") }
              | Like _ -> { Words = "not read"; Fault = about predicted.Error name |> Option.orElse (Some "not read") }
              | Refused words ->
                  // The check names a few photos of each kind of damage, and counts the others.
                  match about predicted.Error name with
                  | Some first when Regex.IsMatch(first, words) && Regex.IsMatch(checked'.Error, words) ->
                      { Words = Regex.Replace(first, "^.*?photos/.*?: ", "").Trim(); Fault = None }
                  | first -> { Words = "read"; Fault = Some $"{first} / {checked'.Error}" }
              | PassedOver ->
                  let isSaid = predicted.Error.Contains "not read: " && predicted.Error.Contains name && not (scores.ContainsKey name)
                  { Words = "not read, which is said"; Fault = (if isSaid then None else Some predicted.Error) }

          row, happened ]

let private ran (folder: Scratch.Folder) index (command: Command) =
    let own = folder.File $"F{index}"
    Directory.CreateDirectory own |> ignore
    command.Make own

    let word (word: string) =
        match word with
        | "M" -> folder.File "m.falcon"
        | "D" -> folder.File "data/fabric"
        | "P" -> folder.File "data/fabric/test/good/000.png"
        | "F" -> own
        | word when word.StartsWith "F/" -> own + word[1..]
        | word -> word

    let words = command.Words.Split ' ' |> Array.map word
    let outcome = Command.runWith words
    let text = said outcome
    let missing = command.Says |> List.filter (fun pattern -> not (Regex.IsMatch(text.Replace($"F{index}", "F"), pattern)))

    // Of what works only what was looked for: scores are those of a machine.
    let shown =
        match command.Says with
        | first :: _ when command.Code = 0 -> [| Regex.Match(text.Replace($"F{index}", "F"), first).Value |]
        | _ -> text.Split('\n')
        |> Array.map (fun line ->
            line
                .Replace(own, "F")
                .Replace(folder.File "m.falcon", "M")
                .Replace(folder.File "data/fabric", "D")
                .Replace($"F{index}", "F")
                .Trim())
        |> Array.tryFind (fun line -> command.Says |> List.exists (fun pattern -> Regex.IsMatch(line, pattern)))
        |> Option.defaultValue ""

    { Words = $"{outcome.ExitCode}: {shown}"
      Fault =
        (if outcome.ExitCode = command.Code && missing.IsEmpty then
             None
         else
             Some $"exit code {outcome.ExitCode}, not {command.Code}; without {missing}: {text}") }

/// How a row stands in the table.
let private line (row: Row, happened: Happened) =
    let cell (text: string) = text.Replace("|", "\\|").Replace("<", "&lt;").Replace("\n", " ")

    let command, right =
        match row.Right with
        | Choice1Of2(name, _, right) ->
            $"`{name}`",
            (match right with
             | Like other when other = name -> "read"
             | Like other -> $"read, as {other}"
             | Refused _ -> "refused, the others read"
             | PassedOver -> "passed over, and said")
        | Choice2Of2 command -> $"`falcon {command.Words}`", (if command.Code = 0 then "works" else $"refused, {command.Code}")

    $"| {row.Kind} | {cell row.Input} | {cell command} | {right} | {cell happened.Words} |"

[<Tests>]
let tests =
    testList
        "Inputs from the field"
        [ test "every input of the table does what is right, and the table says so" {
              if not (OperatingSystem.IsLinux()) then skiptest "Paths and links of Linux."

              use folder = new Scratch.Folder()
              prepared folder

              let happened =
                  photos folder
                  @ [ for index, row in List.indexed Inputs.commands do
                          match row.Right with
                          | Choice2Of2 command -> row, ran folder index command
                          | _ -> () ]

              let faults =
                  [ for row, happened in happened do
                        match happened.Fault with
                        | Some fault -> $"{row.Input}: {fault}"
                        | None -> () ]

              Expect.isEmpty faults (String.concat "\n" faults)
              Expect.isGreaterThan happened.Length 60 "inputs"

              match Fixtures.repositoryRoot with
              | None -> ()
              | Some root ->
                  let readme = Path.Combine(root, "tests", "inputs", "README.md")
                  let marker = "| kind | input | done with it | right | happened |\n| --- | --- | --- | --- | --- |\n"
                  let text = File.ReadAllText readme
                  let head = text[.. text.IndexOf marker - 1]
                  let now = head + marker + String.concat "" [ for row in happened -> line row + "\n" ]

                  if text <> now then
                      let received = Path.Combine(AppContext.BaseDirectory, "inputs.received.md")
                      File.WriteAllText(received, now)
                      failtest $"tests/inputs/README.md says something else; what happened is in {received}"
          } ]
