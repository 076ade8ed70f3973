namespace Falcon.Experiments

open Falcon

module HostedScript =
    let mutable private words: string list = []
    let mutable private isRead = false
    let mutable private hasFailed = false

    /// Whether a study had cells that are selected, and what is said of those that had none.
    let mutable private hasSelected = false

    let mutable private passedOver: Finding list = []

    /// What is not for the runtime.
    let mutable private foreign: string list = []

    let isHosted () = not words.IsEmpty

    let start purpose (commandLine: string list) =
        let own, others = ScriptOptions.separate (List.tail commandLine)

        match ScriptOptions.read own with
        | Error findings -> raise (InvalidInputException(Array.ofList findings))
        | Ok read ->
            words <- commandLine
            foreign <- others
            isRead <- false
            hasFailed <- false
            hasSelected <- false
            passedOver <- []

            ScriptOptions.prevail purpose read

    let given () = words

    let commandLine () =
        isRead <- true
        Array.ofList words

    let mutable private notAskedFor: unit -> string list = fun () -> []

    let watch unread = notAskedFor <- unread

    let private refusal (word: string) =
        let name = word.Split('=', 2)[0]
        let known = ScriptOptions.names ()

        if List.contains name ScriptOptions.ofScripts then
            Some(Finding("this script does not read it", name, "Leave it out, or put the study into Script.run, which reads it."))
        elif name.StartsWith "--" then
            Some(Finding("there is no such option", name, NearestName.suggestion (List.except ScriptOptions.ofScripts known) name))
        else
            None

    let beginStudy () =
        match notAskedFor () with
        | [] -> ()
        | names -> raise (InvalidInputException [| for name in names -> Finding("this script does not read it", name, "Leave it out.") |])

        if not isRead && not foreign.IsEmpty then
            if List.exists CommandArguments.isHelp foreign then
                printfn "%s" (ScriptOptions.usage ())
                exit 0

            match List.choose refusal foreign with
            | [] -> raise (InvalidInputException("this script takes no such argument", foreign.Head, "Leave it out."))
            | findings -> raise (InvalidInputException(Array.ofList findings))

    let private toldPages = System.Collections.Generic.HashSet<string>()

    let tell verbosity (page: string) = if verbosity <> Quiet && toldPages.Add page then printfn $"report: {page}"

    let endStudy failed = hasFailed <- hasFailed || failed

    let passesOver nothingSelected =
        match nothingSelected with
        | Some finding when isHosted () ->
            passedOver <- passedOver @ [ finding ]
            true
        | _ ->
            hasSelected <- true
            false

    let finish () =
        beginStudy ()

        if not (hasSelected || passedOver.IsEmpty) then
            raise (InvalidInputException(Array.ofList passedOver))

        hasFailed
