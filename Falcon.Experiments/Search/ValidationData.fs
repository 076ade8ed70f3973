/// The photos of cells as data to choose options with: no test image is among them.
module internal Falcon.Experiments.ValidationData

open System.IO
open System.Text
open Falcon.Data
open Falcon.Experiments.Store
open Falcon.Methods
open Falcon.Randomness

/// What says which photos a cell learns from: cells that share it share their validation data, too.
let private learning (cell: Cell) = cell.Data, cell.Category, cell.Sampler, cell.Shots, cell.Seed, cell.Method.WhiteLevel

/// A share of a cell's photos, held out. The files are drawn when the category is opened.
type private Share(name, cell: Cell, open': unit -> DataSource, root: string, fold, folds, digestOf: string -> Digest) =
    inherit DataSource(name, [ cell.Category ])

    override _.Read category =
        let seed = MasterSeed(int64 cell.Seed)
        let photos = cell.Sampler.Select((open' ()).Open cell.Category, cell.Shots, seed)

        let content =
            [ yield $"{SyntheticValidation.Version} {fold}/{folds} seed {cell.Seed}"
              if cell.Method.WhiteLevel.HasValue then
                  yield $"white {cell.Method.WhiteLevel.Value}"
              for photo in photos do
                  yield $"{photo.RelativeName}\t{(digestOf photo.Path).Hex}" ]
            |> String.concat "\n"

        let folder = Path.Combine(root, (Digest.ofBytes (Encoding.UTF8.GetBytes content)).Hex[..15])
        Directory.CreateDirectory root |> ignore
        let written = SyntheticValidation.Write(folder, name, photos, fold, folds, seed, whiteLevel = cell.Method.WhiteLevel)
        Category(name, category, written.Folder, written.TrainImages, written.TestImages)

/// For each cell its validation data, one data set for each share.
let shares (runtime: Runtime) (store: Store) (folds: int) (cells: Cell list) : (Cell * DataSet list) list =
    let root = Path.Combine(Runtime.store runtime, "validation")

    let made =
        dict
            [ for cell in cells |> List.distinctBy learning ->
                  let open' () = Preparation.source runtime cell.Data

                  learning cell,
                  [ for fold in 0 .. folds - 1 ->
                        let name = $"{cell.Data.Name} held out {fold + 1} of {folds}, {Shots.text cell.Shots} seed{cell.Seed}"
                        Data.from (Share(name, cell, open', root, fold, folds, store.FileDigests.OfFile)) ] ]

    [ for cell in cells -> cell, made[learning cell] ]
