/// What the verbs that look at a data set say of each category.
module Falcon.Cli.CategoryCounts

open Falcon
open Falcon.Data
open Falcon.Experiments.Store

let findingsToJson (findings: Finding seq) =
    findings
    |> Seq.map (fun finding ->
        Json.object [ "what", Json.text finding.What; "where", Json.text finding.Where; "fix", Json.text finding.Fix ])
    |> Json.array

let private count (category: Category) predicate = category.TestImages |> Seq.filter predicate |> Seq.length

let anomalous category = count category _.IsAnomalous

let good category = count category (fun image -> not image.IsAnomalous)

let masks category = count category (fun image -> not (isNull image.MaskPath))

/// Looks at categories one after another, each with the store that remembers digests.
let each session (names: string seq) (look: Store -> string -> 'Result) =
    StoreArgument.openedOrMade session (fun store ->
        Progress.track session "reading" "category" (int64 (Seq.length names)) (fun report ->
            [ for index, name in Seq.indexed names do
                  report (int64 index) name
                  look store name ]))
