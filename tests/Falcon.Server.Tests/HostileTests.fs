module Falcon.Server.Tests.HostileTests

open System
open System.IO
open System.Net
open System.Net.Http
open System.Net.Sockets
open System.Text
open System.Threading
open Expecto
open Falcon.Server
open Falcon.Tests
open Http
open Servers

/// A PNG file that claims a size and holds nothing.
let private claiming (width: uint32) (height: uint32) =
    let bigEndian (value: uint32) = Array.rev (BitConverter.GetBytes value)

    let chunk (kind: byte array) (content: byte array) =
        Array.concat [ bigEndian (uint32 content.Length); kind; content; [| 0uy; 0uy; 0uy; 0uy |] ]

    Array.concat
        [ [| 0x89uy; 80uy; 78uy; 71uy; 13uy; 10uy; 26uy; 10uy |]
          chunk "IHDR"B (Array.concat [ bigEndian width; bigEndian height; [| 8uy; 2uy; 0uy; 0uy; 0uy |] ])
          chunk "IDAT"B (Array.zeroCreate 64)
          chunk "IEND"B [||] ]

/// Sends bytes as they are; what comes back until the connection ends, or nothing more within some seconds.
let private talk (server: Uri) (bytes: byte array) =
    use client = new TcpClient(server.Host, server.Port, ReceiveTimeout = 15_000)
    use stream = client.GetStream()
    stream.Write(bytes, 0, bytes.Length)
    client.Client.Shutdown SocketShutdown.Send
    use reader = new StreamReader(stream)

    try
        reader.ReadToEnd()
    with :? IOException ->
        ""

let private everything folder =
    Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories)
    |> Array.map (fun path -> Path.GetRelativePath(folder, path))
    |> Set

let private withHeaders server method path headers body = send server method path headers body

