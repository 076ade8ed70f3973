module Falcon.Server.Tests.InspectionTests

open System
open System.IO
open System.Net
open System.Text.Json
open System.Threading.Tasks
open Expecto
open Falcon.Core.Tests.Imaging.Encoders
open Falcon.Data
open Falcon.Detection
open Falcon.Imaging
open Falcon.Results
open Falcon.Server
open Falcon.Training
open Falcon.Tests
open Http
open Servers

/// What the library says of a file, with the model that the server gives away.
let private library =
    lazy
        (let model = Photos.scratch "downloaded.falcon"
         File.WriteAllBytes(model, (get (address ()) $"/api/parts/{trained.Value}/model/file").Bytes)
         ComputeThreads.Use 1
         Detector.Load model)

let private predict (file: string) =
    Seq.exactlyOne (library.Value.Predict [| ImageItem(file, nonNull (Path.GetFileName file), "unknown", false) |])

let private inspectFile query (file: string) = fine (inspect (address ()) trained.Value query (File.ReadAllBytes file))

[<Tests>]
let tests =
    testList
        "Inspections"
        [ test "an image is scored to the bit as the library scores its file with the downloaded model, and the JSON is that of predictions" {
              for file in Photos.defects.Value do
                  let answer = inspectFile $"?name={Path.GetFileName file}" file
                  let prediction = predict file
                  Expect.equal (number answer "score") prediction.Score "score"
                  Expect.equal (number answer "threshold") library.Value.Threshold "threshold"

                  let record =
                      PredictionRecord.Of(
                          prediction,
                          library.Value.Threshold,
                          library.Value.Regions prediction,
                          text answer "map",
                          text answer "overlay"
                      )

                  let expected = JsonSerializer.SerializeToElement(record, DetectorJson.Options)

                  for field in expected.EnumerateObject() do
                      if field.Name <> "path" then
                          Expect.equal (answer.GetProperty(field.Name).GetRawText()) (field.Value.GetRawText()) field.Name
          }

          test "a raw frame of each format has the bits of a file with its pixels" {
              let server, file = address (), Photos.defects.Value.Head
              let image = ImageFile.ReadRgb file
              let expected = number (inspectFile "?keep=false" file) "score"
              let padded = Array.zeroCreate<byte>((3 * image.Width + 8) * image.Height)

              for y in 0 .. image.Height - 1 do
                  for x in 0 .. image.Width - 1 do
                      for c in 0..2 do
                          padded[y * (3 * image.Width + 8) + 3 * x + 2 - c] <- image.Pixels[3 * (y * image.Width + x) + c]

              let rgb = inspect server trained.Value $"?width={image.Width}&height={image.Height}&format=rgb" image.Pixels

              let bgr =
                  inspect server trained.Value $"?width={image.Width}&height={image.Height}&format=bgr&stride={3 * image.Width + 8}" padded

              Expect.equal (number (fine rgb) "score") expected "RGB"
              Expect.equal (number (fine bgr) "score") expected "BGR with a stride"
              let shown = get server $"""/api/inspections/{text (fine bgr) "id"}/image"""
              Expect.equal (ImageFile.DecodeRgb(ReadOnlySpan shown.Bytes, "shown").Pixels) image.Pixels "what is remembered of the frame"
              let gray = inspect server trained.Value $"?width=8&height=8&format=gray" (Array.zeroCreate 64)
              Expect.equal gray.Status HttpStatusCode.OK gray.Text
          }

          test "a photo of 12 bits has the bits of a prediction of its file, and is shown with the model's white level" {
              let gray = (ImageFile.ReadRgb Photos.defects.Value.Head).ToGray()
              let row y = [| for x in 0 .. gray.Width - 1 -> [| int gray.Pixels[y * gray.Width + x] * 4095 / 255 |] |]
              let file = Photos.scratch "deep.png"
              File.WriteAllBytes(file, Png.deep 0 [| for y in 0 .. gray.Height - 1 -> row y |])
              let answer = inspectFile "" file
              Expect.equal (number answer "score") (predict file).Score "score"
              Expect.equal (answer.GetProperty("whiteLevel").GetInt32()) 4095 "white level"
              let shown = get (address ()) (text answer "overlay" + "?opacity=0&outlines=false")

              Expect.equal
                  (ImageFile.DecodeRgb(shown.Bytes, "shown").ToGray().Pixels)
                  (ImageFile.DecodeRgb(File.ReadAllBytes file, file, 4095).ToGray().Pixels)
                  "the photo without its map"

              Expect.isLessThan
                  (gray.Pixels
                   |> Seq.zip (ImageFile.DecodeRgb(shown.Bytes, "shown").ToGray().Pixels)
                   |> Seq.map (fun (a, b) -> abs (int a - int b))
                   |> Seq.max)
                  2
                  "it is as bright as the same photo in 8 bits"
          }

          test "frames whose bytes are not what the query says are refused" {
              let server = address ()
              let frame query bytes = inspect server trained.Value query (Array.zeroCreate bytes)
              let what, where, _ = refused HttpStatusCode.UnprocessableEntity (frame "?width=8&height=8&format=bgr" 100)
              Expect.stringContains what "are 192 bytes, and 100 came" "what"
              Expect.equal where "frame" "where"
              refused HttpStatusCode.BadRequest (frame "?width=8" 64) |> ignore
              refused HttpStatusCode.BadRequest (frame "?width=8&height=8&format=yuv" 64) |> ignore
              refused HttpStatusCode.BadRequest (frame "?width=8&height=8&stride=4" 64) |> ignore
              refused HttpStatusCode.BadRequest (frame "?width=-1&height=8" 64) |> ignore
              refused HttpStatusCode.RequestEntityTooLarge (frame "?width=2000000000&height=2000000000" 64) |> ignore
          }

          test "eight clients at once get equal bits" {
              let server, files = address (), Photos.defects.Value @ Photos.others.Value
              let expected = [ for file in files -> number (inspectFile "?keep=false" file) "score" ]

              let all =
                  [| for _ in 1..8 ->
                         Task.Run(fun () ->
                             [ for file in files ->
                                   number (fine (inspect server trained.Value "?keep=false" (File.ReadAllBytes file))) "score" ]) |]

              for client in all do
                  Expect.equal client.Result expected "scores"
          }

          test "map, overlay and heat map of an inspection are there, and the map is the prediction's" {
              let server, file = address (), Photos.defects.Value.Head
              let answer = inspectFile "" file
              let id = text answer "id"
              let prediction = predict file
              let own = NpyArray.Parse(ReadOnlySpan (get server $"/api/inspections/{id}/map.npy?size=own").Bytes)
              Expect.equal own.Values prediction.Map.Values "values"
              let whole = NpyArray.Parse(ReadOnlySpan (get server (text answer "map")).Bytes)

              Expect.equal
                  whole.Values
                  (prediction.Map.Resize(prediction.Width, prediction.Height).Values)
                  "values at the size of the image"

              let picture path = ImageFile.DecodeRgb(ReadOnlySpan (get server path).Bytes, path)

              let clear, dense =
                  picture (text answer "overlay" + "?opacity=0&outlines=false"), picture (text answer "overlay" + "?opacity=1")

              Expect.equal clear.Pixels (ImageFile.ReadRgb file).Pixels "an overlay without opacity is the photo"
              Expect.notEqual dense.Pixels clear.Pixels "an overlay shows something"
              Expect.equal (picture $"/api/inspections/{id}/map.png").Width prediction.Map.Width "width of the heat map"
              refused HttpStatusCode.BadRequest (get server (text answer "overlay" + "?opacity=2")) |> ignore
          }

          test "small regions are left out on request, and nothing is remembered when that is asked for" {
              let server, file = address (), Photos.defects.Value.Head
              let answer = inspectFile "?minArea=100%25&keep=false" file
              Expect.isEmpty (items answer "regions") "regions"
              Expect.equal (answer.GetProperty("map").ValueKind) JsonValueKind.Null "map"
              refused HttpStatusCode.NotFound (get server $"""/api/inspections/{text answer "id"}""") |> ignore

              refused HttpStatusCode.UnprocessableEntity (inspect server trained.Value "?minArea=much" (File.ReadAllBytes file))
              |> ignore
          }

          test "the history is bounded, lists the newest first and survives a restart" {
              let options = ServerOptions(Photos.scratch "bounded", worker, Port = 0, Threads = 1, MostInspections = 3)
              let file = Photos.others.Value.Head

              let part = furnish options.Home

              let ids =
                  running options (fun server -> [ for _ in 1..5 -> text (fine (inspect server part "" (File.ReadAllBytes file))) "id" ])

              running options (fun server ->
                  let listed = [ for record in (fine (get server $"/api/parts/{part}/inspections")).EnumerateArray() -> text record "id" ]
                  Expect.equal listed (List.rev ids[2..]) "ids"
                  refused HttpStatusCode.NotFound (get server $"/api/inspections/{ids[0]}") |> ignore
                  Expect.equal (get server $"/api/inspections/{ids[4]}/overlay.png").Status HttpStatusCode.OK "the last one")
          }

          test "more than may wait is refused with the time after which to try again" {
              let options = ServerOptions(Photos.scratch "busy", worker, Port = 0, Threads = 1, MostWaiting = 1)
              let part = furnish options.Home

              running options (fun server ->
                  let bytes = File.ReadAllBytes Photos.others.Value.Head
                  let all = [| for _ in 1..24 -> Task.Run(fun () -> inspect server part "?keep=false" bytes) |]
                  let answers = [ for one in all -> one.Result ]
                  let busy = answers |> List.filter (fun answer -> answer.Status = HttpStatusCode.TooManyRequests)
                  Expect.isNonEmpty busy "refused ones"

                  for answer in busy do
                      refused HttpStatusCode.TooManyRequests answer |> ignore
                      Expect.equal (string answer.Headers.RetryAfter) "1" "when to try again"

                  Expect.isNonEmpty (answers |> List.filter (fun answer -> answer.Status = HttpStatusCode.OK)) "answered ones"
                  Expect.equal (inspect server part "?keep=false" bytes).Status HttpStatusCode.OK "afterwards")
          } ]
