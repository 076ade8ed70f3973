module Falcon.Core.Tests.Watching.FolderWatchTests

open System
open System.Collections.Concurrent
open System.IO
open System.Threading
open System.Threading.Tasks
open Expecto
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Core.Tests.Imaging.Encoders
open Falcon.Core.Tests.Watching.PartPhotos
open Falcon.Data
open Falcon.Detection
open Falcon.Methods
open Falcon.Randomness
open Falcon.Tests
open Falcon.Watching

let private detector =
    lazy
        (use folder = new Scratch.Folder()

         let photos =
             [| for seed in 1..4 do
                    File.WriteAllBytes(folder.File $"{seed}.png", png seed false)
                    ImageItem(folder.File $"{seed}.png", $"{seed}.png", "good", false) |]

         let teacher = Teacher.Random("compact", MasterSeed 1L, PatchCoreOptions(Backbone = "compact").DeepestTap)

         CalibratedTraining.Run(
             PatchCoreOptions(Backbone = "compact", InputSize = 64, WhiteLevel = Nullable 4095),
             teacher,
             photos,
             MasterSeed 0L
         ))

/// What arrives is put aside and moved into place, as careful programs do.
let private put (folder: string) (name: string) (bytes: byte array) =
    Directory.CreateDirectory(string (Path.GetDirectoryName(Path.Combine(folder, name)))) |> ignore
    let aside = Path.Combine(folder, $".{Guid.NewGuid()}")
    File.WriteAllBytes(aside, bytes)
    File.Move(aside, Path.Combine(folder, name), true)

/// Lets a watch run until it has said so much, or for a second; then what it has said.
let private recordsOf (watch: FolderWatch) count =
    use cancellation = new CancellationTokenSource(TimeSpan.FromSeconds 20.0)
    let records = ResizeArray<WatchRecord>()

    try
        for record in watch.Run cancellation.Token do
            records.Add record
            // What else comes shortly after is one too many.
            if records.Count = count then cancellation.CancelAfter 300
    with :? OperationCanceledException ->
        ()

    List.ofSeq records

let private names (records: WatchRecord list) = [ for record in records -> record.File ]

let private watch (folder: Scratch.Folder) (outputs: (unit -> IWatchOutput) list) warn =
    Directory.CreateDirectory(folder.File "photos") |> ignore

    new FolderWatch(
        detector.Value,
        folder.File "photos",
        folder.File "results",
        [ for output in outputs -> Func<IWatchOutput> output ],
        warn,
        Patience = TimeSpan.FromSeconds 0.3
    )

/// An output that takes what it is allowed to.
type private Taking(name, take: WatchRecord -> unit, taken: ConcurrentQueue<int64>) =
    interface IWatchOutput with
        member _.Name = name
        member _.Delivered = Nullable()

        member _.Deliver(record, _, _) =
            take record
            taken.Enqueue record.Number
            Task.CompletedTask

        member _.Dispose() = ()

