namespace Falcon.Experiments.Store

open System
open System.IO
open Falcon

type Pin = { Name: string; Keys: Key list }

module Pins =
    let private folder (store: string) = Path.Combine(store, "pins")

    let private path store (name: string) =
        let isAllowed (letter: char) = Char.IsLetterOrDigit letter || "-_.+@ ".Contains letter

        if
            name.Trim() <> name
            || Text.Encoding.UTF8.GetByteCount name > 128
            || name.Trim '.' = ""
            || not (Seq.forall isAllowed name)
        then
            raise (
                InvalidInputException(
                    "is no name for a pin",
                    $"'{name}'",
                    "Use letters, digits, spaces and -_.+@, at most 128 bytes in all."
                )
            )

        Path.Combine(folder store, name)

    let write (session: StoreSession) pin =
        let text = String.Join('\n', [ for key in pin.Keys -> key.Hex ])
        Durable.write (session.NewFile()) (path session.Store pin.Name) (SealedText.seal text)

    let remove store name =
        let path = path store name
        let isThere = File.Exists path
        Durable.delete path
        isThere

    let private read (path: string) =
        let name = nonNull (Path.GetFileName path)

        match SealedText.tryRead path with
        | Some(Ok text) ->
            let keys = text.Split '\n' |> Seq.choose Key.tryParse |> List.ofSeq
            Some(Ok { Name = name; Keys = keys })
        | Some(Error problem) ->
            Some(Error(Finding($"the pin is broken: {problem}", path, $"Pin '{name}' anew, or remove it (falcon cache unpin).")))
        | None -> None

    let all store =
        let pins = Durable.files (folder store) |> List.choose (fst >> read)

        match
            [ for pin in pins do
                  match pin with
                  | Error finding -> finding
                  | Ok _ -> () ]
        with
        | [] ->
            [ for pin in pins do
                  match pin with
                  | Ok pin -> pin
                  | Error _ -> () ]
            |> List.sortBy _.Name
        | findings -> raise (InvalidInputException(List.toArray findings))
