module Falcon.Cli.Tests.ProgressTests

open System
open System.IO
open System.Threading
open Falcon.Cli
open Expecto

/// A clock that stands still until it is moved.
type private StandingClock() =
    inherit TimeProvider()
    let mutable ticks = 0L
    member _.Move(seconds: float) = ticks <- ticks + int64 (seconds * float TimeSpan.TicksPerSecond)
    override _.TimestampFrequency = TimeSpan.TicksPerSecond
    override _.GetTimestamp() = ticks

let private track options =
    let clock = StandingClock()
    use error = new StringWriter()

    let session = { Command.session TextWriter.Null error CancellationToken.None with Time = clock; Options = options }

    let result =
        Progress.track session "training" "img" 500L (fun report ->
            for epoch in 1..100 do
                clock.Move 0.8
                report (int64 epoch * 5L) $"epoch {epoch}"

            42)

    Expect.equal result 42 "result"
    error.ToString()

[<Tests>]
let tests =
    testList
        "Progress"
        [ test "without a terminal, progress is a plain line now and then with pace and time left" {
              Golden.check "progress" (track CommonOptions.Defaults)
          }
          test "quiet work says nothing" { Expect.isEmpty (track { CommonOptions.Defaults with Quiet = true }) "track defaults quiet" }
          test "a plain table is aligned text without frames or trailing blanks" {
              use out = new StringWriter()

              ConsoleTable.write
                  (Command.session out TextWriter.Null CancellationToken.None)
                  [ Left "category"; Right "AUROC" ]
                  [ [ "bottle [glass]"; "99.8" ]; [ "screw"; "100.0" ] ]

              Golden.check "table" (out.ToString())
          }
          test "numbers without a JSON form become null" {
              let value = Json.object [ "a", Json.number nan; "b", Json.number 0.5; "c", Json.text "§" ]
              Expect.equal (Json.render value) """{"a":null,"b":0.5,"c":"§"}""" "render value"
          } ]
