/// Slow second implementations of the metrics, straight from their definitions.
module Falcon.Core.Tests.MetricOracles

/// The chance that an anomalous item scores above a normal one, by looking at every pair.
let auroc (items: (float * bool) list) =
    let pairs =
        [ for positive, anomalous in items do
              if anomalous then
                  for negative, alsoAnomalous in items do
                      if not alsoAnomalous then
                          if positive > negative then 1.0
                          elif positive = negative then 0.5
                          else 0.0 ]

    List.average pairs

/// True positives, false positives and false negatives for every distinct score as threshold, from the highest down.
let private confusions (items: (float * bool) list) =
    [ for threshold in items |> List.map fst |> List.distinct |> List.sortDescending do
          let count called anomalous =
              items
              |> List.filter (fun (score, truth) -> (score >= threshold) = called && truth = anomalous)
              |> List.length
              |> float

          threshold, count true true, count true false, count false true ]

let averagePrecision (items: (float * bool) list) =
    confusions items
    |> List.map (fun (_, tp, fp, fn) -> tp / (tp + fn), tp / (tp + fp))
    |> List.fold (fun (sum, before) (recall, precision) -> sum + (recall - before) * precision, recall) (0.0, 0.0)
    |> fst

/// The best F1 score and the highest threshold that reaches it.
let f1Max (items: (float * bool) list) =
    confusions items
    |> List.map (fun (threshold, tp, fp, fn) -> 2.0 * tp / (2.0 * tp + fp + fn), threshold)
    |> List.maxBy fst

/// The regions of a mask whose pixels reach so many columns and rows, each the list of its pixels, by flooding from every pixel not yet reached.
let regionsWithin reach (width: int) (mask: bool[]) =
    let height = mask.Length / width
    let reached = System.Collections.Generic.HashSet<int>()

    let rec flood waiting region =
        match waiting with
        | [] -> region
        | pixel :: rest when not mask[pixel] || not (reached.Add pixel) -> flood rest region
        | pixel :: rest ->
            let y, x = pixel / width, pixel % width

            let neighbours =
                [ for dy in -reach .. reach do
                      for dx in -reach .. reach do
                          if y + dy >= 0 && y + dy < height && x + dx >= 0 && x + dx < width then
                              (y + dy) * width + x + dx ]

            flood (neighbours @ rest) (pixel :: region)

    [ for pixel in 0 .. mask.Length - 1 do
          match flood [ pixel ] [] with
          | [] -> ()
          | region -> region ]

/// The 8-connected regions of a mask.
let regions width mask = regionsWithin 1 width mask

/// AUPRO over maps (width, scores, mask): for every distinct score the false-positive rate and the mean overlap, then the area up to the
/// limit.
let aupro (limit: float) (maps: (int * float32[] * bool[]) list) =
    let normal =
        [ for _, scores, mask in maps do
              for score, anomalous in Array.zip scores mask do
                  if not anomalous then score ]

    let found =
        [ for width, scores, mask in maps do
              for region in regions width mask -> region |> List.map (fun pixel -> scores[pixel]) ]

    let share threshold scores =
        (scores |> List.filter (fun score -> score >= threshold) |> List.length |> float) / float (List.length scores)

    let thresholds =
        [ for _, scores, _ in maps do
              yield! scores ]
        |> List.distinct
        |> List.sortDescending

    let curve =
        (0.0, 0.0)
        :: [ for threshold in thresholds -> share threshold normal, found |> List.averageBy (share threshold) ]

    let area ((x0, y0), (x1, y1)) =
        if x0 >= limit then 0.0
        elif x1 <= limit then (x1 - x0) * (y0 + y1) / 2.0
        else (limit - x0) * (y0 + (y0 + (y1 - y0) * (limit - x0) / (x1 - x0))) / 2.0

    (curve |> List.pairwise |> List.sumBy area) / limit

/// For each region of all maps (width, scores, mask), the share of its pixels that score at least as much as a threshold.
let regionOverlaps (threshold: float) (maps: (int * float32[] * bool[]) list) =
    [ for width, scores, mask in maps do
          for region in regions width mask ->
              (region |> List.filter (fun pixel -> float scores[pixel] >= threshold) |> List.length |> float)
              / float region.Length ]

/// AUPIMO of each image with anomalous pixels: the shared false-positive rate of every distinct score up to the first rate above the upper
/// limit, then the
/// area under the steps over the logarithm of the rate, each from its own rate to the next.
let aupimo (low: float) (high: float) (maps: (int * float32[] * bool[]) list) =
    let share threshold (scores: float32[]) =
        (scores |> Array.filter (fun score -> score >= threshold) |> Array.length |> float) / float scores.Length

    let normal =
        [ for _, scores, mask in maps do
              if not (Array.contains true mask) then scores ]

    let curve =
        [ for _, scores, _ in maps do
              yield! scores ]
        |> List.distinct
        |> List.sortDescending
        |> Seq.map (fun threshold -> threshold, normal |> List.averageBy (share threshold))
        |> Seq.takeWhile (fun (_, rate) -> rate <= high)
        |> List.ofSeq

    let clip rate = min high (max low rate)
    let ends = List.map snd curve @ [ infinity ] |> List.tail

    [ for _, scores, mask in maps do
          if Array.contains true mask then
              let anomalous = Array.zip scores mask |> Array.filter snd |> Array.map fst

              let steps =
                  [ for (threshold, rate), until in List.zip curve ends -> share threshold anomalous * log (clip until / clip rate) ]

              List.sum steps / log (high / low) ]
