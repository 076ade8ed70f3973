namespace Falcon.Cli

open System
open Falcon

/// An option that several verbs accept with one meaning.
[<RequireQualifiedAccess>]
type CommonOption =
    | Device
    | Threads
    | Quiet
    | Json
    | Store
    | Extension

module CommonOption =
    let name =
        function
        | CommonOption.Device -> "--device"
        | CommonOption.Threads -> "--threads"
        | CommonOption.Quiet -> "--quiet"
        | CommonOption.Json -> "--json"
        | CommonOption.Store -> "--store"
        | CommonOption.Extension -> "--extension"

    let usage =
        function
        | CommonOption.Device -> "--device <name>", "where tensors live: cpu (default) or cuda:N"
        | CommonOption.Threads -> "--threads <count>", "threads for each tensor operation; default: all cores"
        | CommonOption.Quiet -> "--quiet", "no progress; warnings stay"
        | CommonOption.Json -> "--json", "print one JSON value on standard output; everything else goes to standard error"
        | CommonOption.Extension ->
            "--extension <dll>",
            "an assembly with methods, metrics or data layouts of your own; repeat it for several, or name them in FALCON_EXTENSIONS"
        | CommonOption.Store -> "--store <folder>", "the folder of the store; default: FALCON_STORE, else .falcon in this folder"

    let private isDevice (value: string) =
        value = "cpu" || value = "cuda" || value.StartsWith "cuda:" && fst (Int32.TryParse(value.Substring 5))

    // Far more than any machine has: each takes memory, and a slip of the keyboard would take all of it.
    [<Literal>]
    let private MostThreads = 1024

    /// Reads an option's value into the options, or says what is wrong with it.
    let private set option (value: string) options =
        match option with
        | CommonOption.Quiet -> Ok { options with Quiet = true }
        | CommonOption.Json -> Ok { options with Json = true }
        | CommonOption.Store -> Ok { options with Store = Some value }
        | CommonOption.Extension -> Ok { options with Extensions = options.Extensions @ [ value ] }
        | CommonOption.Device when isDevice value -> Ok { options with Device = value }
        | CommonOption.Device -> Error(Finding($"'{value}' is not a device", "--device", "Give cpu or cuda:N, for example cuda:0."))
        | CommonOption.Threads ->
            match Int32.TryParse value with
            | true, count when count > 0 && count <= MostThreads -> Ok { options with Threads = count }
            | _ -> Error(Finding($"'{value}' is not a number of threads", "--threads", $"Give a whole number from 1 to {MostThreads}."))

    let private takesValue option = option <> CommonOption.Quiet && option <> CommonOption.Json

    /// Splits the accepted common options from a verb's own arguments.
    let extract (accepted: CommonOption list) (arguments: string list) =
        let rec next options findings rest arguments =
            let apply option value remaining =
                match set option value options with
                | Ok changed -> next changed findings rest remaining
                | Error finding -> next options (finding :: findings) rest remaining

            match arguments with
            | [] -> options, List.rev findings, List.rev rest
            | (argument: string) :: remaining ->
                let parts = argument.Split('=', 2)

                match accepted |> List.tryFind (fun option -> name option = parts[0]) with
                | Some option when not (takesValue option) && parts.Length = 1 -> apply option "" remaining
                | Some option when takesValue option && parts.Length = 2 -> apply option parts[1] remaining
                | Some option when takesValue option ->
                    match remaining with
                    | value :: remaining -> apply option value remaining
                    | [] ->
                        let missing = Finding("its value is missing", parts[0], $"Write it as {fst (usage option)}.")
                        next options (missing :: findings) rest []
                | _ -> next options findings (argument :: rest) remaining

        next CommonOptions.Defaults [] [] arguments
