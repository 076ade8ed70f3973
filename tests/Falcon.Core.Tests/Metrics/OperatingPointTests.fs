module Falcon.Core.Tests.Metrics.OperatingPointTests

open System
open Expecto
open Falcon
open Falcon.Metrics
open Falcon.Tests
open FsCheck
open MathNet.Numerics.Distributions

let private interval events trials =
    let struct (low, high) = ObservedRate(events, trials).Interval()
    low, high

[<Tests>]
let tests =
    testList
        "Operating point"
        [ testTheory
              "the interval of a rate is Clopper and Pearson's"
              // R's binom.test(x, n)$conf.int
              [ 0, 20, 0.0, 0.1684335; 5, 20, 0.0865715, 0.4910459; 20, 20, 0.8315665, 1.0; 1, 83, 0.0003050, 0.0653230 ]
              (fun (events, trials, low, high) ->
                  let actualLow, actualHigh = interval events trials
                  Expect.floatClose (within 2e-5) actualLow low "low"
                  Expect.floatClose (within 2e-5) actualHigh high "high")
          testProperty
              "with the interval's limits as rates, so many events or more, or fewer, have half of what the confidence leaves"
              (fun (PositiveInt trials) (NonNegativeInt some) ->
                  let trials = 1 + trials % 60
                  let events = some % (trials + 1)
                  let low, high = interval events trials
                  let near value = abs (value - 0.025) < 1e-6

                  (events = 0 || near (1.0 - Binomial(low, trials).CumulativeDistribution(float (events - 1))))
                  && (events = trials || near (Binomial(high, trials).CumulativeDistribution(float events))))
          test "an image at the threshold passes; misses are told apart by kind of defect" {
              let images: struct (float * (string | null)) array =
                  [| struct (1.0, null)
                     struct (2.0, null)
                     struct (3.0, null)
                     struct (2.0, "dent")
                     struct (5.0, "dent")
                     struct (4.0, "cut") |]

              let point = OperatingPoint(2.0, images)
              Expect.equal point.FalseAlarms (ObservedRate(1, 3)) "false alarms"
              Expect.equal point.Misses (ObservedRate(1, 3)) "misses"

              Expect.equal
                  (List.ofSeq point.MissesByDefect)
                  [ struct ("cut", ObservedRate(0, 1)); struct ("dent", ObservedRate(1, 2)) ]
                  "misses by defect"

              Expect.floatClose (within 1e-12) point.BalancedAccuracy (2.0 / 3.0) "balanced accuracy"
          }
          testProperty "a ranking of images gives the point that the images give" (fun (scores: (int * bool) list) (threshold: int) ->
              let scores = [ for score, anomalous in scores -> float (score % 5), anomalous ]
              let threshold = float (threshold % 5)
              let ranking = ImageRanking(List.map fst scores, List.map snd scores)

              let images: struct (float * (string | null)) array =
                  [| for score, anomalous in scores ->
                         let defect: string | null = if anomalous then "x" else null
                         struct (score, defect) |]

              let one, other = OperatingPoint(threshold, images), OperatingPoint(threshold, ranking)
              one.FalseAlarms = other.FalseAlarms && one.Misses = other.Misses)
          testTheory
              "a further score of a normal distribution exceeds the limit as often as was stated, also where those of another model are on another level"
              [ 3, 0.05, 1; 5, 0.01, 1; 5, 0.05, 1; 20, 0.1, 1; 5, 0.05, 2; 6, 0.05, 2 ]
              (fun (count, rate, models) ->
                  let draws = Normal(7.0, 2.0, Random 5)
                  let trials = 40000

                  let known () =
                      // Of six scores both models gave as many: the limit lies above the mean of their levels.
                      let other, own = if count % 2 = 0 then 3.0, -3.0 else 9.0, 0.0

                      List.init count (fun i ->
                          draws.Sample()
                          + (if models = 1 then 0.0
                             elif i % 2 = 0 then other
                             else own))

                  let exceeded =
                      Seq.init trials (fun _ -> draws.Sample() > FalseAlarmLimit.Of(known (), rate, models = models))
                      |> Seq.filter id
                      |> Seq.length

                  let deviation = sqrt (rate * (1.0 - rate) / float trials)
                  Expect.isLessThan (abs (float exceeded / float trials - rate)) (4.0 * deviation) "departure from the rate")
          test "the smallest rate has a limit, and smaller ones are none" {
              let limit count = FalseAlarmLimit.Of(List.init count float, FalseAlarmLimit.LeastRate)
              Expect.all [ 3; 4; 5; 8; 30; 209; 5000 ] (fun count -> Double.IsFinite(limit count) && limit count > float count) "limits"
              Expect.all [ 0.0; 1e-300; 0.5; nan ] (FalseAlarmLimit.IsRate >> not) "no rates"
              Expect.throwsT<InvalidInputException> (fun () -> Detection.CalibrationRecord.ParseRate("1e-300", "rate") |> ignore) "in words"
          }
          test "of fewer than three scores the limit is the largest" {
              Expect.equal (FalseAlarmLimit.Of [ 2.0; 3.0 ]) 3.0 "two"
              Expect.equal (FalseAlarmLimit.Of [ 2.0 ]) 2.0 "one"
          }
          test "what so few photos cannot promise is said" {
              Expect.stringContains (nonNull (FalseAlarmLimit.Caution(5, 0.05))) "5 photos alone cannot promise less than 17 %" "five"
              Expect.isNull (FalseAlarmLimit.Caution(30, 0.05)) "thirty"
          }
          test "false alarms, misses and balanced accuracy are those at the limit of the held-out scores" {
              let heldOut = [ 1.0; 1.2; 0.9; 1.1; 1.0 ]
              let ranking = ImageRanking([ 1.0; 1.1; 9.0; 1.2; 8.0; 7.0 ], [ false; false; false; true; true; true ], heldOut)
              let value (metric: Metric) = metric.Of ranking |> Option.ofNullable
              Expect.equal (value (Metric.FalseAlarms())) (Some(1.0 / 3.0)) "false alarms"
              Expect.equal (value (Metric.Misses())) (Some(1.0 / 3.0)) "misses"
              Expect.floatClose (within 1e-12) (value (Metric.BalancedAccuracy())).Value (2.0 / 3.0) "balanced accuracy"
              Expect.equal (value (Metric.Misses 0.4)) (Some 0.0) "a rate that lets more through"
              let threshold = (Metric.FalseAlarms()).Threshold(ranking, null)
              Expect.equal threshold (Nullable(FalseAlarmLimit.Of heldOut)) "threshold"
          }
          test "without held-out scores, or of one class, they are undefined" {
              Expect.isFalse (Metric.FalseAlarms().Of(ImageRanking([ 1.0 ], [ false ]))).HasValue "no held-out scores"
              Expect.isFalse (Metric.Misses().Of(ImageRanking([ 1.0 ], [ false ], [ 1.0; 2.0; 3.0 ]))).HasValue "no defects"
          }
          testTheory
              "their names say the rate and are read back"
              [ Metric.FalseAlarms(); Metric.Misses 0.01; Metric.BalancedAccuracy 0.1 ]
              (fun (metric: Metric) ->
                  Expect.equal (Metric.Parse metric.Name) metric metric.Name
                  Expect.equal (Metric.Parse metric.Name).FalseAlarmRate metric.FalseAlarmRate "rate")
          test "a rate of a half or more is refused" {
              Expect.throwsT<InvalidInputException> (fun () -> Metric.Parse "falseAlarms@0.5" |> ignore) "name"
              Expect.throwsT<ArgumentOutOfRangeException> (fun () -> Metric.Misses 0.5 |> ignore) "value"
          } ]
