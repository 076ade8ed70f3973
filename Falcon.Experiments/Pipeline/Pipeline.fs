namespace Falcon.Experiments.Pipeline

open System
open System.Collections.Concurrent
open System.Collections.Generic
open System.Text
open System.Threading
open System.Threading.Tasks
open Falcon.Experiments.Store

module Identity =
    [<Literal>]
    let Notes = "notes"

    let ofOutputs (outputs: (string * Digest) list) =
        match outputs |> List.filter (fun (name, _) -> name <> Notes) with
        | [ _, digest ] -> digest
        | outputs -> Digest.ofBytes (Encoding.UTF8.GetBytes(String.Join('\n', [ for name, digest in outputs -> $"{name} {digest.Hex}" ])))

    let of' (result: StageResult) = ofOutputs [ for item in result.Outputs -> item.Key, item.Value.Digest ]

[<Sealed>]
type Pipeline(store: Store, ?cancellation: CancellationToken, ?worker: int, ?workers: int) =
    let cancellation = defaultArg cancellation CancellationToken.None
    let computed = Dictionary<string, int>()

    // What a store has given stays as long as it is open.
    let known = ConcurrentDictionary<Key, StageResult>()

    let count (result: StageResult) (node: Node) =
        match result.Origin with
        | Computed _ ->
            lock computed (fun () ->
                let stage = node.Recipe.Stage

                computed[stage] <-
                    match computed.TryGetValue stage with
                    | true, count -> count + 1
                    | false, _ -> 1)
        | Found -> ()

    /// The application with its inputs by content, once these are known.
    let byContent (node: Node) (result: Node -> StageResult) =
        let input source =
            match source with
            | Known digest -> Content digest
            | Made source -> Content(Identity.of' (result source))

        StageCall.create node.Recipe.Stage node.Recipe.Version node.Recipe.Record [ for name, source in node.Sources -> name, input source ]

    let madeFrom (node: Node) =
        [ for _, source in node.Sources do
              match source with
              | Made source -> source
              | Known _ -> () ]

    let byRecipe (nodes: Node list) (results: StageResult list) =
        let results = Dictionary [ for node, result in List.zip nodes results -> KeyValuePair(node.Recipe.Key, result) ]
        fun (node: Node) -> results[node.Recipe.Key]

    /// The same work, rotated so that each worker begins elsewhere.
    let rotated (chunks: 'Chunk list) =
        let first = chunks.Length * defaultArg worker 0 / defaultArg workers 1
        List.skip first chunks @ List.take first chunks

    let rec results (nodes: Node list) : StageResult list =
        let distinct = nodes |> List.distinctBy _.Recipe.Key

        let found, missing =
            distinct
            |> List.partitionWith (fun node ->
                match known.TryGetValue node.Recipe.Key with
                | true, result -> Choice1Of2(node, result)
                | false, _ ->
                    match Store.tryFind store node.Recipe with
                    | Ok result -> Choice1Of2(node, result)
                    | Error _ -> Choice2Of2 node)

        let computed = missing |> List.groupBy _.Work |> List.collect (snd >> together)
        let all = found @ computed

        for node, result in all do
            known[node.Recipe.Key] <- result

        let result = byRecipe (List.map fst all) (List.map snd all)
        List.map result nodes

    /// Nodes of one work, a few at a time; what the next few read is made while the present ones are computed.
    and together (nodes: Node list) : (Node * StageResult) list =
        let chunks = nodes |> List.chunkBySize nodes.Head.Work.Size |> rotated

        let sources (chunk: Node list) =
            let sources = chunk |> List.collect madeFrom |> List.distinctBy _.Recipe.Key
            byRecipe sources (results sources)

        let rec next (ahead: Task<Node -> StageResult>) chunks =
            match chunks with
            | [] -> []
            | chunk :: rest ->
                cancellation.ThrowIfCancellationRequested()
                let made = ahead.GetAwaiter().GetResult()

                let ahead =
                    match rest with
                    | following :: _ -> Task.Run(Func<Node -> StageResult>(fun () -> sources following))
                    | [] -> ahead

                let here =
                    try
                        compute chunk made
                    with _ ->
                        // Nothing may still use the store when the failure is told.
                        (ahead :> Task).ContinueWith(ignore<Task>).Wait()
                        reraise ()

                here @ next ahead rest

        next (Task.FromResult(sources chunks.Head)) chunks

    and compute (nodes: Node list) (made: Node -> StageResult) : (Node * StageResult) list =
        let calls = [ for node in nodes -> byContent node made ]
        let byCall = Dictionary [ for call, node in List.zip calls nodes -> KeyValuePair(call.Key, node) ]

        let input (node: Node) =
            let sources = dict node.Sources

            node.Input(fun name ->
                match sources[name] with
                | Made source -> made source
                | Known _ -> invalidOp $"'{name}' is not made by a stage")

        let run (missing: StageCall list) workspace = nodes.Head.Work.Compute [ for call in missing -> input byCall[call.Key] ] workspace

        [ for node, (call: StageCall), result in List.zip3 nodes calls (Store.getOrRunAll store cancellation calls run) do
              count result node

              if call.Key <> node.Recipe.Key then Store.alias store node.Recipe result

              node, result ]

    member _.Computed = lock computed (fun () -> Map [ for item in computed -> item.Key, item.Value ])

    member _.Results nodes = results nodes

    member _.GetAll(artifacts: Artifact<'Value> list) =
        [ for artifact, result in List.zip artifacts (results [ for artifact in artifacts -> artifact.Node ]) -> artifact.Read result ]

    member this.Get(artifact: Artifact<'Value>) = this.GetAll [ artifact ] |> List.head

module Pipeline =
    let notes = Identity.Notes

    let tryByContent (store: Store) (node: Node) =
        let input source =
            match source with
            | Known digest -> Some(Content digest)
            | Made made ->
                match Store.probe store made.Recipe with
                | Ok entry -> Some(Content(Identity.ofOutputs [ for item in entry.Outputs -> item.Key, item.Value.Digest ]))
                | Error _ -> None

        let inputs = [ for name, source in node.Sources -> name, input source ]

        if inputs |> List.forall (snd >> Option.isSome) then
            let recipe = node.Recipe
            Some(StageCall.create recipe.Stage recipe.Version recipe.Record [ for name, input in inputs -> name, input.Value ])
        else
            None
