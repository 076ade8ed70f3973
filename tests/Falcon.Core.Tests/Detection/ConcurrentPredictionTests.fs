module Falcon.Core.Tests.Detection.ConcurrentPredictionTests

open System
open System.Threading
open Expecto
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Data
open Falcon.Detection
open Falcon.Imaging
open Falcon.Methods
open Falcon.Randomness
open Falcon.Tests
open Falcon.Training
open TorchSharp

let private side = 64

let private pixels seed =
    let random = Random(seed: int)
    Array.init (3 * side * side) (fun index -> byte ((if index / 3 % side > 40 then 170 else 60) + random.Next 40))

let private write (folder: Scratch.Folder) seed =
    ImageFile.WritePng(folder.File $"{seed}.png", RasterImage(side, side, 3, pixels seed))
    ImageItem(folder.File $"{seed}.png", $"{seed}.png", "good", false)

let private methods: (string * MethodOptions) list =
    [ "patchcore", PatchCoreOptions(InputSize = side)
      "padim", PadimOptions(InputSize = side, Channels = 10)
      "stpm", StpmOptions(InputSize = side, Epochs = 1)
      "falcon", FalconOptions(InputSize = side, Epochs = 1)
      "rd", ReverseDistillationOptions(Backbone = "resnet18", InputSize = side, Epochs = 1) ]

/// What each thread returns of its number; the first error of any is raised here.
let private onThreads count (work: int -> 'Result) =
    let results = Array.zeroCreate count

    let threads =
        [ for index in 0 .. count - 1 ->
              Thread(fun () ->
                  results[index] <-
                      (try
                          Ok(work index)
                       with error ->
                           Error error)) ]

    threads |> List.iter _.Start()
    threads |> List.iter _.Join()

    [ for result in results ->
          match result with
          | Ok value -> value
          | Error error -> raise error ]

[<Tests>]
let tests =
    testList
        "Concurrent prediction"
        [ testTheory "eight threads with one detector get the bits that one gets alone" (List.map fst methods) (fun (name: string) ->
              use folder = new Scratch.Folder()
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              let options = methods |> List.find (fst >> (=) name) |> snd
              use detector = Detector.Train(options, teacher, [| for seed in 0..1 -> write folder seed |], MasterSeed 7L)
              let seeds = [ 10..13 ]
              let files = dict [ for seed in seeds -> seed, write folder seed ]
              let said (prediction: Prediction) = prediction.Score, List.ofArray prediction.Map.Values
              let ofFile seed = said (Seq.exactlyOne (detector.Predict [| files[seed] |]))
              let ofFrame seed = said (detector.Predict(ReadOnlySpan(pixels seed), PixelOrder.Rgb, side, side, 3 * side))
              let alone = [ for seed in seeds -> ofFile seed ]

              let together =
                  onThreads 8 (fun thread ->
                      let predict = if thread % 2 = 0 then ofFile else ofFrame
                      // Each thread begins with another photo.
                      let order = List.permute (fun index -> (index + thread) % 4) seeds
                      let predicted = dict [ for seed in order @ order -> seed, predict seed ]
                      [ for seed in seeds -> predicted[seed] ])

              for found in together do
                  Expect.equal found alone "scores and maps")
          test "changes that several threads make to a detector are all kept" {
              use folder = new Scratch.Folder()
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              use detector = Detector.Train(snd methods.Head, teacher, [| write folder 0 |], MasterSeed 7L)
              use start = new Barrier 2

              let lost =
                  onThreads 2 (fun thread ->
                      start.SignalAndWait()
                      // Nobody else changes it, so what this thread wrote must still be there.
                      let change (number: int) =
                          if thread = 0 then
                              detector.Threshold <- float number
                              detector.Threshold <> float number
                          else
                              detector.Relabel(DetectorSource("", string number, ""))
                              detector.Card.Source.Category <> string number

                      Seq.init 1_000_000 change |> Seq.filter id |> Seq.length)

              Expect.equal lost [ 0; 0 ] "changes that were lost"
          }
          testSequenced (
              test "a thread that computed before the number of threads was set predicts with that number" {
                  use folder = new Scratch.Folder()
                  use teacher = Teacher.Random("resnet18", MasterSeed 1L)
                  use detector = Detector.Train(snd methods.Head, teacher, [| write folder 0 |], MasterSeed 7L)
                  let before = torch.get_num_threads ()
                  use computed = new ManualResetEventSlim()
                  use isSet = new ManualResetEventSlim()
                  let after = ref 0

                  let thread =
                      Thread(fun () ->
                          torch.ones(100_000L).sum().Dispose()
                          computed.Set()
                          isSet.Wait()
                          detector.Predict(ReadOnlySpan(pixels 10), PixelOrder.Rgb, side, side, 3 * side) |> ignore
                          after.Value <- torch.get_num_threads ())

                  try
                      thread.Start()
                      computed.Wait()
                      ComputeThreads.Use(before + 1)
                      isSet.Set()
                      thread.Join()
                      Expect.equal after.Value (before + 1) "threads"
                  finally
                      ComputeThreads.Use before
              }
          ) ]
