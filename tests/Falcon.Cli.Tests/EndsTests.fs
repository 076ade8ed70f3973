/// How commands end: early, on a full disk, by a signal, with bad photos among good ones, with a fault of their own. None ends without a word, and what is done is kept.
module Falcon.Cli.Tests.EndsTests

open System
open System.Diagnostics
open System.IO
open System.Text.Json
open System.Threading
open Falcon
open Falcon.Cli
open Falcon.Core.Tests
open Falcon.DrawnData
open Expecto
open Falcon.Tests

let private succeed words =
    let outcome = Command.run words
    Expect.equal outcome.ExitCode ExitCode.Fine outcome.Error
    outcome

/// One small model for all tests, and the test photos of its category.
let private trained =
    lazy
        (let folder = Directory.CreateTempSubdirectory("falcon-ends-").FullName
         AppDomain.CurrentDomain.ProcessExit.Add(fun _ -> Directory.Delete(folder, true))
         DrawnDataSet.Write(Path.Combine(folder, "data"), DrawnDataOptions(0L, 64, 3, 2, 1, [| "fabric" |]))
         let model, data = Path.Combine(folder, "m.falcon"), Path.Combine(folder, "data", "fabric")

         succeed $"train --method padim --data {data} --shots 3 --teacher random --threads 1 --set inputSize=64 --out {model}"
         |> ignore

         model, data)

let private photo () = Path.Combine(snd trained.Value, "test", "good", "000.png")

/// A folder of copies of one photo by these names.
let private photos (folder: string) (names: string seq) =
    for name in names do
        let path = Path.Combine(folder, name)
        Directory.CreateDirectory(string (Path.GetDirectoryName path)) |> ignore
        File.Copy(photo (), path)

let private predict (words: string) = Command.run $"predict --model {fst trained.Value} --threads 1 --quiet {words}"

let private predicted folder =
    let json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "predictions.json"))).RootElement
    json, [ for image in json.GetProperty("images").EnumerateArray() -> string (image.GetProperty("image").GetString()) ]

let private files (folder: string) =
    Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
    |> Array.map (fun file -> Path.GetRelativePath(folder, file))
    |> Set

/// A verb that ends with an exception.
let private failing (error: exn) : Verb = { Name = "do this"; Summary = ""; Example = ""; Run = fun _ _ -> raise error }

let private ended error =
    use out = new StringWriter()
    use said = new StringWriter()
    let code = CommandLine.run [ failing error ] (Command.session out said CancellationToken.None) [ "do"; "this"; "--now" ]
    code, said.ToString()

let private thrown (error: exn) =
    try
        raise error
    with error ->
        error

let private onLinux () = if not (OperatingSystem.IsLinux()) then skiptest "Signals and pipes of Linux."

let private run program (arguments: string list) =
    use started = Process.Start(program, arguments)
    started.WaitForExit()
    Expect.equal started.ExitCode 0 program

/// Waits until a folder of unfinished predictions has some lines.
let private waitForLines out count (running: Process) =
    let lines () =
        if Directory.Exists out then
            Directory.GetFiles(
                out,
                "predictions.csv",
                EnumerationOptions(RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None)
            )
            |> Array.sumBy (fun file -> File.ReadAllLines(file).Length - 1)
        else
            0

    let patience = Stopwatch.StartNew()

    while lines () < count do
        if running.HasExited || patience.Elapsed > TimeSpan.FromMinutes 1.0 then
            failtest $"The command ended before it was stopped: {running.StandardError.ReadToEnd()}"

        Thread.Sleep 10

