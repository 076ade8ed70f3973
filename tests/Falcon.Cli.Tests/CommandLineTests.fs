module Falcon.Cli.Tests.CommandLineTests

open System.IO
open Falcon.Cli
open Falcon.Core.Tests
open Expecto

[<Tests>]
let tests =
    testList
        "Command line"
        [ test "the overview names every verb" {
              let overview = Command.run "--help"
              Expect.equal overview.ExitCode ExitCode.Fine "exit code of overview"

              for verb in Verbs.all do
                  Expect.stringContains overview.Out $"    {verb.Name} " "out of overview"
          }
          test "the overview is printed before any verb's options are looked at, which takes longer" {
              use folder = new Scratch.Folder()
              let compiled = folder.File "compiled"

              let overview = Command.start [ "DOTNET_JitDisasmSummary", "1"; "DOTNET_JitStdOutFile", compiled ] "--help" |> Command.finish

              Expect.equal overview.Out (Command.run "--help").Out "overview"
              Expect.stringContains (File.ReadAllText compiled) "JIT compiled" "what is compiled at the start"
              Expect.isFalse ((File.ReadAllText compiled).Contains "Argu.") "options are read"
          }
          test "every verb's help shows an example whose options it explains" {
              for verb in Verbs.all do
                  let help = Command.run $"{verb.Name} --help"
                  Expect.equal help.ExitCode ExitCode.Fine "exit code of help"
                  Expect.stringStarts verb.Example $"falcon {verb.Name}" "example of verb"
                  Expect.stringEnds (help.Out.TrimEnd()) verb.Example "help out"

                  for word in verb.Example.Split ' ' do
                      if word.StartsWith "--" then
                          Expect.stringContains help.Out $"    {word} " "out of help"
          }
          test "help of a group lists its verbs with their examples" {
              let help = Command.run "weights --help"
              Expect.equal help.ExitCode ExitCode.Fine "exit code of help"

              for verb in Verbs.all do
                  Expect.equal (help.Out.Contains verb.Example) (verb.Name.StartsWith "weights ") "help out contains verb example"
          }
          testTheory
              "an unknown verb is answered with the nearest one"
              [ "weigths list", "Did you mean 'weights'?"
                "weights lits", "Did you mean 'weights list'?"
                "weights", "weights list, weights fetch, weights import" ]
              (fun (words, suggestion) ->
                  let outcome = Command.run words
                  Expect.equal outcome.ExitCode ExitCode.InvalidInput "exit code of outcome"
                  Expect.stringContains outcome.Error suggestion "error of outcome"
                  Expect.isEmpty outcome.Out "out of outcome")
          test "all problems of a command line are reported at once" {
              let outcome = Command.run "weights list --jsno --colour=red extra"
              Expect.equal outcome.ExitCode ExitCode.InvalidInput "exit code of outcome"
              Golden.check "problems" outcome.Error
          }
          test "a missing argument exits with 2 and points to the help" {
              let outcome = Command.run "weights fetch"
              Expect.equal outcome.ExitCode ExitCode.InvalidInput "exit code of outcome"
              Expect.stringContains outcome.Error "<name>" "error of outcome"
              Expect.stringContains outcome.Error "falcon weights fetch --help" "error of outcome"
          }
          testTheory
              "a common option with an impossible value is refused"
              [ "--device gpu", "'gpu' is not a device"
                "--threads 0", "'0' is not a number of threads"
                "--threads", "its value is missing" ]
              (fun (words: string, problem) ->
                  let _, findings, _ = CommonOption.extract [ CommonOption.Device; CommonOption.Threads ] (List.ofArray (words.Split ' '))

                  Expect.equal (findings |> List.map _.What) [ problem ] "what of findings")
          test "common options are taken out wherever they stand" {
              let options, findings, rest =
                  CommonOption.extract
                      [ CommonOption.Device; CommonOption.Threads; CommonOption.Json ]
                      [ "a"; "--threads=3"; "--json"; "--quiet"; "--device"; "cuda:1"; "b" ]

              Expect.isEmpty findings "findings"
              Expect.equal rest [ "a"; "--quiet"; "b" ] "rest"
              Expect.equal options { CommonOptions.Defaults with Device = "cuda:1"; Threads = 3; Json = true } "options"
          }
          test "the process itself returns the exit code" {
              let outcome = Command.start [] "no-such-verb" |> Command.finish
              Expect.equal outcome.ExitCode ExitCode.InvalidInput "exit code of outcome"
              Expect.isEmpty outcome.Out "out of outcome"
          }
          test "a script gets the arguments behind its name, and its exit code is the command's" {
              use folder = new Scratch.Folder()
              let script = folder.File "script.fsx"

              File.WriteAllText(
                  script,
                  "printfn \"%A\" (List.tail (List.ofArray fsi.CommandLineArgs))\n"
                  + "let loaded = System.AppDomain.CurrentDomain.GetAssemblies() |> Array.map (fun found -> found.GetName().Name)\n"
                  + "printfn \"%b\" (Array.contains \"FSharp.Compiler.Service\" loaded)\nexit 7"
              )

              for isCompiled in [ true; false ] do
                  let outcome = Command.start [ "XDG_CACHE_HOME", folder.File "cache" ] $"run {script} --help --seed 3" |> Command.finish

                  Expect.equal outcome.ExitCode 7 "exit code of outcome"
                  Expect.equal (outcome.Out.Split('\n')[0]) """["--help"; "--seed"; "3"]""" "arguments"
                  Expect.equal (outcome.Out.Contains "true") isCompiled "the compiler is there the first time alone"
          }
          test "a script that is not there exits with 2" {
              Expect.equal (Command.run "run nowhere.fsx").ExitCode ExitCode.InvalidInput "exit code of run nowhere.fsx"
          } ]
