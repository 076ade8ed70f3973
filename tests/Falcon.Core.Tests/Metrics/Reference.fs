/// Figures of scikit-learn, stored by reference/scikit-learn.py with the version that made them.
module Falcon.Core.Tests.Reference

open System
open System.IO
open System.Text.Json

type Case = { Labels: bool[]; Scores: float32[]; Auroc: float; AveragePrecision: float; F1Max: float }

let cases () =
    use file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "reference", "scikit-learn.json"))
    use document = JsonDocument.Parse file

    [ for case in document.RootElement.GetProperty("cases").EnumerateArray() ->
          let number (name: string) = case.GetProperty(name).GetDouble()

          { Labels = [| for label in case.GetProperty("labels").EnumerateArray() -> label.GetInt32() = 1 |]
            Scores = [| for score in case.GetProperty("scores").EnumerateArray() -> score.GetSingle() |]
            Auroc = number "auroc"
            AveragePrecision = number "ap"
            F1Max = number "f1Max" } ]
