/// The store that --store names.
module Falcon.Cli.StoreArgument

open System.IO
open Falcon
open Falcon.Experiments.Store

let private folder (session: Session) = session.Options.Store |> Option.defaultWith (fun () -> Store.location ".")

/// Opens the store, and makes it when there is none.
let openedOrMade session (action: Store -> 'Result) =
    use store = Store.openAt (folder session)
    action store

/// Opens the store, which must be there already.
let opened session (action: Store -> 'Result) =
    let folder = folder session

    if not (Directory.Exists folder) then
        raise (InvalidInputException("there is no store", Path.GetFullPath folder, "Name one with --store, or run a study first."))

    use store = Store.openAt folder
    action store
