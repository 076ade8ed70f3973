module Falcon.Experiments.Tests.SearchTests

open System
open System.IO
open Expecto
open Falcon
open Falcon.Data
open Falcon.Experiments
open Falcon.Experiments.Tests.TinyStudy
open Falcon.Methods
open Falcon.Randomness
open Falcon.Reports
open Falcon.Tests

let private share value = Method.map (fun (options: PatchCoreOptions) -> PatchCoreOptions(options, Share = value))

let private size value =
    Method.map (fun (options: PatchCoreOptions) -> PatchCoreOptions(options, InputSize = InputSize(value, value)))

let private shares = Axis.over "share" [ 0.1; 0.5; 1.0 ] share
let private sizes = Axis.over "size" [ 32; 64 ] size
let private points (search: Search) = List.map fst search.Trials.Points

let private small photos =
    { study photos with
        Data = [ Data.at photos |> Data.categories [ "plate" ] ]
        Shots = [ 4 ]
        Methods = [ PatchCoreOptions(InputSize = 96) ] }

[<Tests>]
let tests =
    testList
        "Search"
        [ test "a search is a value: all points, or some drawn by a seed, of which a longer search tries more" {
              Expect.equal (points (Search.grid [ shares; sizes ])).Length 6 "grid"
              let drawn count = points (Search.random count 7 [ shares; sizes ])
              Expect.equal (drawn 3) (List.truncate 3 (drawn 5)) "the first ones stay"
              Expect.equal (List.sort (drawn 100)) (List.sort (points (Search.grid [ shares; sizes ]))) "no point twice"
              Expect.notEqual (drawn 3) (points (Search.random 3 8 [ shares; sizes ])) "another seed"

              for wrong in
                  [ fun () -> Search.random 0 7 [ shares ] |> ignore
                    fun () -> Search.grid [] |> ignore
                    fun () -> Search.grid [ shares ] |> Search.folds 1 |> ignore
                    fun () -> Search.grid [ shares ] |> Search.halving (Axis.over "size" [ 32 ] size) |> ignore ] do
                  raised<InvalidInputException> wrong |> ignore
          }
          test "validation data has every photo held out once, and anomalies with masks on those alone" {
              use folder = new Folder()
              writeCategories [ "plate" ] (folder.Path "photos")
              let photos = (DataFolder.Detect(folder.Path "photos")).Open("plate").TrainImages
              let category fold name = SyntheticValidation.Write(folder.Path name, "held out", photos, fold, 2, MasterSeed 3L, 6)
              let first, second = category 0 "first", category 1 "second"

              let good (category: Category) =
                  [ for item in category.TestImages do
                        if not item.IsAnomalous then Path.GetFileName item.Path |> string ]

              let learnt (category: Category) = [ for item in category.TrainImages -> Path.GetFileName item.Path |> string ]
              Expect.equal (good first).Length 2 "two of four"
              Expect.equal (List.sort (good first)) (List.sort (learnt second)) "the other share learns them"

              let anomalous =
                  [ for item in first.TestImages do
                        if item.IsAnomalous then item ]

              Expect.equal anomalous.Length 6 "anomalies"

              for item in anomalous do
                  let held = (Path.GetFileName item.Path |> string).Split('-')[0]
                  Expect.isTrue (good first |> List.exists _.StartsWith(held)) "of a photo that is held out"
                  let mask = Falcon.Imaging.ImageFile.ReadGray(nonNull item.MaskPath)
                  Expect.isTrue (Array.contains 255uy mask.Pixels) "what has changed"

              let again = category 0 "again"
              let bytes (category: Category) = [ for item in category.TestImages -> Convert.ToHexString(File.ReadAllBytes item.Path) ]
              Expect.equal (bytes again) (bytes first) "the same files"

              let few () =
                  SyntheticValidation.Write(folder.Path "few", "held out", Array.truncate 1 (Array.ofSeq photos), 0, 2, MasterSeed 3L)
                  |> ignore

              Expect.stringContains (raised<InvalidInputException> few).Message "1 photos cannot be held out" "one photo"
          }
          test "a tuned study takes what does best on held-out photos, sees no test image in choosing, and says so in protocol and tables" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let runtime = { runtime (folder.Path "out") with Out = None; Store = Some(folder.Path "store") }
              let search = Search.grid [ Axis.over "size" [ 32; 64 ] size ]
              let tuned = (small (folder.Path "photos") |> Study.tuned runtime search :> IStudy).Sweep
              Expect.equal tuned.Cells.Length 2 "two seeds"
              let chosen = tuned.Cells |> List.map _.Method |> List.distinct |> List.exactlyOne :?> PatchCoreOptions
              let trials = File.ReadAllLines(folder.Path "store/results/tiny-search/trials.csv")
              Expect.equal trials.Length 3 "a heading and two points"
              Expect.stringContains trials[1] $"{chosen.InputSize.Width}" "the better one is first, and was taken"

              // Other test images choose nothing else, and no trial is computed again.
              for image in Directory.GetFiles(folder.Path "photos/plate/test", "*.png", SearchOption.AllDirectories) do
                  File.Copy(folder.Path "photos/cloth/train/good/0.png", image, true)

              let store = Store.Store.openAt (folder.Path "store")
              let entries () = (Store.Store.entriesOf store "train").Length
              let before = entries ()
              let again = (small (folder.Path "photos") |> Study.tuned runtime search :> IStudy).Sweep
              Expect.equal (Sweep.ids again) (Sweep.ids tuned) "the same choice"
              Expect.equal (entries ()) before "every trial was kept"
              (store :> System.IDisposable).Dispose()

              let protocol = (Cell.protocol 4 tuned.Cells.Head).Line
              Expect.stringContains protocol "options chosen: grid search over 2 points of size by Image AUROC" "protocol"
              let result = tuned |> Study.run runtime
              let table = TableStyle.Markdown.Render(TableSummary.Of(CellSet(Array.ofList result.Results)))
              Expect.stringContains table "chosen by a search that saw no test image" "note"
          }
          test "successive halving tries all points on the first budget and the better half on the next" {
              use folder = new Folder()
              writeData (folder.Path "photos")
              let runtime = { runtime (folder.Path "out") with Out = None; Store = Some(folder.Path "store") }
              let search = Search.grid [ shares ] |> Search.halving (Axis.over "size" [ 32; 64 ] size)

              let both =
                  { small (folder.Path "photos") with
                      Seeds = [ 0 ]
                      Methods = [ PatchCoreOptions(InputSize = 96); PadimOptions(InputSize = 32) ] }

              let unsound () =
                  both
                  |> Study.withReport (folder.Path "report") [ Plot.shots ImageAuroc ]
                  |> Study.tuned runtime search
                  |> ignore

              Expect.stringContains (raised<InvalidInputException> unsound).Message "two numbers of shots" "sections are looked at first"
              let tuned = (both |> Study.tuned runtime search :> IStudy).Sweep
              let trials round = (File.ReadAllLines(folder.Path $"store/results/tiny-search-{round}/trials.csv")).Length - 1
              Expect.equal [ trials 1; trials 2 ] [ 3; 2 ] "points in each round, of the method that has them"
              Expect.equal (tuned.Cells |> List.map _.Choice.IsSome) [ true; false ] "what is chosen"
              let chosen = tuned.Cells.Head.Method :?> PatchCoreOptions
              Expect.equal chosen.InputSize (InputSize(96, 96)) "the study's own size"
          } ]
