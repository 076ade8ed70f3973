/// The images that --data and --category name.
module Falcon.Cli.DataArgument

open Falcon
open Falcon.Data

/// The category; it may be left out where there is only one.
let openCategory folder (category: string option) =
    let source = DataFolder.Detect folder

    match category, List.ofSeq source.Categories with
    | Some name, _ -> source.Open name
    | None, [ only ] -> source.Open only
    | None, names ->
        let names = names |> String.concat ", "
        raise (InvalidInputException("there are several categories here", folder, $"Choose one with --category: {names}."))

let private report session (found: DataReport) =
    for warning in found.Warnings do
        Session.warn session (string warning)

    found.ThrowIfUnusable()

/// The training images that a run chooses, after a look at all files of the category.
let shots session (category: Category) count seed =
    report session (DataCheck.Find(category, count, session.Options.Threads, session.Cancellation))
    ShotSampler.Default.Select(category.TrainImages, count, seed)

/// The test images, both good and anomalous ones.
let testImages session (category: Category) =
    report session (DataCheck.Find(category, 0, session.Options.Threads, session.Cancellation))
    let anomalous = category.TestImages |> Seq.filter _.IsAnomalous |> Seq.length

    if anomalous = 0 || anomalous = category.TestImages.Count then
        raise (
            InvalidInputException(
                $"there are {category.TestImages.Count - anomalous} good and {anomalous} anomalous test images, and scores need both",
                category.Folder,
                "Add the missing kind to test/good or test/DEFECT."
            )
        )

    category.TestImages
