module Falcon.Server.Tests.PartTests

open System
open System.IO
open System.Net
open System.Net.Http
open System.Text.Json
open Expecto
open Falcon.Imaging
open Falcon.Server
open Falcon.Tests
open Http
open Servers

let private isNull' (value: JsonElement) (name: string) = value.GetProperty(name).ValueKind = JsonValueKind.Null
let private patch server path body = send server HttpMethod.Patch path [] (Some body)

[<Tests>]
let tests =
    testList
        "Parts"
        [ test "a part is made, listed, called otherwise and removed" {
              let server = address ()
              let made = post server "/api/parts" (json """{"name":" Flansch ⌀ 40 "}""")
              Expect.equal made.Status HttpStatusCode.Created made.Text
              let id = text made.Json "id"
              Expect.equal (text made.Json "name") "Flansch ⌀ 40" "name"
              Expect.equal (string made.Headers.Location) $"/api/parts/{id}" "where it is"
              Expect.equal (text (fine (patch server $"/api/parts/{id}" (json """{"name":"flange"}"""))) "name") "flange" "other name"
              let listed = [ for part in (fine (get server "/api/parts")).EnumerateArray() -> text part "id" ]
              Expect.contains listed id "list"
              Expect.equal (delete server $"/api/parts/{id}").Status HttpStatusCode.NoContent "removed"
              refused HttpStatusCode.NotFound (get server $"/api/parts/{id}") |> ignore
              Expect.isFalse (Directory.Exists(Path.Combine(home (), "parts", id))) "folder"

              for name in [ "\"\""; "\"a\\nb\""; "null"; "7"; $"\"{String('x', 300)}\"" ] do
                  refused HttpStatusCode.BadRequest (post server "/api/parts" (json $"""{{"name":{name}}}""")) |> ignore
          }

          test "photos come as files of a form, as a body and as a frame, each once, and are given back as they came" {
              let server = address ()
              let id = part server "photos"
              let first = Photos.good.Value[0]
              let answer = add server id [ first; Photos.good.Value[1] ]
              Expect.equal (items answer "photos").Length 2 "photos of the form"
              let again = post server $"/api/parts/{id}/photos?name=again.png" (raw (File.ReadAllBytes first))
              Expect.equal again.Status HttpStatusCode.OK "the same photo again"
              Expect.equal (text (items again.Json "photos").Head "name") (nonNull (Path.GetFileName first)) "it keeps its name"
              let frame = post server $"/api/parts/{id}/photos?name=frame&width=4&height=2&format=gray" (raw [| 0uy .. 7uy |])
              Expect.equal frame.Status HttpStatusCode.Created frame.Text
              let photos = items (fine (get server $"/api/parts/{id}")) "photos"
              Expect.equal photos.Length 3 "photos"
              let file = get server (text photos[0] "href")
              Expect.equal file.Bytes (File.ReadAllBytes first) "the file"
              Expect.equal file.Type "image/png" "its type"
              let small = get server (text photos[0] "thumbnail" + "?size=32")
              Expect.equal (ImageFile.ReadShape(ReadOnlySpan small.Bytes, "thumbnail").Width) 32 "width of the thumbnail"
              let pixels = ImageFile.DecodeRgb(ReadOnlySpan (get server (text photos[2] "href")).Bytes, "frame").ToGray().Pixels
              Expect.equal pixels [| 0uy .. 7uy |] "pixels of the frame"
              Expect.equal (delete server (text photos[0] "href")).Status HttpStatusCode.NoContent "taken away"
              refused HttpStatusCode.NotFound (get server (text photos[0] "href")) |> ignore
              Expect.equal (Directory.GetFiles(Path.Combine(home (), "parts", id, "photos"))).Length 2 "files"
          }

          test "what is no photo is named, and the others of the form are kept" {
              let server = address ()
              let id = part server "mixed"
              let good = File.ReadAllBytes Photos.good.Value[0]

              let answer =
                  fine (
                      post
                          server
                          $"/api/parts/{id}/photos"
                          (form [ "cut.png", good[.. good.Length / 2]; "good.png", good; "note.txt", "words"B ])
                  )

              Expect.equal [ for photo in items answer "photos" -> text photo "name" ] [ "good.png" ] "kept"
              Expect.equal [ for finding in items answer "refused" -> text finding "where" ] [ "cut.png"; "note.txt" ] "refused"

              let what, where, _ =
                  refused HttpStatusCode.UnprocessableEntity (post server $"/api/parts/{id}/photos" (form [ "cut.png", good[..100] ]))

              Expect.equal (what, where) ("the image file is truncated", "cut.png") "what and where"
          }

          test "two photos of one name get names of their own" {
              let server = address ()
              let id = part server "twins"
              add server id [ Photos.good.Value[0] ] |> ignore
              let name = nonNull (Path.GetFileName Photos.good.Value[0])
              let other = fine (post server $"/api/parts/{id}/photos" (form [ name, File.ReadAllBytes Photos.good.Value[1] ]))
              Expect.stringStarts (text (items other "photos").Head "name") (name + " ") "name"
          }

          test "a photo that is dark among light ones, and one of another size, are remarked before any training" {
              let server = address ()
              let id = part server "odd"
              add server id Photos.good.Value |> ignore
              Expect.isEmpty (items (fine (get server $"/api/parts/{id}")) "remarks") "remarks on good photos"
              let dark = ImageFile.ReadRgb Photos.others.Value[0]

              for i in 0 .. dark.Pixels.Length - 1 do
                  dark.Pixels[i] <- dark.Pixels[i] / 6uy

              let small = ImageFile.ReadRgb(Photos.others.Value[1]).Crop(0, 0, 40, 30)

              fine (
                  post
                      server
                      $"/api/parts/{id}/photos"
                      (form [ "dark.png", ImageFile.EncodePng dark; "small.png", ImageFile.EncodePng small ])
              )
              |> ignore

              let remarks = items (fine (get server $"/api/parts/{id}")) "remarks"

              let about name =
                  [ for remark in remarks do
                        if text remark "where" = name then text remark "what" ]

              Expect.exists (about "dark.png") (fun what -> what.StartsWith "is darker than the others") "dark"
              Expect.exists (about "small.png") (fun what -> what.StartsWith "is 40×30") "small"
          }

          test "more photos than allowed are refused" {
              running
                  (ServerOptions(Photos.scratch "few", worker, Port = 0, MostPhotos = 2, MostPixels = 5000L, MostBytes = 100_000L))
                  (fun server ->
                      let id = part server "few"

                      let what, _, _ =
                          refused
                              HttpStatusCode.UnprocessableEntity
                              (post
                                  server
                                  $"/api/parts/{id}/photos"
                                  (form [ for i in 1..3 -> $"{i}.png", ImageFile.EncodePng(RasterImage(100, 60, 1)) ]))

                      Expect.stringContains what "has 100×60 pixels, and 5000 are allowed" "what"
                      let small i = $"{i}.png", ImageFile.EncodePng(RasterImage(10 + i, 10, 1))
                      let answer = fine (post server $"/api/parts/{id}/photos" (form [ small 1; small 2; small 3 ]))
                      Expect.equal ((items answer "photos").Length, (items answer "refused").Length) (2, 1) "kept and refused"

                      refused HttpStatusCode.RequestEntityTooLarge (post server $"/api/parts/{id}/photos" (raw (Array.zeroCreate 100_001)))
                      |> ignore)
          }

          test "a region is drawn as polygons or a mask, is told as a picture, and a model that does not look at it is stale" {
              let server = address ()
              let id = trainedAnew ()
              let region = $"/api/parts/{id}/region"
              Expect.isFalse ((fine (get server $"/api/parts/{id}")).GetProperty("stale").GetBoolean()) "stale before"
              let drawn = fine (put server region (json """{"polygons":[[[0,0],[32,0],[32,64],[0,64]]]}"""))
              Expect.equal (number (drawn.GetProperty "region") "percent") 50.0 "share"
              Expect.isTrue (drawn.GetProperty("stale").GetBoolean()) "stale"
              let mask = get server $"{region}/mask.png"

              let white =
                  ImageFile.DecodeRgb(ReadOnlySpan mask.Bytes, "mask").ToGray().Pixels
                  |> Array.filter (fun value -> value = 255uy)

              Expect.equal white.Length (32 * 64) "white pixels"
              let body = new ByteArrayContent(mask.Bytes)
              body.Headers.ContentType <- Headers.MediaTypeHeaderValue "image/png"
              let painted = fine (put server region body)
              Expect.equal (number (painted.GetProperty "region") "percent") 50.0 "share of the mask"
              Expect.isTrue (isNull' (painted.GetProperty "region") "polygons") "polygons of a mask"
              let _, where, _ = refused HttpStatusCode.BadRequest (put server region (json """{"polygons":[[[0,0],[99,0],[32,64]]]}"""))
              Expect.equal where "polygons" "where"
              refused HttpStatusCode.BadRequest (put server region (json """{"polygons":[[[0,0],[9]]]}""")) |> ignore
              refused HttpStatusCode.BadRequest (put server region (json """{"polygons":[null]}""")) |> ignore

              for wrong in [ "{"; """{"polygons":null}"""; """{"polygons":[[[0.5,0],[9,0],[9,9]]]}""" ] do
                  refused HttpStatusCode.BadRequest (put server region (json wrong)) |> ignore

              refused
                  HttpStatusCode.UnprocessableEntity
                  (put server region (json """{"polygons":[[[0,0],[9,0],[9,9]]],"width":100,"height":20}"""))
              |> ignore

              Expect.isTrue (isNull' (fine (put server region (json "null"))) "region") "no region"
          }

          test "what somebody has removed from the server's folder is told without its path, and can be put back or removed" {
              let options = options (Photos.scratch "tidied")
              let id = furnish options.Home
              let inPart path = Path.Combine(options.Home, "parts", id, path)

              running options (fun server ->
                  let said status answer =
                      let what, where, _ = refused status answer
                      Expect.isFalse (answer.Text.Contains options.Home) answer.Text
                      what + where

                  Directory.Delete(Path.Combine(options.Home, "uploads"), true)
                  let file = List.head Photos.good.Value
                  let photo = (items (add server id [ file ]) "photos").Head
                  let href = text photo "href"
                  File.Delete(inPart $"""photos/{text photo "id"}""")

                  for path in [ href; href + "/thumbnail" ] do
                      Expect.stringContains (said HttpStatusCode.NotFound (get server path)) "file is gone" path

                  let training = post server $"/api/parts/{id}/trainings" (json quick)
                  Expect.stringContains (said HttpStatusCode.NotFound training) "file is gone" "training"
                  add server id [ file ] |> ignore
                  Expect.equal (get server href).Bytes (File.ReadAllBytes file) "put back"
                  File.Delete(inPart "models/1.falcon")

                  for path in [ "model"; "model/file" ] do
                      Expect.stringContains (said HttpStatusCode.NotFound (get server $"/api/parts/{id}/{path}")) "file is gone" path

                  Expect.stringContains
                      (said HttpStatusCode.NotFound (inspect server id "" (File.ReadAllBytes file)))
                      "file is gone"
                      "inspection"

                  Directory.CreateDirectory(Path.Combine(options.Home, "ready")) |> ignore
                  Expect.stringContains (said HttpStatusCode.ServiceUnavailable (get server "/health/ready")) "cannot be written" "ready"
                  Directory.Delete(inPart "", true)
                  Expect.equal (delete server $"/api/parts/{id}").Status HttpStatusCode.NoContent "removed"
                  Expect.equal ((fine (get server "/api/parts")).GetArrayLength()) 0 "parts")
          }

          test "parts, photos, models and regions survive a restart" {
              let options = options (Photos.scratch "restarted")
              let id = furnish options.Home

              let before =
                  running options (fun server ->
                      fine (put server $"/api/parts/{id}/region" (json """{"polygons":[[[0,0],[60,0],[60,60],[0,60]]]}"""))
                      |> ignore

                      (get server "/api/parts").Text)

              running options (fun server -> Expect.equal (get server "/api/parts").Text before "parts")
          }

          test "a home has one server at a time" {
              let error = raised<Falcon.InvalidInputException>(fun () -> stop (start (options (home ()))))
              Expect.stringContains error.Message "another process works here" "message"
          } ]
