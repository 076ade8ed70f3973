/// The store that a verb looks into.
module Falcon.Cli.StoreArgument

open System.IO
open Falcon
open Falcon.Experiments.Store

[<Literal>]
let Usage = "the folder of the store; default: FALCON_STORE, else .falcon in this folder"

/// Opens the store, and makes it when there is none.
let openedOrMade (folder: string option) (action: Store -> 'Result) =
    use store = Store.openAt (folder |> Option.defaultWith (fun () -> Store.location "."))
    action store

/// Opens the store, which must be there already.
let opened (folder: string option) (action: Store -> 'Result) =
    let folder = folder |> Option.defaultWith (fun () -> Store.location ".")

    if not (Directory.Exists folder) then
        raise (InvalidInputException("there is no store", Path.GetFullPath folder, "Name one with --store, or run a study first."))

    use store = Store.openAt folder
    action store
