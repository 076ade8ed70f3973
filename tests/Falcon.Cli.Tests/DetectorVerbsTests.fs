module Falcon.Cli.Tests.DetectorVerbsTests

open System.IO
open System.Text.Json
open Falcon.Cli
open Falcon.Core.Tests
open Falcon.Imaging
open Xunit

/// Gray parts with a stripe; defective ones have a bright block.
let private part number defective =
    let image = RasterImage(64, 64, 3)

    for i in 0 .. 64 * 64 - 1 do
        let x, y = i % 64, i / 64
        let bright = defective && abs (x - 40) < 8 && abs (y - 20) < 8

        let level =
            if bright then 250
            elif (x + number) % 16 < 4 then 90
            else 150

        for c in 0..2 do
            image.Pixels[3 * i + c] <- byte level

    image

let private category (folder: string) =
    let write (name: string) image =
        let path = Path.Combine(folder, name)
        Directory.CreateDirectory(string (Path.GetDirectoryName path)) |> ignore
        ImageFile.WritePng(path, image)

    for i in 0..2 do
        write $"train/good/{i}.png" (part i false)

    for i in 0..1 do
        write $"test/good/{i}.png" (part (5 + i) false)
        write $"test/block/{i}.png" (part (5 + i) true)

    folder

let private small = "--teacher random --threads 1 --set inputSize=64"
let private json (outcome: Command.Outcome) = JsonDocument.Parse(outcome.Out).RootElement

let private succeed words =
    let outcome = Command.run words
    Assert.True((outcome.ExitCode = ExitCode.Fine), outcome.Error)
    outcome

[<Fact>]
let ``a trained model predicts and is evaluated`` () =
    use folder = new Scratch.Folder()
    let data = category (folder.File "part")
    let model, out = folder.File "part.falcon", folder.File "predictions"

    let trained = succeed $"train --data {data} --shots 2 --epochs 1 {small} --out {model} --json" |> json
    Assert.Equal(2, trained.GetProperty("images").GetArrayLength())
    Assert.True(File.Exists model)

    let scores = succeed $"eval --model {model} --data {data} --json --threads 1" |> json

    for metric in [ "imageAuroc"; "imageAp"; "imageF1Max" ] do
        Assert.InRange(scores.GetProperty(metric).GetDouble(), 0.0, 1.0)

    let predicted = succeed $"predict --model {model} {data}/test --out {out} --json --threads 1"
    Assert.Equal(File.ReadAllText(Path.Combine(out, "predictions.json")), predicted.Out)
    Assert.Equal(5, File.ReadAllLines(Path.Combine(out, "predictions.csv")).Length)
    let first = (json predicted).GetProperty("images")[0]
    Assert.Equal("block/0.png", first.GetProperty("image").GetString())
    Assert.Equal(struct (64, 64, 3), ImageFile.ReadSize(Path.Combine(out, "overlays/block/0.png")))

    let map = File.ReadAllBytes(Path.Combine(out, "maps/block/0.npy"))
    Assert.Equal(128 + 4 * 64 * 64, map.Length)
    let largest = Seq.max [ for i in 128..4 .. map.Length - 4 -> System.BitConverter.ToSingle(map, i) ]
    Assert.Equal(first.GetProperty("score").GetDouble(), float largest, 6)

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
    let data = category (folder.File "part")
    let outcome = Command.run $"""train --data {data} {small} --shots 2 --device cuda:99 --out {folder.File "m"}"""
    Assert.Equal(ExitCode.InvalidInput, outcome.ExitCode)
    Assert.Contains("cuda:99", outcome.Error)

[<Fact>]
let ``an interrupt stops a training and leaves nothing behind`` () =
    use folder = new Scratch.Folder()
    let data = category (folder.File "part")
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
    Assert.Equal<string array>([| "part" |], folder.Names)
