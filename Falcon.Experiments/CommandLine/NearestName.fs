module Falcon.Experiments.NearestName

open System

/// Edits (insert, delete, replace, swap neighbours) that turn one word into the other; letter case does not count.
///
///     NearestName.distance "epohcs" "epochs" // 1
let distance (a: string) (b: string) =
    let a, b = a.ToLowerInvariant(), b.ToLowerInvariant()
    let edits = Array2D.zeroCreate (a.Length + 1) (b.Length + 1)

    for i in 0 .. a.Length do
        for j in 0 .. b.Length do
            edits[i, j] <-
                if i = 0 || j = 0 then
                    i + j
                else
                    let replace = edits[i - 1, j - 1] + (if a[i - 1] = b[j - 1] then 0 else 1)
                    let plain = min replace (1 + min edits[i - 1, j] edits[i, j - 1])

                    if i > 1 && j > 1 && a[i - 1] = b[j - 2] && a[i - 2] = b[j - 1] then
                        min plain (edits[i - 2, j - 2] + 1)
                    else
                        plain

    edits[a.Length, b.Length]

/// The candidate that the word was probably meant to be: the closest one, if a third of its letters or fewer differ.
///
///     NearestName.find [ "epochs"; "steps" ] "epohcs" // Some "epochs"
let find (candidates: string seq) (word: string) =
    candidates
    |> Seq.map (fun candidate -> candidate, distance candidate word)
    |> Seq.filter (fun (candidate, edits) -> edits <= max 1 (min candidate.Length word.Length / 3))
    |> Seq.sortBy snd
    |> Seq.tryHead
    |> Option.map fst

/// A sentence for an error message: the nearest candidate, or all of them.
///
///     NearestName.suggestion [ "epochs"; "steps" ] "epohcs" // Did you mean 'epochs'?
let suggestion (candidates: string seq) (word: string) =
    match find candidates word with
    | Some candidate -> $"Did you mean '{candidate}'?"
    | None when Seq.isEmpty candidates -> "There are none."
    | None -> $"""There are: {String.Join(", ", candidates)}."""
