/// Requests and what is expected of their answers.
module Falcon.Server.Tests.Http

open System
open System.IO
open System.Net
open System.Net.Http
open System.Net.Http.Headers
open System.Text
open System.Text.Json
open Expecto

let private client =
    new HttpClient(new SocketsHttpHandler(UseCookies = false, AllowAutoRedirect = false), Timeout = TimeSpan.FromSeconds 60.0)

type Answer =
    { Status: HttpStatusCode
      Bytes: byte array
      Headers: HttpResponseHeaders
      Type: string }

    member this.Text = Encoding.UTF8.GetString this.Bytes
    member this.Json = JsonDocument.Parse(this.Bytes).RootElement

let send (server: Uri) (method: HttpMethod) (path: string) (headers: (string * string) list) (body: HttpContent option) =
    use request = new HttpRequestMessage(method, Uri(server, path))
    body |> Option.iter (fun content -> request.Content <- content)

    for name, value in headers do
        request.Headers.TryAddWithoutValidation(name, value) |> ignore

    use response = client.Send request
    use content = response.Content.ReadAsStream()
    use bytes = new MemoryStream()
    content.CopyTo bytes

    { Status = response.StatusCode
      Bytes = bytes.ToArray()
      Headers = response.Headers
      Type = response.Content.Headers.ContentType |> Option.ofObj |> Option.map string |> Option.defaultValue "" }

let get server path = send server HttpMethod.Get path [] None
let delete server path = send server HttpMethod.Delete path [] None

let json (text: string) : HttpContent = new StringContent(text, Encoding.UTF8, "application/json")

let raw (bytes: byte array) : HttpContent =
    let content = new ByteArrayContent(bytes)
    content.Headers.ContentType <- MediaTypeHeaderValue "application/octet-stream"
    content

let post server path body = send server HttpMethod.Post path [] (Some body)
let put server path body = send server HttpMethod.Put path [] (Some body)

/// Files of a form, with the names that they have there.
let form (files: (string * byte array) list) : HttpContent =
    let content = new MultipartFormDataContent()

    for name, bytes in files do
        content.Add(new ByteArrayContent(bytes), "file", name)

    content

/// The JSON of an answer that is fine.
let fine (answer: Answer) =
    if int answer.Status >= 300 then
        failtest $"The answer should be fine and is {int answer.Status}: {answer.Text}"

    answer.Json

/// The finding of an answer that refuses: what, where, fix.
let refused (status: HttpStatusCode) (answer: Answer) =
    Expect.equal answer.Status status answer.Text
    Expect.stringStarts answer.Type "application/problem+json" "type of the answer"
    let problem = answer.Json
    let field (name: string) = nonNull (problem.GetProperty(name).GetString())
    Expect.equal (problem.GetProperty("status").GetInt32()) (int status) "status in the body"
    Expect.isNotEmpty (field "fix") "how to fix it"
    field "what", field "where", field "fix"

let text (value: JsonElement) (name: string) = nonNull (value.GetProperty(name).GetString())
let number (value: JsonElement) (name: string) = value.GetProperty(name).GetDouble()
let items (value: JsonElement) (name: string) = List.ofSeq (value.GetProperty(name).EnumerateArray())
