module Falcon.Cli.Tests.DetectorVerbsTests

open System.IO
open System.Text.Json
open Falcon.Cli
open Falcon.Core.Tests
open Falcon.DrawnData
open Falcon.Imaging
open Xunit

/// A small drawn category: three good training images, two good test images and one of each defect.
let private category (folder: string) =
    DrawnDataSet.Write(folder, DrawnDataOptions(0L, 64, 3, 2, 1, [| "fabric" |]))
    Path.Combine(folder, "fabric")

let private small = "--teacher random --threads 1 --set inputSize=64"
let private json (outcome: Command.Outcome) = JsonDocument.Parse(outcome.Out).RootElement

let private succeed words =
    let outcome = Command.run words
    Assert.True((outcome.ExitCode = ExitCode.Fine), outcome.Error)
    outcome

[<Fact>]
let ``a trained model predicts and is evaluated`` () =
    use folder = new Scratch.Folder()
    let data = category (folder.File "data")
    let model, out = folder.File "fabric.falcon", folder.File "predictions"

    let trained = succeed $"train --data {data} --shots 2 --epochs 1 {small} --out {model} --json" |> json
    Assert.Equal(2, trained.GetProperty("images").GetArrayLength())
    Assert.True(File.Exists model)

    let adopted = succeed $"train --data {data} --shots 2 --weights {model} {small} --out {model}.again --json" |> json
    Assert.Equal(trained.GetProperty("threshold").GetDouble(), adopted.GetProperty("threshold").GetDouble())

    let scores = succeed $"eval --model {model} --data {data} --json --threads 1" |> json

    for metric in [ "imageAuroc"; "imageAp"; "imageF1Max" ] do
        Assert.InRange(scores.GetProperty(metric).GetDouble(), 0.0, 1.0)

    let predicted = succeed $"predict --model {model} {data}/test --out {out} --json --threads 1"
    Assert.Equal(File.ReadAllText(Path.Combine(out, "predictions.json")), predicted.Out)
    let images = (json predicted).GetProperty "images"
    Assert.Equal(images.GetArrayLength() + 1, File.ReadAllLines(Path.Combine(out, "predictions.csv")).Length)
    let good = images.EnumerateArray() |> Seq.find (fun image -> image.GetProperty("image").GetString() = "good/000.png")
    Assert.Equal(struct (64, 64, 3), ImageFile.ReadSize(Path.Combine(out, "overlays/good/000.png")))

    let map = File.ReadAllBytes(Path.Combine(out, "maps/good/000.npy"))
    Assert.Equal(128 + 4 * 64 * 64, map.Length)
    let largest = Seq.max [ for i in 128..4 .. map.Length - 4 -> System.BitConverter.ToSingle(map, i) ]
    Assert.Equal(good.GetProperty("score").GetDouble(), float largest, 6)

[<Fact>]
let ``a detector learns from every good photo when it is told to`` () =
    use folder = new Scratch.Folder()
    let data, model = category (folder.File "data"), folder.File "all.falcon"
    let trained = succeed $"train --method padim --data {data} --shots all {small} --out {model} --json" |> json
    Assert.Equal(Directory.GetFiles(Path.Combine(data, "train", "good")).Length, trained.GetProperty("images").GetArrayLength())

[<Theory>]
[<InlineData "bench step --steps 1">]
[<InlineData "bench predict --rounds 1 --batch 1">]
let ``benchmarks say how much memory they took, also of a method that takes no steps`` (verb: string) =
    for method in [ "singlenet"; "padim" ] do
        let measured = succeed $"{verb} --method {method} --set inputSize=64 --threads 1 --json" |> json
        Assert.InRange(measured.GetProperty("peakMemoryBytes").GetInt64(), 1_000_000L, 1_000_000_000_000L)

    let none = verb.Replace(" 1", " 0")
    Assert.Equal(ExitCode.InvalidInput, (Command.run $"{none} --method padim").ExitCode)

[<Fact>]
let ``an option that files leave out unless it is set can be set`` () =
    let options = MethodSettings.resolve "padim" None [ "inputSize=224"; "shorterSide=256" ] :?> Falcon.Methods.PadimOptions
    Assert.Equal(System.Nullable 256, options.ShorterSide)

[<Fact>]
let ``everything wrong with a training is said at once, before work starts`` () =
    use folder = new Scratch.Folder()

    let outcome =
        Command.run
            $"""train --data {folder.File "nowhere"} --teacher none.pth --out {folder.File ""} --shots 0 --set noiseWait=1 --set noiseWeight=x --epochs 0"""

    Assert.Equal(ExitCode.InvalidInput, outcome.ExitCode)
    Assert.Empty outcome.Out

    for problem in [ "nowhere"; "none.pth"; "--out"; "--shots"; "'noiseWeight'"; "'x' is not a value of noiseWeight"; "Epochs" ] do
        Assert.Contains(problem, outcome.Error)

[<Fact>]
let ``images that are not there and folders without images are all named`` () =
    use folder = new Scratch.Folder()
    let empty = Directory.CreateDirectory(folder.File "empty").FullName
    let outcome = Command.run $"""predict --model {folder.File "m"} --out {folder.File "o"} {folder.File "a.png"} {empty}"""
    Assert.Equal(ExitCode.InvalidInput, outcome.ExitCode)

    for name in [ "/m:"; "a.png"; "empty" ] do
        Assert.Contains(name, outcome.Error)

    Assert.False(Directory.Exists(folder.File "o"))

[<Fact>]
let ``a device that the machine lacks exits with 2`` () =
    use folder = new Scratch.Folder()
    let data = category (folder.File "data")
    let outcome = Command.run $"""train --data {data} {small} --shots 2 --device cuda:99 --out {folder.File "m"}"""
    Assert.Equal(ExitCode.InvalidInput, outcome.ExitCode)
    Assert.Contains("cuda:99", outcome.Error)

[<Fact>]
let ``an interrupt stops a training and leaves nothing behind`` () =
    use folder = new Scratch.Folder()
    let data = category (folder.File "data")
    use training = Command.start [] $"""train --data {data} {small} --shots 2 --epochs 100000 --out {folder.File "m.falcon"}"""

    let rec awaitProgress () =
        match training.StandardError.ReadLine() with
        | null -> failwith "The training ended by itself."
        | line when line.StartsWith "training:" -> ()
        | _ -> awaitProgress ()

    awaitProgress ()
    use interrupt = System.Diagnostics.Process.Start("kill", [ "-INT"; string training.Id ])
    interrupt.WaitForExit()
    let outcome = Command.finish training
    Assert.Equal(ExitCode.Cancelled, outcome.ExitCode)
    Assert.EndsWith("falcon: cancelled", outcome.Error.TrimEnd())
    Assert.Equal<string array>([| "data" |], folder.Names)