[<Tests>]
let tests =
    testList
        "Ends of commands"
        [ test "bad photos are all named, the others are predicted, and the code says so" {
              use folder = new Scratch.Folder()
              photos (folder.File "photos") [ for i in 1..6 -> $"{i}.png" ]
              File.WriteAllText(folder.File "photos/2.png", "no image")
              let whole = File.ReadAllBytes(folder.File "photos/5.png")
              File.WriteAllBytes(folder.File "photos/5.png", whole[.. whole.Length / 2])
              let outcome = predict $"""{folder.File "photos"} --out {folder.File "out"}"""
              Expect.equal outcome.ExitCode ExitCode.SomeFailed "exit code"

              for bad in [ "2.png"; "5.png" ] do
                  Expect.stringContains outcome.Error (folder.File $"photos/{bad}") "named"

              let json, names = predicted (folder.File "out")
              Expect.equal names [ "1.png"; "3.png"; "4.png"; "6.png" ] "predicted"
              let unused = [ for image in json.GetProperty("unused").EnumerateArray() -> image.GetProperty("image").GetString() ]
              Expect.equal unused [ "2.png"; "5.png" ] "in the JSON"
              Expect.isTrue (json.GetProperty("complete").GetBoolean()) "all have been looked at"
              Expect.equal (File.ReadAllLines(folder.File "out/predictions.csv").Length) 5 "lines of the table"

              let all = predict $"""{folder.File "photos/2.png"} {folder.File "photos/5.png"} --out {folder.File "none"}"""
              Expect.equal all.ExitCode ExitCode.InvalidInput "none can be used"
              Expect.isFalse (Directory.Exists(folder.File "none")) "nothing is left"
          }
          test "SIGTERM keeps what has been predicted, and says where; what SIGKILL leaves is swept by the next run" {
              onLinux ()
              use folder = new Scratch.Folder()
              photos (folder.File "photos") [ for i in 100..999 -> $"{i}.png" ]
              let out = folder.File "out"

              let start () =
                  Command.start [] $"""predict --model {fst trained.Value} --threads 1 {folder.File "photos"} --out {out}"""

              let stopped = start ()
              waitForLines out 3 stopped
              run "kill" [ "-TERM"; string stopped.Id ]
              let outcome = Command.finish stopped
              Expect.equal outcome.ExitCode 143 outcome.Error
              let json, names = predicted out
              Expect.isBetween names.Length 3 899 "predicted"
              Expect.isFalse (json.GetProperty("complete").GetBoolean()) "complete"
              Expect.stringContains outcome.Error $"{names.Length} of 900 photos are done, in {out}" "said"
              Expect.equal (File.ReadAllLines(Path.Combine(out, "predictions.csv")).Length) (names.Length + 1) "lines of the table"

              let killed = start ()
              waitForLines out (names.Length + 3) killed
              killed.Kill()
              killed.WaitForExit()
              let hidden () = Directory.GetDirectories(out, ".unfinished-*").Length
              Expect.equal (hidden ()) 1 "left by the killed process"
              Directory.CreateDirectory $"{out}.{killed.Id}.partial" |> ignore

              let again = predict $"""{folder.File "photos/100.png"} --out {out}"""
              Expect.equal again.ExitCode ExitCode.Fine again.Error
              Expect.equal (hidden ()) 0 "swept"
              Expect.isFalse (Directory.Exists $"{out}.{killed.Id}.partial") "swept beside"

              Expect.equal
                  (files out)
                  (set [ "predictions.json"; "predictions.csv"; "regions.csv"; "overlays/100.png" ])
                  "what the interrupted prediction left is gone"
          }
          test "an interrupted training is continued by the same command to the same model, and by no other" {
              use folder = new Scratch.Folder()
              let data = snd trained.Value

              let small =
                  $"train --method stpm --data {data} --shots 2 --teacher random --backbone compact --threads 1 --set inputSize=64"

              let words out seed = $"{small} --epochs 4 --seed {seed} --out {out}"
              let out, whole = folder.File "m.falcon", folder.File "whole.falcon"
              let left = out + ".checkpoint"

              let start cancellation (words: string) =
                  use said = new StringWriter()
                  use printed = new StringWriter()

                  let code = CommandLine.run Verbs.all (Command.session printed said cancellation) (words.Split ' ')

                  code, said.ToString()

              // While another one writes there.
              using (InterruptedTraining.hold left) (fun _ ->
                  let code, said = start CancellationToken.None (words out 0)
                  Expect.equal code ExitCode.InvalidInput said
                  Expect.stringContains said "another training writes the same output" "refused")

              Expect.isEmpty folder.Names "nothing is left of either"

              // Stopped when the first photo held out has been scored.
              use stop = new CancellationTokenSource()

              let watching =
                  System.Threading.Tasks.Task.Run(fun () ->
                      while not (
                          Directory.Exists left && Directory.GetFiles(left, "held-out-0.json", SearchOption.AllDirectories).Length > 0
                      ) do
                          Thread.Sleep 1

                      stop.Cancel())

              let code, said = start stop.Token (words out 0)
              watching.Wait()
              Expect.equal code 130 said
              Expect.stringContains said $"what is done is in {left}" "where"
              Expect.isFalse (File.Exists out) "no model"

              // Another command starts anew, and leaves this one what it has.
              let _, another = start CancellationToken.None (words whole 0)
              Expect.isFalse (another.Contains "goes on") another
              let code, said = start CancellationToken.None (words out 0)
              Expect.equal code ExitCode.Fine said
              Expect.stringContains said "an interrupted training goes on at epoch" "continued"
              Expect.sequenceEqual (File.ReadAllBytes out) (File.ReadAllBytes whole) "to the bit"
              Expect.equal folder.Names [| "m.falcon"; "whole.falcon" |] "nothing is left"
          }
          test "an early end leaves a whole prediction that was there as it is" {
              use folder = new Scratch.Folder()
              let list = "predictions.json"

              let write (prediction: PredictionFolder) (name: string) =
                  File.WriteAllText(prediction.File name, name)
                  File.WriteAllText(prediction.File list, $$"""{"model":"m","images":[{"overlay":"{{name}}","map":null}]}""")

              let names (name: string) = [ list; name ]

              using (new PredictionFolder(folder.File "out", names "overlays/a.png")) (fun first ->
                  write first "overlays/a.png"
                  first.Commit() |> ignore)

              let kept =
                  using (new PredictionFolder(folder.File "out", names "overlays/b.png")) (fun second ->
                      write second "overlays/b.png"
                      second.Keep())

              Expect.equal
                  (files (folder.File "out"))
                  (set [ list; "overlays/a.png"; "unfinished/" + list; "unfinished/overlays/b.png" ])
                  "both"

              Expect.equal kept (folder.File "out/unfinished") "where"
          }
          test "files of the user's in the output folder are never replaced, and own outputs are no photos" {
              use folder = new Scratch.Folder()
              let k = folder.File "k"
              photos k [ "000.png"; "001.png"; "overlays/000.png" ]
              let before = File.ReadAllBytes(Path.Combine(k, "overlays/000.png"))
              let refused = predict $"{k} --out {k}"
              Expect.equal refused.ExitCode ExitCode.InvalidInput "a photo would be lost"
              Expect.stringContains refused.Error (Path.Combine(k, "overlays/000.png")) "named"
              Expect.sequenceEqual (File.ReadAllBytes(Path.Combine(k, "overlays/000.png"))) before "the photo"
              Expect.equal (files k) (set [ "000.png"; "001.png"; "overlays/000.png" ]) "nothing is left"

              File.Move(Path.Combine(k, "overlays/000.png"), Path.Combine(k, "overlays/mine.png"))

              for _ in 1..2 do
                  let outcome = predict $"{k} --out {k} --maps half"
                  Expect.equal outcome.ExitCode ExitCode.Fine outcome.Error
                  Expect.equal (snd (predicted k)) [ "000.png"; "001.png"; "overlays/mine.png" ] "photos"

              // Neither are a report's pictures.
              photos k [ "report/gallery/photos/1.jpg" ]
              File.WriteAllText(Path.Combine(k, "report/report.json"), """{"study":"s","files":{"gallery/photos/1.jpg":"00"}}""")

              // Predictions elsewhere below the photos are no photos either.
              succeed $"""predict --model {fst trained.Value} --threads 1 --quiet {k} --out {Path.Combine(k, "deeper", "p")}"""
              |> ignore

              Expect.equal (snd (predicted (Path.Combine(k, "deeper", "p")))) [ "000.png"; "001.png"; "overlays/mine.png" ] "photos"

              for name, text in [ "predictions.csv", "my notes"; "predictions.json", "[1]" ] do
                  let own = folder.File $"own {name}"
                  Directory.CreateDirectory own |> ignore
                  File.WriteAllText(Path.Combine(own, name), text)

                  let outcome =
                      Command.runWith
                          [| "predict"; "--model"; fst trained.Value; Path.Combine(k, "000.png"); "--out"; own; "--threads"; "1" |]

                  Expect.equal outcome.ExitCode ExitCode.InvalidInput name
                  Expect.equal (File.ReadAllText(Path.Combine(own, name))) text name
          }
          test "a model never takes the place of something else, nor of what it is made from" {
              use folder = new Scratch.Folder()
              let model, data = trained.Value
              File.WriteAllText(folder.File "notes.txt", "mine")
              File.Copy(model, folder.File "head.falcon")
              let words = $"train --method padim --data {data} --shots 2 --teacher random --threads 1 --set inputSize=64"

              for out, problem in
                  [ folder.File "notes.txt", "a file that is no model has this name"
                    folder.File "notes.txt/m.falcon", "is a file"
                    "/dev/null", "is a device" ] do
                  if out <> "/dev/null" || OperatingSystem.IsLinux() then
                      let outcome = Command.run $"{words} --out {out}"
                      Expect.equal outcome.ExitCode ExitCode.InvalidInput out
                      Expect.stringContains outcome.Error problem out

              let itself = Command.run $"""{words} --weights {folder.File "head.falcon"} --out {folder.File "head.falcon"}"""
              Expect.stringContains itself.Error "is read, too, and would be lost" "weights"
              Expect.equal (File.ReadAllText(folder.File "notes.txt")) "mine" "notes"
              let scores = Command.run $"""eval --model {model} --data {data} --scores {folder.File "notes.txt"}"""
              Expect.stringContains scores.Error "no table of scores" "scores"
          }
          test "what cannot be saved where it was asked for is saved elsewhere, and said" {
              use folder = new Scratch.Folder()
              use said = new StringWriter()
              use out = new StringWriter()
              let asked = folder.File "gone/m.falcon"

              let save (path: string) =
                  if path = asked then
                      raise (DiskFullException("cannot be written", path, "Free some space."))

                  File.WriteAllText(path, "model")

              let kept = OutputPath.keep (Command.session out said CancellationToken.None) asked save
              Expect.equal (File.ReadAllText kept) "model" "kept"
              File.Delete kept
              Expect.stringContains (said.ToString()) asked "what failed"
              Expect.stringContains (said.ToString()) kept "where it is"
              Expect.equal (OutputPath.exitCode asked kept) ExitCode.SomeFailed "exit code"
          }
          test "pipes and devices are refused in one line, also among the photos of a folder" {
              onLinux ()
              use folder = new Scratch.Folder()
              photos (folder.File "photos") [ "b.png" ]
              run "mkfifo" [ folder.File "photos/a.png" ]
              let pipe = folder.File "photos/a.png"

              for words in
                  [ $"""predict --model {fst trained.Value} {pipe} --out {folder.File "o"}"""
                    $"""predict --model {pipe} {photo ()} --out {folder.File "o"}"""
                    $"eval --model {pipe} --data {snd trained.Value}"
                    $"""metrics --maps {folder.File "photos"} --masks {folder.File "photos"}""" ] do
                  let outcome = Command.run words
                  Expect.equal outcome.ExitCode ExitCode.InvalidInput words
                  Expect.stringContains outcome.Error "is a pipe" words
                  Expect.stringContains outcome.Error pipe words

              let outcome = predict $"""{folder.File "photos"} --out {folder.File "o"}"""
              Expect.equal outcome.ExitCode ExitCode.SomeFailed outcome.Error
              Expect.stringContains outcome.Error pipe "named"
              Expect.equal (snd (predicted (folder.File "o"))) [ "b.png" ] "the others"
          }
          test "a folder that may not be read is named" {
              onLinux ()

              if Environment.UserName <> "root" || not (File.Exists "/usr/bin/setpriv") then
                  skiptest "Needs another user."

              use folder = new Scratch.Folder()
              photos (folder.File "photos") [ "a.png"; "closed/b.png"; "shut/c.png" ]
              File.SetUnixFileMode(folder.File "", enum<UnixFileMode> 0o777)

              for closed in [ "closed"; "shut" ] do
                  File.SetUnixFileMode(folder.File $"photos/{closed}", UnixFileMode.None)

              let command =
                  $"""exec "{typeof<Verb>.Assembly.Location}" predict --model {folder.File "none"} {folder.File "photos"} --out {folder.File "o"}"""

              let info =
                  ProcessStartInfo(
                      "setpriv",
                      $"--reuid 65534 --clear-groups dotnet {command}",
                      RedirectStandardOutput = true,
                      RedirectStandardError = true
                  )

              info.Environment["HOME"] <- folder.File ""
              let outcome = Process.Start info |> nonNull |> Command.finish

              if outcome.ExitCode <> ExitCode.InvalidInput then
                  skiptest "The build is not readable for another user."

              Expect.stringContains outcome.Error (folder.File "photos/closed") "named"
              Expect.stringContains outcome.Error (folder.File "photos/shut") "both"
              Expect.isFalse (outcome.Error.Contains "   at ") "no stack trace"
          }
          test "a fault of the command's own is one line that names the verb, and its code is none of the others" {
              let code, said = ended (thrown (InvalidOperationException "a\nb"))
              Expect.equal code ExitCode.OwnFault "exit code"
              Expect.equal (said.TrimEnd().Split('\n').Length) 1 said
              Expect.stringContains said "falcon do this" "verb"
              Expect.stringContains said "InvalidOperationException: a b" "what to report"
          }
          test "what the machine refuses is said as a finding, also from several threads at once" {
              let code, said = ended (thrown (UnauthorizedAccessException "Access to the path '/x' is denied."))
              Expect.equal code ExitCode.InvalidInput "exit code"
              Expect.stringContains said "Access to the path '/x' is denied." "path"
              Expect.stringContains said "fix: " "fix"

              let faults = [ for name in [ "a"; "b" ] -> InvalidInputException("is bad", name, "Mend it.") :> exn ]
              let code, said = ended (AggregateException(faults))
              Expect.equal code ExitCode.InvalidInput "exit code"

              for name in [ "a"; "b" ] do
                  Expect.stringContains said $"error: {name}: is bad" "each"
          }
          test "a log that takes nothing ends no work" {
              onLinux ()
              use stream = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0)
              let full = new StreamWriter(stream, AutoFlush = true)
              Expect.throwsT<IOException> (fun () -> full.Write "a") "the disk is full"
              let writer = new UnfailingWriter(full)
              writer.Write "a"
              writer.WriteLine "b"
              writer.Flush()
          }
          test "standard output that is closed or full ends no work, and is said" {
              onLinux ()
              use folder = new Scratch.Folder()
              File.WriteAllText(folder.File "s.csv", "image,label,score\na,0,1\nb,1,2\n")
              let command = $"""dotnet exec "{typeof<Verb>.Assembly.Location}" metrics --scores "{folder.File "s.csv"}" """

              for target, reason in [ "&-", "it is closed"; "/dev/full", "No space left on device" ] do
                  let info =
                      ProcessStartInfo("sh", [ "-c"; $"{command} >{target}" ], RedirectStandardOutput = true, RedirectStandardError = true)

                  let outcome = Process.Start info |> nonNull |> Command.finish
                  Expect.equal outcome.ExitCode ExitCode.SomeFailed outcome.Error
                  Expect.stringContains outcome.Error $"error: standard output: not all could be printed ({reason}" "named"
          }
          test "a watch takes no overlays of a prediction below its folder for photos" {
              use folder = new Scratch.Folder()
              photos (folder.File "p") [ "a.png" ]
              let outcome = predict $"""{folder.File "p"} --out {folder.File "p/o"}"""
              Expect.equal outcome.ExitCode ExitCode.Fine outcome.Error
              let isWritten = EarlierPredictions.isWrittenBelow (folder.File "p")
              Expect.isTrue (isWritten (folder.File "p/o/overlays/a.png")) "overlay"
              Expect.isFalse (isWritten (folder.File "p/a.png")) "photo"
              Expect.isFalse (isWritten (folder.File "p/o/overlays/b.png")) "somebody's"
          }
          test "names of photos with line breaks, quotes, other spellings and endings keep apart, in files and tables" {
              use folder = new Scratch.Folder()

              let names =
                  [ "a.png"
                    "a.bmp"
                    "a.png.png"
                    "A.png"
                    "b\nc.png"
                    "q\"u,o.png"
                    "-x.png"
                    "é.png"
                    "e\u0301.png"
                    String('x', 251) + ".png"
                    "dir/a.png"
                    "图.png" ]

              photos (folder.File "photos") names

              let outcome =
                  Command.runWith
                      [| "predict"
                         "--model"
                         fst trained.Value
                         "--threads"
                         "1"
                         "--quiet"
                         folder.File "photos"
                         "--out"
                         folder.File "out"
                         "--maps"
                         "half" |]

              Expect.equal outcome.ExitCode ExitCode.Fine outcome.Error
              Expect.isFalse (outcome.Out.Contains "b\nc") "a name is one line of the table"
              let table = Csv.Read(File.ReadAllText(folder.File "out/predictions.csv"))
              let rows = [ for record in Seq.tail table.Records -> record.Fields ]
              Expect.equal (set [ for row in rows -> row[0] ]) (set names) "names in the table"

              for column in [ 7; 8 ] do
                  let files = [ for row in rows -> row[column] ]
                  Expect.all files (fun file -> File.Exists(folder.File $"out/{file}")) "files"
                  Expect.hasLength (files |> List.distinctBy (fun file -> file.ToUpperInvariant())) names.Length "apart"
          }
          test "one photo gives no threshold, which is said" {
              use folder = new Scratch.Folder()
              let data, out = snd trained.Value, folder.File "m.falcon"
              let words = $"train --method padim --data {data} --shots 1 --teacher random --threads 1 --set inputSize=64 --out {out}"

              for way in [ ""; " --calibration none" ] do
                  let outcome = succeed (words + way)
                  Expect.stringContains outcome.Error "warning: one photo" way
          } ]