[<Tests>]
let tests =
    testList
        "Folder watch"
        [ test "every photo that arrives is inspected once, when it is whole, with the bits of a prediction of its file" {
              use folder = new Scratch.Folder()
              use watch = watch folder [] null
              let photos = folder.File "photos"
              put photos "before.png" (png 11 false)
              let slow = png 12 true

              let writing =
                  Task.Run(fun () ->
                      Thread.Sleep 100
                      put photos "below/deep.png" (png 13 false)
                      use file = new FileStream(Path.Combine(photos, "slow.png"), FileMode.Create)
                      file.Write(slow, 0, slow.Length / 2)
                      file.Flush()
                      Thread.Sleep 150
                      file.Write(slow, slow.Length / 2, slow.Length - slow.Length / 2)
                      file.Dispose()
                      File.WriteAllText(Path.Combine(photos, "notes.txt"), "no photo")
                      File.WriteAllBytes(Path.Combine(photos, ".hidden.png"), png 14 false))

              let records = recordsOf watch 3
              writing.Wait()
              Expect.equal [ for record in records -> record.Number ] [ 1L; 2L; 3L ] "numbers"
              let records = records |> List.sortBy _.File
              Expect.equal (names records) [ "before.png"; "below/deep.png"; "slow.png" ] "files"

              for record in records do
                  let item = ImageItem(Path.Combine(photos, record.File), record.File, "unknown", false)
                  let prediction = Seq.exactlyOne (detector.Value.Predict [| item |])
                  Expect.equal (nonNull record.Prediction).Score prediction.Score record.File

              Expect.equal [ for record in records -> (nonNull record.Prediction).Anomalous ] [ false; false; true ] "verdicts"
              let overlay = (nonNull records[2].Prediction).Overlay
              Expect.isTrue (File.Exists(folder.File $"results/{overlay}")) "overlay of the defect"
          }
          test "a photo of 12 bits is inspected as a prediction of its file sees it" {
              use folder = new Scratch.Folder()
              use watch = watch folder [] null
              let gray = (picture 15 true).ToGray()
              let row y = [| for x in 0 .. gray.Width - 1 -> [| int gray.Pixels[y * gray.Width + x] * 4095 / 255 |] |]
              put (folder.File "photos") "deep.png" (Png.deep 0 [| for y in 0 .. gray.Height - 1 -> row y |])
              let record = Seq.exactlyOne (recordsOf watch 1)
              let item = ImageItem(folder.File "photos/deep.png", "deep.png", "unknown", false)
              Expect.equal (nonNull record.Prediction).Score (Seq.exactlyOne (detector.Value.Predict [| item |])).Score "score"
          }
          test "after a restart nothing is inspected twice, nothing is missed, and a photo of the same name with other content is another" {
              use folder = new Scratch.Folder()
              let photos = folder.File "photos"

              let first () =
                  use watch = watch folder [] null
                  put photos "a.png" (png 21 false)
                  put photos "b.png" (png 22 false)
                  recordsOf watch 2 |> names |> List.sort

              Expect.equal (first ()) [ "a.png"; "b.png" ] "first"
              File.SetLastWriteTimeUtc(Path.Combine(photos, "a.png"), DateTime.UtcNow)
              put photos "b.png" (png 23 false)
              put photos "c.png" (png 24 false)
              // A crash has cut the last line.
              File.AppendAllText(folder.File "results/inspections.jsonl", "{\"number\":3,\"file\":\"c.p")
              use again = watch folder [] null
              let records = recordsOf again 2
              Expect.equal (List.sort (names records)) [ "b.png"; "c.png" ] "second"
              Expect.equal [ for record in records -> record.Number ] [ 3L; 4L ] "numbers"
              Expect.equal (File.ReadAllLines(folder.File "results/inspections.jsonl")).Length 4 "lines"
          }
          test "a file that stays unreadable is said once, and inspected when it has become whole" {
              use folder = new Scratch.Folder()
              use watch = watch folder [] null
              let whole = png 31 false
              put (folder.File "photos") "cut.png" whole[.. whole.Length / 2]
              let records = recordsOf watch 1
              Expect.equal (names records) [ "cut.png" ] "files"
              Expect.isNotNull records.Head.Fault "fault"
              put (folder.File "photos") "cut.png" whole
              let records = recordsOf watch 1
              Expect.isNotNull records.Head.Prediction "prediction"
          }
          test "photos that are there before can be left out" {
              use folder = new Scratch.Folder()
              put (folder.File "photos") "old.png" (png 41 false)
              use watch = watch folder [] null
              Expect.equal (watch.SkipPresent()) 1 "left out"
              put (folder.File "photos") "new.png" (png 42 false)
              Expect.equal (names (recordsOf watch 1)) [ "new.png" ] "files"
          }
          test "an output that was away gets everything in order, one that refuses goes on, and a restart sends nothing again" {
              use folder = new Scratch.Folder()
              let late, strict, warnings = ConcurrentQueue(), ConcurrentQueue(), ConcurrentQueue<string>()
              let tries = ref 0

              let away _ =
                  if Interlocked.Increment(&tries.contents) = 1 then
                      raise (IOException "nobody there")

              let refuse (record: WatchRecord) =
                  if record.Number = 1L then
                      raise (InvalidInputException("refuses it", "hook", ""))

              let outputs: (unit -> IWatchOutput) list =
                  [ fun () -> new Taking("late", away, late)
                    fun () -> new Taking("strict", refuse, strict)
                    fun () -> new WatchTable(folder.File "results/inspections.csv") ]

              let run () =
                  use watch = watch folder outputs (Action<string> warnings.Enqueue)
                  recordsOf watch 2 |> ignore
                  Expect.isEmpty (watch.Flush(TimeSpan.FromSeconds 10.0)) "all delivered"

              put (folder.File "photos") "a.png" (png 51 false)
              put (folder.File "photos") "b.png" (png 52 false)
              run ()
              Expect.equal (List.ofSeq late) [ 1L; 2L ] "late"
              Expect.equal (List.ofSeq strict) [ 2L ] "strict"
              Expect.exists warnings (_.Contains("late: record 1 is not delivered (nobody there)")) "away"
              Expect.exists warnings (_.Contains("refuses it")) "refused"

              // A crash has cut the table's last row.
              let table = folder.File "results/inspections.csv"
              let text = File.ReadAllText table
              File.WriteAllText(table, text[.. text.Length - 8])
              put (folder.File "photos") "c.png" (png 53 false)
              put (folder.File "photos") "d.png" (png 54 false)
              run ()
              Expect.equal (List.ofSeq late) [ 1L; 2L; 3L; 4L ] "late"
              let numbers = [ for line in File.ReadAllLines table |> Array.skip 1 -> line.Split(',')[0] ]
              Expect.equal numbers [ "1"; "2"; "3"; "4" ] "rows"
          }
          test "a pipe among the photos is nobody's photo, and a link is what it leads to" {
              if OperatingSystem.IsLinux() then
                  use folder = new Scratch.Folder()
                  use watch = watch folder [] null
                  use pipe = Diagnostics.Process.Start("mkfifo", [ folder.File "photos/a.png" ])
                  pipe.WaitForExit()
                  File.WriteAllBytes(folder.File "frame", png 61 false)
                  File.CreateSymbolicLink(folder.File "photos/latest.png", folder.File "frame") |> ignore
                  File.CreateSymbolicLink(folder.File "photos/loop.png", "loop.png") |> ignore
                  let record = Seq.exactlyOne (recordsOf watch 1)
                  Expect.equal (record.File, record.Bytes) ("latest.png", FileInfo(folder.File "frame").Length) "file and size"
                  File.WriteAllBytes(folder.File "frame", png 62 false)
                  Expect.equal (names (recordsOf watch 1)) [ "latest.png" ] "what it leads to has changed"
          }
          test "an overlay that cannot be drawn is told, and the inspection counts once" {
              use folder = new Scratch.Folder()
              let warnings = ConcurrentQueue<string>()
              use watch = watch folder [] (Action<string> warnings.Enqueue)
              File.WriteAllText(folder.File "results/overlays", "in the way")
              put (folder.File "photos") "bad.png" (png 63 true)
              let record = Seq.exactlyOne (recordsOf watch 1)
              Expect.isTrue (nonNull record.Prediction).Anomalous "verdict"
              Expect.equal (File.ReadAllLines(folder.File "results/inspections.jsonl")).Length 1 "lines"
              Expect.exists warnings (_.Contains("is not drawn")) "told"
          }
          test "a journal that somebody has removed ends the watch: nothing is written to nowhere" {
              use folder = new Scratch.Folder()
              use watch = watch folder [] null
              File.Delete(folder.File "results/inspections.jsonl")
              put (folder.File "photos") "a.png" (png 64 false)
              let error = raised<InvalidInputException>(fun () -> recordsOf watch 1 |> ignore)
              Expect.stringContains error.Message "the journal is gone" "message"
          }
          test "an output that fails in a way of its own is tried again" {
              use folder = new Scratch.Folder()
              let taken, warnings, tries = ConcurrentQueue(), ConcurrentQueue<string>(), ref 0

              let fail _ =
                  if Interlocked.Increment(&tries.contents) = 1 then
                      failwith "no table of that name"

              use watch = watch folder [ fun () -> new Taking("own", fail, taken) ] (Action<string> warnings.Enqueue)
              put (folder.File "photos") "a.png" (png 65 false)
              recordsOf watch 1 |> ignore
              Expect.isEmpty (watch.Flush(TimeSpan.FromSeconds 10.0)) "delivered"
              Expect.equal (List.ofSeq taken) [ 1L ] "records"
              Expect.exists warnings (_.Contains("no table of that name")) "told"
          }
          test "a web hook that leads elsewhere has taken nothing, and one gets records of files that could not be read" {
              use server = new Net.Sockets.TcpListener(Net.IPAddress.Loopback, 0)
              server.Start()
              let asked = ConcurrentQueue<string>()

              let answer (status: string) =
                  task {
                      use! client = server.AcceptTcpClientAsync()
                      use stream = client.GetStream()
                      let buffer = Array.zeroCreate 65536
                      let! read = stream.ReadAsync(Memory buffer)
                      asked.Enqueue(Text.Encoding.UTF8.GetString(buffer, 0, read))

                      do!
                          stream.WriteAsync(
                              ReadOnlyMemory(
                                  Text.Encoding.ASCII.GetBytes $"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                              )
                          )
                  }

              use hook = new WebHook($"http://{server.LocalEndpoint}/in")
              let record = WatchRecord(1L, "a.png", "", 0L, DateTime.UtcNow, DateTime.UtcNow, 1.0, null, "access is denied")
              let deliver () = (hook :> IWatchOutput).Deliver(record, "{}", CancellationToken.None).GetAwaiter().GetResult()
              let elsewhere = answer "302 Found\r\nLocation: /other"
              let error = raised<IOException> deliver
              elsewhere.Wait()
              Expect.stringContains error.Message "it leads to /other" "redirected"
              let fine = answer "200 OK"
              deliver ()
              fine.Wait()
              Expect.equal asked.Count 2 "requests"
              Expect.all asked (fun text -> text.StartsWith "POST /in" && text.Contains "Idempotency-Key: 1-unread") "what was asked"
          }
          test "a second watch on the same results, and a folder that is not there, are refused" {
              use folder = new Scratch.Folder()
              use _ = watch folder [] null
              let second = raised<InvalidInputException>(fun () -> (watch folder [] null).Dispose())
              Expect.stringContains second.Message "Another 'falcon watch'" "second"

              let missing =
                  raised<InvalidInputException>(fun () ->
                      (new FolderWatch(detector.Value, folder.File "nowhere", folder.File "other")).Dispose())

              Expect.stringContains missing.Message "there is no such folder" "missing"
          } ]
