namespace Falcon.Experiments

open System
open System.Text
open System.Text.Json
open System.Text.RegularExpressions
open Falcon.Experiments.Store
open Falcon.Results

type RunDifference = { What: string; First: string; Second: string }

module RunComparison =
    /// Fields by name, for a side-by-side look; equal ones are left out.
    let private differing (first: (string * string) list) (second: (string * string) list) =
        let a, b = Map first, Map second
        let value fields name = Map.tryFind name fields |> Option.defaultValue ""

        [ for name in List.map fst first @ List.map fst second |> List.distinct do
              if value a name <> value b name then
                  { What = name; First = value a name; Second = value b name } ]

    /// Each image and what is read of it is an input of its own; of these it is told once that they differ.
    let private trained (run: Run) =
        match StageCall.ofDocument run.Document with
        | None -> []
        | Some call ->
            let isImage (name: string) = Regex.IsMatch(name, @"^image \d")
            let inputs = [ for item in call.Inputs -> item.Key, string item.Value ]
            let images, others = inputs |> List.partition (fst >> isImage)
            let names = images |> List.map (fun (name, _) -> name.Split(' ')[2]) |> List.distinct

            [ yield! Canonical.leaves "training" call.Record
              "training version", string call.Version
              if not images.IsEmpty then
                  "training images", String.Join(" ", names)
                  "content of the training images", (Digest.ofBytes (Encoding.UTF8.GetBytes(String.Join('\n', List.map snd images)))).Hex
              yield! others |> List.map (fun (name, value) -> $"training {name}", value) ]

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

              for name, value in Canonical.leaves "provenance" (Canonical.ofElement provenance.RootElement) do
                  name, value ]

    let differences first second =
        let fields run = ("state", string run.State) :: trained run @ result run
        differing (fields first) (fields second)
