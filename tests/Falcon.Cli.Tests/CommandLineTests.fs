module Falcon.Cli.Tests.CommandLineTests

open System.IO
open Falcon.Cli
open Falcon.Core.Tests
open Xunit

[<Fact>]
let ``the overview names every verb`` () =
    let overview = Command.run "--help"
    Assert.Equal(ExitCode.Fine, overview.ExitCode)

    for verb in Verbs.all do
        Assert.Contains($"    {verb.Name} ", overview.Out)

[<Fact>]
let ``every verb's help shows an example whose options it explains`` () =
    for verb in Verbs.all do
        let help = Command.run $"{verb.Name} --help"
        Assert.Equal(ExitCode.Fine, help.ExitCode)
        Assert.StartsWith($"falcon {verb.Name}", verb.Example)
        Assert.EndsWith(verb.Example, help.Out.TrimEnd())

        for word in verb.Example.Split ' ' do
            if word.StartsWith "--" then Assert.Contains($"    {word} ", help.Out)

[<Fact>]
let ``help of a group lists its verbs with their examples`` () =
    let help = Command.run "weights --help"
    Assert.Equal(ExitCode.Fine, help.ExitCode)

    for verb in Verbs.all do
        Assert.Equal(verb.Name.StartsWith "weights ", help.Out.Contains verb.Example)

[<Theory>]
[<InlineData("weigths list", "Did you mean 'weights'?")>]
[<InlineData("weights lits", "Did you mean 'weights list'?")>]
[<InlineData("weights", "weights list, weights fetch, weights import")>]
let ``an unknown verb is answered with the nearest one`` words suggestion =
    let outcome = Command.run words
    Assert.Equal(ExitCode.InvalidInput, outcome.ExitCode)
    Assert.Contains(suggestion, outcome.Error)
    Assert.Empty outcome.Out

[<Fact>]
let ``all problems of a command line are reported at once`` () =
    let outcome = Command.run "weights list --jsno --colour=red extra"
    Assert.Equal(ExitCode.InvalidInput, outcome.ExitCode)
    Golden.check "problems" outcome.Error

[<Fact>]
let ``a missing argument exits with 2 and points to the help`` () =
    let outcome = Command.run "weights fetch"
    Assert.Equal(ExitCode.InvalidInput, outcome.ExitCode)
    Assert.Contains("<name>", outcome.Error)
    Assert.Contains("falcon weights fetch --help", outcome.Error)

[<Theory>]
[<InlineData("--device gpu", "'gpu' is not a device")>]
[<InlineData("--threads 0", "'0' is not a number of threads")>]
[<InlineData("--threads", "its value is missing")>]
let ``a common option with an impossible value is refused`` (words: string) problem =
    let _, findings, _ = CommonOption.extract [ CommonOption.Device; CommonOption.Threads ] (List.ofArray (words.Split ' '))

    Assert.Equal<string list>([ problem ], findings |> List.map _.What)

[<Fact>]
let ``common options are taken out wherever they stand`` () =
    let options, findings, rest =
        CommonOption.extract
            [ CommonOption.Device; CommonOption.Threads; CommonOption.Json ]
            [ "a"; "--threads=3"; "--json"; "--quiet"; "--device"; "cuda:1"; "b" ]

    Assert.Empty findings
    Assert.Equal<string list>([ "a"; "--quiet"; "b" ], rest)
    Assert.Equal({ CommonOptions.Defaults with Device = "cuda:1"; Threads = 3; Json = true }, options)

[<Fact>]
let ``the process itself returns the exit code`` () =
    let outcome = Command.start [] "no-such-verb" |> Command.finish
    Assert.Equal(ExitCode.InvalidInput, outcome.ExitCode)
    Assert.Empty outcome.Out

[<Fact>]
let ``a script gets the arguments behind its name, and its exit code is the command's`` () =
    use folder = new Scratch.Folder()
    let script = folder.File "script.fsx"
    File.WriteAllText(script, "printfn \"%A\" (List.tail (List.ofArray fsi.CommandLineArgs))\nexit 7")
    let outcome = Command.start [] $"run {script} --help --seed 3" |> Command.finish
    Assert.Equal(7, outcome.ExitCode)
    Assert.Equal("""["--help"; "--seed"; "3"]""", outcome.Out.Trim())

[<Fact>]
let ``a script that is not there exits with 2`` () = Assert.Equal(ExitCode.InvalidInput, (Command.run "run nowhere.fsx").ExitCode)
