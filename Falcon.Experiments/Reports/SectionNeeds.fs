/// What sections of a report need of a study, so that one that cannot be made is known before anything runs.
module internal Falcon.Experiments.SectionNeeds

open System
open Falcon
open Falcon.Metrics
open Falcon.Results

/// How large a study is, as far as sections depend on it.
type Extent =
    {
        Metrics: Metric list
        /// Methods with what sets them apart.
        Methods: int
        /// Of all data sets.
        Categories: int
        /// Different numbers of training images.
        Shots: int
        /// Of the longest training.
        Epochs: int
    }

let private count (project: 'Item -> 'Part) items = items |> List.distinctBy project |> List.length

let ofSweep (sweep: Sweep) =
    let epochs (method: Methods.MethodOptions) = if method.Plan.Steps.HasValue then 2 else method.Epochs

    { Metrics = sweep.Metrics
      Methods = sweep.Cells |> count (fun cell -> (Cell.label cell).Title)
      Categories = sweep.Cells |> count (fun cell -> cell.Data.Name, cell.Category)
      Shots = sweep.Cells |> count _.Shots
      Epochs = 0 :: [ for cell in sweep.Cells -> epochs cell.Method ] |> List.max }

let ofResults (cells: CellResult list) =
    let epochs (cell: CellResult) =
        match cell.Losses with
        | null -> 0
        | losses -> Seq.fold (fun longest (loss: LossCurve) -> max longest loss.Values.Count) 0 losses

    { Metrics = cells |> List.collect (fun cell -> [ for value in cell.Metrics -> value.Metric ]) |> List.distinct
      Methods = cells |> count _.Method.Title
      Categories = cells |> count (fun cell -> cell.DataSet, cell.Category)
      Shots = cells |> count _.Protocol.Shots
      Epochs = 0 :: List.map epochs cells |> List.max }

/// What a section needs beside its metrics, in words, and whether a study has it.
let private need (words: string list) extent =
    match words with
    | "table" :: "ablation" :: _ -> Some("two variants", extent.Methods >= 2)
    | "table" :: "comparisons" :: _ -> Some("two methods", extent.Methods >= 2)
    | "plot" :: "shots" :: _ -> Some("two numbers of shots", extent.Shots >= 2)
    | "plot" :: "critical-difference" :: _ -> Some("three methods and two categories", extent.Methods >= 3 && extent.Categories >= 2)
    | "plot" :: "training" :: _ -> Some("a method that trains for two epochs or more", extent.Epochs >= 2)
    | _ -> None

let private metrics words =
    [ for word in words do
          try
              Metric.Parse word
          with :? InvalidInputException ->
              () ]

/// What a study lacks for a section; nothing for a section of its own.
let private missing extent (section: Section) =
    match List.ofArray (section.Text.Split ' ') with
    | "own" :: _ -> []
    | words ->
        [ for metric in metrics words do
              if not (List.contains metric extent.Metrics) then
                  Finding(
                      $"shows {metric.Title}, which is not measured",
                      $"section '{section.Text}'",
                      $"Add {metric} to the study's metrics, or leave the section away."
                  )

          match need words extent with
          | Some(what, false) -> Finding($"needs {what}", $"section '{section.Text}'", "Give the study more, or leave the section away.")
          | Some _
          | None -> () ]

/// Why a section cannot be made of a study; nothing where it can, or need not be.
let faults extent (section: Section) = if section.IsOptional then [] else missing extent section

/// The sections that can be made of a study, and why others cannot.
let possible extent (sections: Section list) =
    sections |> List.filter (missing extent >> List.isEmpty), sections |> List.collect (faults extent)
