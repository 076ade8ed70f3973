module Falcon.Server.Tests.ModelTests

open System
open System.IO
open System.Net
open System.Net.Http
open System.Text.Json
open System.Threading
open Expecto
open Falcon.Imaging
open Falcon.Tests
open Http
open Servers

let private threshold server part = number (fine (get server $"/api/parts/{part}/model/threshold")) "threshold"
let private score server part file = number (fine (inspect server part "?keep=false" (File.ReadAllBytes file))) "score"

/// The events of a job until it ends.
let private events (server: Uri) job =
    use client = new HttpClient(BaseAddress = server)
    let stream = client.GetStringAsync($"/api/jobs/{job}/events").Result

    [ for event in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries) do
          if event.StartsWith "event: " then
              let lines = event.Split '\n'
              lines[0].Substring 7, JsonDocument.Parse(lines[1].Substring 6).RootElement ]

[<Tests>]
let tests =
    testList
        "Models"
        [ test "a training tells its progress from the first event to the last, also to those who come late, and its model inspects" {
              let server = address ()
              let id = part server "events"
              add server id Photos.good.Value |> ignore

              let job =
                  train
                      server
                      id
                      """{"method":"stpm","options":{"inputSize":64,"epochs":3},"teacher":"random","falseAlarms":0.1,"calibration":"folds","seed":7,"shots":4}"""

              let heard = events server job
              let names = List.map fst heard
              Expect.equal names.Head "state" "first event"
              Expect.equal (List.last names) "done" "last event"

              let shares =
                  [ for _, state in heard do
                        match (state.GetProperty "progress").GetProperty "share" with
                        | share when share.ValueKind = JsonValueKind.Number -> share.GetDouble()
                        | _ -> () ]

              Expect.equal shares (List.sort shares) "shares rise"
              Expect.isGreaterThan shares.Length 2 "shares"
              Expect.equal (events server job |> List.map fst) [ "state" ] "events of an ended job"
              let card = fine (get server $"/api/parts/{id}/model")
              let calibration = card.GetProperty "calibration"
              Expect.equal (text calibration "way", number calibration "falseAlarms") ("folds", 0.1) "calibration"

              Expect.equal
                  (card.GetProperty("seed").GetInt64(), (items card "photos").Length, (items card "losses").Length)
                  (7L, 4, 3)
                  "seed, photos, losses"

              Expect.equal (items calibration "heldOutScores").Length 4 "held-out scores"

              Expect.isTrue
                  ((fine (inspect server id "" (File.ReadAllBytes Photos.others.Value[0]))).TryGetProperty "score" |> fst)
                  "inspection"
          }

          test "a training whose options cannot be is refused at once, with all that is wrong" {
              let server = address ()
              let id = part server "wrong"
              let path = $"/api/parts/{id}/trainings"
              let _, where, _ = refused HttpStatusCode.UnprocessableEntity (post server path (json quick))
              Expect.equal where "wrong" "a part without photos"
              add server id (List.truncate 2 Photos.good.Value) |> ignore
              let refuse request = refused HttpStatusCode.UnprocessableEntity (post server path (json request))
              let problem = post server path (json """{"method":"stpm","options":{"epoch":3,"batchSize":"x"},"teacher":"random"}""")
              Expect.equal (items problem.Json "findings").Length 2 problem.Text
              let what, _, fix = refuse """{"method":"patchcor"}"""
              Expect.equal what "there is no such method" "method"
              Expect.stringContains fix "patchcore" "what was meant"
              refuse """{"teacher":"/etc/passwd"}""" |> ignore
              refuse """{"teacher":"../weights"}""" |> ignore
              refuse """{"method":"efficientad","options":{"penaltyImages":"/etc"},"teacher":"random"}""" |> ignore
              refuse """{"options":{"inputSize":100000},"teacher":"random"}""" |> ignore
              refuse """{"options":{"regionOfInterest":"1x1:AA=="},"teacher":"random"}""" |> ignore
              refuse """{"falseAlarms":0.7}""" |> ignore
              refuse """{"calibration":"guess"}""" |> ignore
              refuse """{"shots":3,"teacher":"random"}""" |> ignore
              refused HttpStatusCode.BadRequest (post server path (json """{"epochs":3}""")) |> ignore
              refused HttpStatusCode.BadRequest (post server path (json """{"method":""")) |> ignore
              refused HttpStatusCode.UnsupportedMediaType (post server path (raw "{}"B)) |> ignore
              refused HttpStatusCode.Conflict (inspect server id "" (File.ReadAllBytes Photos.good.Value[0])) |> ignore
          }

          test "a training is called off, and leaves the model as it was" {
              let server = address ()
              let id = trainedAnew ()
              let before = threshold server id
              let job = train server id """{"method":"stpm","options":{"inputSize":64,"epochs":100000},"teacher":"random"}"""
              refused HttpStatusCode.Conflict (post server $"/api/parts/{id}/trainings" (json quick)) |> ignore
              refused HttpStatusCode.Conflict (delete server $"/api/parts/{id}") |> ignore
              Expect.equal (text ((fine (get server $"/api/parts/{id}")).GetProperty "job") "id") job "job of the part"

              while text (fine (get server $"/api/jobs/{job}")) "state" = "queued" do
                  Thread.Sleep 10

              fine (delete server $"/api/jobs/{job}") |> ignore
              Expect.equal (text (ended server job) "state") "cancelled" "state"
              refused HttpStatusCode.Conflict (delete server $"/api/jobs/{job}") |> ignore
              Expect.equal (threshold server id) before "threshold"
              fine (delete server $"/api/jobs/{train server id quick}") |> ignore
          }

          test "a threshold is set by value or rate, can be seen beforehand, and is in the file that is given away" {
              let server = address ()
              let id = trainedAnew ()
              let path = $"/api/parts/{id}/model/threshold"
              let was = threshold server id
              let seen = number (fine (get server $"{path}?falseAlarms=0.01")) "threshold"
              Expect.isGreaterThan seen was "a rarer false alarm needs a higher threshold"
              Expect.equal (threshold server id) was "looking changes nothing"
              Expect.equal (number (fine (put server path (json """{"falseAlarms":0.01}"""))) "threshold") seen "by rate"
              let answer = fine (put server path (json """{"value":1.25}"""))
              Expect.equal (number answer "threshold", answer.GetProperty("falseAlarms").ValueKind) (1.25, JsonValueKind.Null) "by value"

              Expect.equal
                  (number (fine (inspect server id "" (File.ReadAllBytes Photos.others.Value[0]))) "threshold")
                  1.25
                  "of inspections"

              let file = Photos.scratch "threshold.falcon"
              File.WriteAllBytes(file, (get server $"/api/parts/{id}/model/file").Bytes)
              Expect.equal (Falcon.Detection.Detector.CardOf(file).Threshold) 1.25 "in the file"

              for wrong in
                  [ "{}"
                    """{"value":-1}"""
                    """{"value":1,"falseAlarms":0.1}"""
                    """{"falseAlarms":0.5}"""
                    """{"falseAlarms":1e-300}""" ] do
                  refused HttpStatusCode.BadRequest (put server path (json wrong)) |> ignore
          }

          test "what is good after all is learnt, stays learnt in the next training, and can be undone" {
              let server = address ()
              let id = trainedAnew ()
              let file = Photos.defects.Value.Head
              let seen = score server id file
              fine (put server $"/api/parts/{id}/model/threshold" (json $"""{{"value":{0.9 * seen}}}""")) |> ignore
              let inspection = fine (inspect server id "?name=scratch.png" (File.ReadAllBytes file))
              Expect.isTrue (inspection.GetProperty("anomalous").GetBoolean()) "a defect before"
              let good = post server $"""/api/inspections/{text inspection "id"}/good""" (json "{}")
              Expect.equal good.Status HttpStatusCode.Accepted good.Text
              let job = done' server (text good.Json "id")
              Expect.equal (text (items job "lessons").Head "image") "scratch.png" "lesson"
              let after = fine (inspect server id "" (File.ReadAllBytes file))
              Expect.isFalse (after.GetProperty("anomalous").GetBoolean()) "good afterwards"
              Expect.equal (after.GetProperty("model").GetInt32()) 2 "version"

              let what, _, _ =
                  refused HttpStatusCode.Conflict (post server $"""/api/inspections/{text inspection "id"}/good""" (json "{}"))

              Expect.stringContains what "learnt this image already" "a second time"
              done' server (train server id quick) |> ignore
              let card = fine (get server $"/api/parts/{id}/model")

              Expect.contains
                  [ for photo in items card "photos" -> photo.GetString() |> nonNull ]
                  "scratch.png"
                  "photos of the next training"

              fine (put server $"/api/parts/{id}/model/version" (json """{"version":1}""")) |> ignore
              let undone = fine (inspect server id "" (File.ReadAllBytes file))
              Expect.equal (number undone "score") (number inspection "score") "score of the first version"

              let versions =
                  [ for model in (fine (get server $"/api/parts/{id}/models")).EnumerateArray() ->
                        model.GetProperty("version").GetInt32(), text model "origin" ]

              Expect.equal versions [ 3, "training"; 2, "lesson"; 1, "training" ] "versions"

              refused HttpStatusCode.NotFound (put server $"/api/parts/{id}/model/version" (json """{"version":9}"""))
              |> ignore
          }

          test "a photo that differs from the others is doubted in the training, under the name that it has" {
              let server = address ()
              let id = part server "doubt"
              add server id Photos.good.Value |> ignore
              let noise = RasterImage(64, 64, 3)
              Random(1).NextBytes noise.Pixels
              fine (post server $"/api/parts/{id}/photos" (form [ "not a part.png", ImageFile.EncodePng noise ])) |> ignore
              let job = done' server (train server id quick)
              Expect.exists (items job "doubts") (fun doubt -> text doubt "where" = "not a part.png") (string job)
          }

          test "a training whose photo has been damaged fails with the photo's name, not its path" {
              let server = address ()
              let id = part server "damaged"
              add server id (List.truncate 2 Photos.good.Value) |> ignore
              let photo = Directory.GetFiles(Path.Combine(home (), "parts", id, "photos"))[0]
              File.WriteAllBytes(photo, File.ReadAllBytes(photo)[..200])
              let job = ended server (train server id quick)
              Expect.equal (text job "state") "failed" "state"
              let problem = (items job "problems").Head
              Expect.stringEnds (text problem "where") ".png" "where"
              Expect.isFalse (string(job).Contains(home ())) "no path of the server"
          } ]
