/// The images that --data and --category name.
module Falcon.Cli.DataArgument

open Falcon
open Falcon.Data
open Falcon.Protocol
open Falcon.Results

/// The category; it may be left out where there is only one.
let openCategory folder (category: string option) =
    let source = DataFolder.Detect folder

    match category, List.ofSeq source.Categories with
    | Some name, _ -> source.Open name
    | None, [ only ] -> source.Open only
    | None, names ->
        let names = names |> String.concat ", "
        raise (InvalidInputException("there are several categories here", folder, $"Choose one with --category: {names}."))

/// Looks at all files of the category: raises what would break a run, says what makes its numbers doubtful.
let private inspect session (category: Category) (needs: DataNeeds) =
    let found = DataCheck.Find(category, needs, session.Options.Threads, session.Cancellation)

    for warning in found.Warnings do
        Session.warn session (string warning)

    found.ThrowIfUnusable()

/// The data set that --auxiliary names, with masks: those categories, or all.
let auxiliary session folder (categories: string list) normals seed =
    let source = DataFolder.Detect folder
    let names = if categories.IsEmpty then List.ofSeq source.Categories else categories
    let opened = [| for name in names -> source.Open name |]

    for category in opened do
        inspect session category (DataNeeds(1, Test = true, Masks = System.Nullable true))

    AuxiliarySet.Of(source.Name, opened, normals, seed)

/// The training images that a run chooses.
let shots session (category: Category) (sampler: ShotSampler) (shots: ShotCount) seed whiteLevel =
    let count = Option.ofNullable shots.Number |> Option.defaultValue 1
    inspect session category (DataNeeds(Shots = count, WhiteLevel = whiteLevel))
    sampler.Select(category, count, seed)

/// The test images, both good and anomalous ones.
let testImages session (category: Category) whiteLevel =
    inspect session category (DataNeeds(Test = true, WhiteLevel = whiteLevel))
    category.TestImages
