module Falcon.Experiments.Tests.NamesTests

open System
open System.IO
open System.Threading
open Expecto
open Falcon
open Falcon.Experiments
open Falcon.Experiments.Tests.TinyStudy
open Falcon.Methods
open Falcon.Protocol
open Falcon.Reports
open Falcon.Results
open Falcon.Tests

let private base' =
    experiment "names" {
        data (Data.at "photos" |> Data.categories [ "plate" ])
        shots [ 2 ]
        seeds [ 0 ]
        teacher Teacher.shipped
    }

/// The methods of a study as its tables would name them, and what these say is common to all.
let private shown (study: #IStudy) =
    let cells = study.Sweep.Cells

    let set =
        CellSet
            [| for cell in cells ->
                   CellResult(
                       Cell.label cell,
                       cell.Data.Name,
                       cell.Category,
                       int64 cell.Seed,
                       EvaluationProtocol(
                           ShotCount.Of cell.Shots,
                           "all",
                           CheckpointRule.LastEpoch(),
                           ImageScoreReducer.Maximum(),
                           EvaluationSize.Original
                       ),
                       [||],
                       [||],
                       Timings(0.0, 0.0, 0.0, 0.0),
                       Provenance(
                           "",
                           null,
                           false,
                           "",
                           "",
                           "",
                           "",
                           1,
                           1,
                           "cpu",
                           0.0,
                           0L,
                           dict [] |> System.Collections.Generic.Dictionary,
                           "",
                           ""
                       )
                   ) |]

    [ for cell in set.Cells -> cell.Method.Title ], set.Settings

let private noise weight = Method.map (fun (options: FalconOptions) -> FalconOptions(options, NoiseWeight = weight))

[<Tests>]
let tests =
    testList
        "Names"
        [ test "what all rows share is said once, and rows show what differs" {
              let options = [ FalconOptions(Epochs = 20, InputSize = 64); FalconOptions(Epochs = 20, InputSize = 64, NoiseWeight = 4.0) ]
              let titles, settings = shown { base' with Methods = [ options[0]; options[1]; StpmOptions(InputSize = 64) ] }
              Expect.equal titles [ "FALCON"; "FALCON (noise weight 4)"; "STPM" ] "titles"
              Expect.equal settings "input size 64, teacher kestrel; FALCON: epochs 20" "settings"
          }
          test "a swept value is shown in every row, also where it is the published one" {
              let sweep = base' |> Sweep.axis "weight" [ 1.0; 2.0; 4.0 ] noise
              Expect.equal (FalconOptions()).NoiseWeight 2.0 "the published weight"
              let titles, settings = shown sweep
              Expect.equal titles [ "FALCON (noise weight 1)"; "FALCON (noise weight 2)"; "FALCON (noise weight 4)" ] "titles"
              Expect.equal settings "teacher kestrel" "settings"
              Expect.equal (List.item 1 (Sweep.ids sweep)) (List.item 0 (Sweep.ids base')) "the id of the published one"
              Expect.equal sweep.Cells[1] (List.head (Experiment.cells base')) "equal cells, swept or not"
          }
          test "a cell that two axes share shows the values of both, and an axis without points is refused" {
              let shares =
                  Axis.over "epochs" [ 100; 50 ] (fun epochs -> Method.map (fun (o: FalconOptions) -> FalconOptions(o, Epochs = epochs)))

              let both = base' |> Sweep.axis "weight" [ 2.0; 1.0 ] noise |> Sweep.append (base' |> Sweep.along shares)
              let published = $"FALCON (noise weight 2, epochs {(FalconOptions()).Epochs})"
              Expect.contains (fst (shown both)) published "the published values"
              let none () = base' |> Sweep.axis "weight" [] noise |> ignore
              Expect.stringContains (raised<InvalidInputException> none).Message "has no points" "no points"
          }
          test "variants of several axes show what they vary, each once" {
              let shapes =
                  Axis.over "patterns" [ NoisePatterns.All; NoisePatterns.Spot ] (fun shapes ->
                      Method.map (fun (options: FalconOptions) -> FalconOptions(options, Patterns = shapes)))

              let sweep = base' |> Sweep.axis "weight" [ 2.0; 4.0 ] noise |> Sweep.append (base' |> Sweep.along shapes)

              Expect.equal
                  (fst (shown sweep))
                  [ "FALCON (noise weight 2, patterns all)"; "FALCON (noise weight 4)"; "FALCON (patterns spot)" ]
                  "titles"
          }
          test "a named method has its name in rows and ids, and the note says what it is" {
              let ours = Method.named "Ours" (FalconOptions(NoiseWeight = 4.0))
              let study = { base' with Methods = [ ours; FalconOptions(); Method.named "Ours, small" (FalconOptions(Epochs = 5)) ] }
              let titles, settings = shown study
              Expect.equal titles [ "Ours"; "FALCON"; "Ours, small" ] "titles"
              Expect.equal settings "teacher kestrel; Ours: FALCON, noise weight 4; Ours, small: FALCON, epochs 5" "settings"
              Expect.stringStarts (List.item 0 (Sweep.ids study)) "photos-plate-Ours+noiseWeight=4" "id"
              let changed = FalconOptions(ours :?> FalconOptions, Epochs = 7)
              Expect.equal changed.Label "Ours" "the name stays with a changed copy"
              Expect.equal (MethodJson.Set(ours, "epochs", System.Text.Json.Nodes.JsonValue.Create 3)).Label "Ours" "and with a set option"
              Expect.notEqual ours (FalconOptions(NoiseWeight = 4.0) :> MethodOptions) "another cell"
              Expect.isFalse ((MethodJson.WriteAll ours).ContainsKey "label") "no option"
              Expect.throwsT<InvalidInputException> (fun () -> Method.named " " (FalconOptions()) |> ignore) "no name"
          }
          test "categories, data sets and methods of any names have ids of their own that can be read" {
              let categories =
                  [ "图像"
                    "螺丝"
                    "Ωμέγα"
                    "Болт"
                    "a b"
                    "a-b"
                    "a_b"
                    "100%"
                    "100"
                    ".."
                    "CON"
                    "cap"
                    "Cap"
                    "e\u0301"
                    "é"
                    String('图', 200) ]

              let study =
                  { base' with
                      Data =
                          [ Data.at "photos" |> Data.categories categories
                            Data.at "photos" |> Data.named "ph otos" |> Data.categories [ "plate" ] ]
                      Methods = [ FalconOptions(); Method.named "我们的" (FalconOptions()); Method.named "他们的" (FalconOptions()) ] }

              let ids = Sweep.ids study
              Expect.hasLength (ids |> List.distinctBy _.ToUpperInvariant()) (3 * (categories.Length + 1)) "different, on every file system"

              for id in ids do
                  Expect.isLessThanOrEqual (Text.Encoding.UTF8.GetByteCount id) 120 "bytes"
                  Expect.isFalse (id.IndexOfAny [| '/'; '\\'; ' '; '%' |] >= 0) id

              for id in
                  [ "photos-图像-falcon-2shot-seed0"
                    "photos-螺丝-我们的-2shot-seed0"
                    "photos-a-b-falcon-2shot-seed0"
                    "photos-..-falcon-2shot-seed0" ] do
                  Expect.contains ids id "can be read"

              let one category =
                  { base' with Data = [ Data.at "photos" |> Data.categories [ category ] ] } |> Sweep.ids |> List.exactlyOne

              Expect.hasLength (categories |> List.map one |> List.distinct) categories.Length "one by one, too"
              let published = MvtecAd.at "mvtec" |> Data.categories [ "bottle" ]
              Expect.equal (Sweep.ids { base' with Data = [ published ] }) [ "MVTec-AD-bottle-falcon-2shot-seed0" ] "a published data set"
          }
          test "teachers have short names in ids and rows" {
              let teachers = [ Teacher.shipped; Teacher.file "files/resnet18-own.safetensors"; Teacher.random ]
              Expect.equal (List.map Teacher.label teachers) [ "kestrel"; "resnet18-own"; "random" ] "labels"

              let sweep =
                  { base' with Teacher = Teacher.random }
                  |> Sweep.axis "teacher" teachers (fun teacher cell -> { cell with Teacher = teacher })

              let titles, settings = shown sweep
              Expect.equal titles [ "FALCON (teacher kestrel)"; "FALCON (teacher resnet18-own)"; "FALCON (teacher random)" ] "titles"
              Expect.equal settings "" "settings"
              Expect.stringContains (List.item 1 (Sweep.ids sweep)) "-teacher=resnet18-own" "id"
          }
          test "records of earlier versions keep their titles" {
              let label = MethodLabel("falcon", "FALCON (epochs 20)")
              let json = System.Text.Json.JsonSerializer.Serialize label
              Expect.equal json "{\"Name\":\"falcon\",\"Title\":\"FALCON (epochs 20)\"}" "json"
              let read = nonNull (System.Text.Json.JsonSerializer.Deserialize<MethodLabel> json)
              Expect.isNull read.Settings "settings"
              let now = MethodLabel("falcon", "FALCON (epochs 20)", Family = "FALCON", Settings = [| MethodSetting("epochs", "20") |])
              Expect.equal now read "equal labels"
          }
          test "cells that differ in their names alone share all computing, and renaming trains nothing" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let small = FalconOptions(Epochs = 1, InputSize = 64)

              let named (methods: MethodOptions list) = { study (folder.Path "photos") with Methods = methods; Seeds = [ 0 ] }

              let run study = Study.runWith (Listener()) CancellationToken.None (runtime (folder.Path "out")) study
              let first = run (named [ small; Method.named "Ours" small ])
              Expect.equal (first.Computed["train"], first.Computed["score"], first.Computed["metric"]) (2, 2, 2) "two categories"
              Expect.equal [ for result in first.Results -> result.Method.Family ] [ "FALCON"; "Ours"; "FALCON"; "Ours" ] "families"
              let renamed = run (named [ Method.named "Mine" small ])
              Expect.equal (Map.toList renamed.Computed) [ "cell", 2 ] "computed after renaming"

              // The folder of a cell shows the name and what rows choose from.
              let cell = CellFolder.Read(Path.Combine(renamed.Folder, "cells", Cell.id (fst renamed.Outcomes[0])))
              Expect.equal (cell.Method.Family, cell.Method.Method) ("Mine", "FALCON") "family"
              Expect.contains cell.Method.Settings (MethodSetting("input size", "64")) "settings"
          } ]
