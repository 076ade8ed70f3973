namespace Falcon.Experiments

open System
open System.Text.Json
open Falcon.Experiments.Store
open Falcon.Results

type RunDifference = { What: string; First: string; Second: string }

module RunComparison =
    let private trained (run: Run) = StageCall.ofDocument run.Document |> Option.map TrainingFields.ofCall |> Option.defaultValue []

    let private shown (value: Nullable<float>) = if value.HasValue then string value.Value else "undefined"

    let private result (run: Run) =
        match run.Result with
        | None -> []
        | Some result ->
            [ "data set", result.DataSet
              "category", result.Category
              "protocol", string result.Protocol
              for value in result.Metrics do
                  $"metric {value.Metric.Name}", shown value.Value
              use provenance = JsonSerializer.SerializeToDocument result.Provenance

              // What a run took is its own, and no difference between two.
              for name, value in Canonical.leaves "provenance" (Canonical.ofElement provenance.RootElement) do
                  if name <> "provenance.WallSeconds" && name <> "provenance.PeakMemoryBytes" then
                      name, value ]

    let differences first second =
        let fields run = ("state", string run.State) :: trained run @ result run

        [ for name, a, b in TrainingFields.differing (fields first) (fields second) -> { What = name; First = a; Second = b } ]