[<Tests>]
let tests =
    testList
        "Hostile input"
        [ test "files that lie, end too early or are no images are refused, and the server goes on" {
              let server, id = address (), trained.Value
              let good = File.ReadAllBytes Photos.good.Value[0]
              let what, _, _ = refused HttpStatusCode.UnprocessableEntity (inspect server id "" (claiming 60_000u 60_000u))
              Expect.stringContains what "60000×60000" "what"
              refused HttpStatusCode.RequestEntityTooLarge (inspect server id "" (claiming 16_000u 16_000u)) |> ignore
              refused HttpStatusCode.UnprocessableEntity (inspect server id "" (claiming 0u 10u)) |> ignore
              refused HttpStatusCode.UnprocessableEntity (inspect server id "" (claiming 4_000u 4_000u)) |> ignore
              let random = Random 5

              for length in [ 1; 7; 33; good.Length / 2; good.Length - 1 ] do
                  refused HttpStatusCode.UnprocessableEntity (inspect server id "" good[.. length - 1]) |> ignore

              for _ in 1..40 do
                  let bytes = Array.copy good

                  for _ in 1..20 do
                      bytes[random.Next bytes.Length] <- byte (random.Next 256)

                  let answer = inspect server id "?keep=false" bytes

                  Expect.contains
                      [ HttpStatusCode.OK; HttpStatusCode.UnprocessableEntity; HttpStatusCode.RequestEntityTooLarge ]
                      answer.Status
                      answer.Text

              refused HttpStatusCode.BadRequest (inspect server id "" [||]) |> ignore
              refused HttpStatusCode.BadRequest (post server $"/api/parts/{id}/photos" (form [])) |> ignore
              Expect.equal (inspect server id "" good).Status HttpStatusCode.OK "afterwards"
          }

          test "names never become paths" {
              let server = address ()
              let home = home ()
              let id = part server "../../../etc"
              let outside = Path.GetFullPath(Path.Combine(home, ".."))
              let before = everything outside
              let good = File.ReadAllBytes Photos.good.Value[2]

              for name in
                  [ "../../../../tmp/falcon-evil.png"
                    "..\\..\\evil.png"
                    "/etc/passwd"
                    "a\u0000b.png"
                    "con"
                    String('x', 5000) ] do
                  let name = Uri.EscapeDataString name
                  let answer = post server $"/api/parts/{id}/photos?name={name}" (raw good)
                  Expect.isLessThan (int answer.Status) 500 answer.Text

              fine (post server $"/api/parts/{id}/photos" (form [ "../../../../falcon-evil.png", good ])) |> ignore

              for path in
                  [ "/api/parts/..%2f..%2f..%2fetc"
                    "/api/parts/" + id + "/photos/..%2fpart.json"
                    "/api/jobs/..%2f..%2flock"
                    "/api/inspections/..%2f..%2fparts/image"
                    "/..%2f..%2fetc/passwd"
                    "/index.html%00" ] do
                  let answer = get server path
                  Expect.contains [ HttpStatusCode.NotFound; HttpStatusCode.BadRequest ] answer.Status path

              let made = everything outside - before |> Set.filter (fun path -> not (path.StartsWith $"home/parts/{id}"))

              Expect.isEmpty
                  (made |> Set.filter (fun path -> path.Contains "evil" || path.Contains "passwd"))
                  "files with the names that were sent"
          }

          test "an upload that ends in the middle leaves nothing" {
              let server = address ()
              let id = part server "cut"
              let before = everything (home ())
              let good = File.ReadAllBytes Photos.good.Value[0]
              let head = $"POST /api/parts/{id}/photos HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {good.Length}\r\n\r\n"
              talk server (Array.append (Encoding.ASCII.GetBytes head) good[.. good.Length / 2]) |> ignore
              let boundary = "x"
              let body = $"--{boundary}\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.png\"\r\n\r\n"

              let form =
                  $"POST /api/parts/{id}/photos HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary={boundary}\r\nContent-Length: {body.Length + 100}\r\n\r\n{body}"

              let said = talk server (Array.append (Encoding.ASCII.GetBytes form) (Array.append good[..20] "\r\n"B))
              Expect.isFalse (said.StartsWith "HTTP/1.1 2") said

              SpinWait.SpinUntil((fun () -> Directory.GetFiles(Path.Combine(home (), "uploads")).Length = 0), 5000)
              |> ignore

              Expect.equal
                  (Set.filter (fun (path: string) -> path.Contains id || path.StartsWith "uploads") (everything (home ()) - before))
                  Set.empty
                  "what is new"

              Expect.isEmpty (items (fine (get server $"/api/parts/{id}")) "photos") "photos"
          }

          test "what is no HTTP, headers without end and connections on which nothing is asked do not keep the server from others" {
              let server = address ()
              Expect.isFalse ((talk server "rubbish\r\n\r\n"B).StartsWith "HTTP/1.1 2") "rubbish"

              talk server (Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + String('a', 100_000) + "\r\n\r\n"))
              |> ignore

              use silent = new TcpClient(server.Host, server.Port)
              silent.GetStream().Write("POST /api/parts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n{"B)
              let idle = [ for _ in 1..300 -> new TcpClient(server.Host, server.Port) ]
              Expect.equal (get server "/health/live").Status HttpStatusCode.OK "live"

              for connection in idle do
                  connection.Dispose()
          }

          test "pages of other servers, and names that the server has not, are refused" {
              let server = address ()
              let make headers = withHeaders server HttpMethod.Post "/api/parts" headers (Some(json """{"name":"foreign"}"""))
              let count () = (fine (get server "/api/parts")).GetArrayLength()
              let before = count ()

              for headers in
                  [ [ "Origin", "https://evil.example" ]
                    [ "Origin", "null" ]
                    [ "Origin", $"http://127.0.0.1:{server.Port + 1}" ]
                    [ "Sec-Fetch-Site", "cross-site" ]
                    [ "Sec-Fetch-Site", "same-site" ]
                    [ "Sec-Fetch-Site", "cross-site"; "Sec-Fetch-Mode", "navigate" ]
                    [ "Host", "evil.example" ]
                    [ "Host", $"127.0.0.1.evil.example:{server.Port}" ] ] do
                  refused HttpStatusCode.Forbidden (make headers) |> ignore

              refused HttpStatusCode.Forbidden (withHeaders server HttpMethod.Get "/api/parts" [ "Sec-Fetch-Site", "cross-site" ] None)
              |> ignore

              refused HttpStatusCode.Forbidden (withHeaders server HttpMethod.Get "/" [ "Host", "evil.example" ] None)
              |> ignore

              Expect.equal
                  (withHeaders server HttpMethod.Get "/" [ "Sec-Fetch-Site", "cross-site"; "Sec-Fetch-Mode", "navigate" ] None).Status
                  HttpStatusCode.OK
                  "a link to the page"

              Expect.equal (count ()) before "parts"
              let own = string server.Authority

              Expect.equal
                  (make [ "Origin", $"http://{own}"; "Sec-Fetch-Site", "same-origin" ]).Status
                  HttpStatusCode.Created
                  "the own page"

              Expect.equal (make [ "Host", $"localhost:{server.Port}" ]).Status HttpStatusCode.Created "localhost"
          }

          test "a token is wanted of everybody but the page and the health checks, and a browser gets a cookie for it" {
              let token = "0123456789abcdef-token"

              running (ServerOptions(Photos.scratch "token", worker, Port = 0, Token = token)) (fun server ->
                  let ask path headers = withHeaders server HttpMethod.Get path headers None
                  Expect.equal (get server "/").Status HttpStatusCode.OK "page"
                  Expect.equal (get server "/health/ready").Status HttpStatusCode.OK "ready"

                  for headers in
                      [ []
                        [ "Authorization", "Bearer wrong" ]
                        [ "Authorization", $"Bearer {token}x" ]
                        [ "Authorization", $"Basic {token}" ]
                        [ "Authorization", "Bearer " ]
                        [ "Cookie", "falcon-session=" + String('0', 64) ]
                        [ "Cookie", $"falcon-session={token}" ] ] do
                      let answer = ask "/api/parts" headers
                      refused HttpStatusCode.Unauthorized answer |> ignore
                      Expect.equal (string answer.Headers.WwwAuthenticate) "Bearer" "what is wanted"

                  refused HttpStatusCode.Unauthorized (get server "/api/openapi.json") |> ignore
                  Expect.equal (ask "/api/parts" [ "Authorization", $"Bearer {token}" ]).Status HttpStatusCode.OK "with the token"
                  refused HttpStatusCode.Unauthorized (post server "/api/session" (json """{"token":"wrong"}""")) |> ignore
                  let session = post server "/api/session" (json $"""{{"token":"{token}"}}""")
                  let cookie = Seq.exactlyOne (session.Headers.GetValues "Set-Cookie")
                  Expect.stringContains cookie "httponly" "cookie"
                  Expect.stringContains cookie "samesite=strict" "cookie"
                  Expect.isFalse (cookie.Contains token) "the cookie does not tell the token"
                  Expect.equal (ask "/api/parts" [ "Cookie", cookie.Split(';')[0] ]).Status HttpStatusCode.OK "with the cookie")
          }

          test "another address than the machine's own is refused without a token, and a short token, too" {
              let start token =
                  raised<Falcon.InvalidInputException>(fun () ->
                      stop (start (ServerOptions(Photos.scratch "open", worker, Port = 0, Address = IPAddress.Any, Token = token))))

              Expect.stringContains (start null).Message "Give a token" "without"
              Expect.stringContains (start "secret").Message "guessed too easily" "short"
              Expect.isFalse (Directory.Exists(Photos.scratch "open")) "nothing is made"
          }

          test "a port that is taken is told" {
              let error =
                  raised<Falcon.InvalidInputException>(fun () ->
                      stop (start (ServerOptions(Photos.scratch "taken", worker, Port = (address ()).Port))))

              Expect.stringContains error.Message "--port" "message"
          } ]
