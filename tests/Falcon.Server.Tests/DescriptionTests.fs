module Falcon.Server.Tests.DescriptionTests

open System.Net
open System.Net.Http
open Expecto
open Http
open Servers

[<Tests>]
let tests =
    testList
        "Description"
        [ test "the OpenAPI document describes every operation in words, with bodies and answers" {
              let document = fine (get (address ()) "/api/openapi.json")
              let paths = document.GetProperty("paths").EnumerateObject() |> List.ofSeq
              Expect.stringStarts (text document "openapi") "3." "version"

              for path in paths do
                  for operation in path.Value.EnumerateObject() do
                      Expect.isNotEmpty (text operation.Value "summary") $"{operation.Name} {path.Name}"

              let operations =
                  [ for path in paths do
                        for operation in path.Value.EnumerateObject() -> $"{operation.Name} {path.Name}" ]

              for wanted in
                  [ "post /api/parts"
                    "post /api/parts/{id}/photos"
                    "put /api/parts/{id}/region"
                    "post /api/parts/{id}/trainings"
                    "get /api/jobs/{id}/events"
                    "put /api/parts/{id}/model/threshold"
                    "get /api/parts/{id}/model/file"
                    "post /api/parts/{id}/inspections"
                    "get /api/inspections/{id}/overlay.png"
                    "post /api/inspections/{id}/good"
                    "get /health/ready" ] do
                  Expect.contains operations wanted "operations"

              let photos = document.GetProperty("paths").GetProperty("/api/parts/{id}/photos").GetProperty("post")
              let types = [ for content in photos.GetProperty("requestBody").GetProperty("content").EnumerateObject() -> content.Name ]
              Expect.contains types "multipart/form-data" "bodies of photos"
          }

          test "every answer tells browsers to run nothing from elsewhere, and the page is kept by its digest" {
              let server = address ()
              let page = get server "/"
              Expect.stringStarts page.Type "text/html" "type"

              for answer in [ page; get server "/api/parts"; get server "/nothing" ] do
                  let header (name: string) = Seq.exactlyOne (answer.Headers.GetValues name)
                  Expect.stringContains (header "Content-Security-Policy") "default-src 'none'" "policy"
                  Expect.equal (header "X-Content-Type-Options") "nosniff" "types"
                  Expect.isFalse (answer.Headers.Contains "Server") "name of the server"
                  Expect.isFalse (answer.Headers.Contains "Access-Control-Allow-Origin") "other origins"

              let again = send server HttpMethod.Get "/" [ "If-None-Match", string page.Headers.ETag ] None
              Expect.equal again.Status HttpStatusCode.NotModified "unchanged"
          }

          test "methods and teachers are listed with what a training may name" {
              let server = address ()

              let methods =
                  [ for method in (fine (get server "/api/methods")).EnumerateArray() ->
                        text method "name", method.GetProperty("whyNotHere").ValueKind ]

              Expect.contains methods ("falcon", System.Text.Json.JsonValueKind.Null) "methods"

              Expect.contains
                  [ for teacher in (fine (get server "/api/teachers")).EnumerateArray() do
                        if teacher.GetProperty("atHand").GetBoolean() then text teacher "name" ]
                  "kestrel"
                  "teachers"

              Expect.equal ((fine (get server "/api")).GetProperty("limits").GetProperty("photos").GetInt32()) 200 "limits"
          }

          test "what is not there, and what is not done there, is a problem with a way on" {
              let server = address ()
              refused HttpStatusCode.NotFound (get server "/api/nothing") |> ignore
              refused HttpStatusCode.MethodNotAllowed (delete server "/api/methods") |> ignore
              refused HttpStatusCode.NotFound (get server "/api/jobs/0000000000") |> ignore
          }

          test "values of a wrong kind are named with their field and what is expected, without types of the program" {
              let server = address ()
              let id = part server "kinds"
              let bodies, region = $"/api/parts/{id}/trainings", $"/api/parts/{id}/region"

              for answer, what, where in
                  [ get server "/api/parts/x/model/threshold?falseAlarms=few", "'few' is not a number", "falseAlarms"
                    post server "/api/parts/x/inspections?mergeWithin=1.5" (raw "x"B), "'1.5' is not a whole number", "mergeWithin"
                    post server "/api/parts" (json """{"name":7}"""), "is not a text", "name"
                    post server "/api/parts" (json """{"name":null}"""), "is missing", "name"
                    post server "/api/parts" (json """{"name":"""), "no JSON at line 1, byte 9", "body"
                    post server "/api/parts" (json "[1]"), "is not an object", "body"
                    post server "/api/parts" (json "null"), "there is no body, or null", "body"
                    post server "/api/parts" (json """{"x y":1}"""), "there is no such field", "x y"
                    post server bodies (json """{"shots":"two"}"""), "is not a whole number", "shots"
                    post server bodies (json """{"falseAlarms":[]}"""), "is not a number", "falseAlarms"
                    post server bodies (json """{"options":[1]}"""), "is not an object", "options"
                    post server bodies (json """{"shoots":3}"""), "there is no such field", "shoots"
                    put server region (json """{"polygons":[[[0.5,0]]]}"""), "is not a whole number", "polygons[0][0][0]"
                    put server region (json """{"polygons":[7]}"""), "is not a list", "polygons[0]"
                    put server region (json """{"polygons":null}"""), "is missing", "polygons"
                    put server region (json """{"width":5}"""), "is missing", "polygons"
                    post server "/api/session" (json "{}"), "is missing", "token"
                    put server $"/api/parts/{id}/model/version" (json "{}"), "is missing", "version" ] do
                  let said, place, fix = refused HttpStatusCode.BadRequest answer
                  Expect.stringContains said what answer.Text
                  Expect.equal place where answer.Text

                  for name in [ "System."; "Falcon."; "Nullable"; ".NET"; "Request" ] do
                      Expect.isFalse ((said + fix).Contains name) answer.Text

              for kind in [ "application/json; charset=nonsense"; "text/plain" ] do
                  let body = raw """{"name":"x"}"""B
                  body.Headers.ContentType <- Headers.MediaTypeHeaderValue.Parse kind
                  let _, place, _ = refused HttpStatusCode.UnsupportedMediaType (post server "/api/parts" body)
                  Expect.equal place "Content-Type" kind
          } ]
