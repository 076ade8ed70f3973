/// A web server on this machine that serves one file, well or badly.
module Falcon.Core.Tests.Weights.FileServer

open System
open System.Collections.Concurrent
open System.IO
open System.Net
open System.Net.Sockets
open System.Text

/// How one request is answered.
type Answer =
    /// The requested range, or the whole file.
    | Serve
    /// As `Serve`, but the connection is cut after this many bytes of content.
    | CutAfter of int
    /// The whole file, whatever range was asked for, cut after this many bytes.
    | WholeCutAfter of int
    /// Only a status line.
    | Status of string

/// Answers the requests in order; the last answer is repeated.
type Server(content: byte array, answers: Answer list) =
    let listener = new TcpListener(IPAddress.Loopback, 0)
    let starts = ConcurrentQueue<int64 option>()

    let serve (stream: Stream) (start: int option) (limit: int) =
        let first = defaultArg start 0
        let rest = content.AsMemory first

        let status =
            match start with
            | Some first -> $"206 Partial Content\r\nContent-Range: bytes {first}-{content.Length - 1}/{content.Length}"
            | None -> "200 OK"

        stream.Write(Encoding.ASCII.GetBytes $"HTTP/1.1 {status}\r\nContent-Length: {rest.Length}\r\nConnection: close\r\n\r\n")
        stream.Write(rest.Slice(0, min limit rest.Length).Span)

    let answer (client: TcpClient) (reply: Answer) =
        use stream = client.GetStream()
        use reader = new StreamReader(stream, Encoding.ASCII)
        let lines = Seq.initInfinite (fun _ -> string (reader.ReadLine())) |> Seq.takeWhile ((<>) "") |> List.ofSeq

        let start =
            lines
            |> List.tryPick (fun line ->
                if line.StartsWith "Range: bytes=" then
                    Some(int (line["Range: bytes=".Length ..].TrimEnd '-'))
                else
                    None)

        starts.Enqueue(Option.map int64 start)

        match reply with
        | Serve -> serve stream start Int32.MaxValue
        | CutAfter count -> serve stream start count
        | WholeCutAfter count -> serve stream None count
        | Status status -> stream.Write(Encoding.ASCII.GetBytes $"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    let rec loop (replies: Answer list) =
        async {
            let! client = listener.AcceptTcpClientAsync() |> Async.AwaitTask

            do
                use client = client
                answer client (List.head replies)

            return! loop (if replies.Length > 1 then List.tail replies else replies)
        }

    do
        listener.Start()
        Async.Start(Async.Catch(loop answers) |> Async.Ignore)

    /// The folder in which the file is.
    member _.Address = Uri $"http://127.0.0.1:{(listener.LocalEndpoint :?> IPEndPoint).Port}/models/"

    /// Where each request so far wanted the content to start; None for requests without a range.
    member _.Starts = List.ofSeq starts

    interface IDisposable with
        member _.Dispose() = listener.Dispose()
