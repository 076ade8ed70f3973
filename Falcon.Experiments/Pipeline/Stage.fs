namespace Falcon.Experiments.Pipeline

open Falcon.Experiments.Store

[<Sealed>]
type Work(size: int, compute: (obj | null) list -> Workspace -> (string * Output) list list) =
    member _.Size = size
    member _.Compute = compute

    static member Together(size: int, compute: 'Input list -> Workspace -> (string * Output) list list) =
        Work(size, (fun inputs -> compute (List.map unbox<'Input> inputs)))

    static member Alone(compute: 'Input -> Workspace -> (string * Output) list) =
        Work(1, (fun inputs workspace -> [ compute (unbox<'Input>(List.exactlyOne inputs)) workspace ]))

[<Sealed; AllowNullLiteral(false)>]
type Node(recipe: StageCall, sources: (string * Source) list, work: Work, input: (string -> StageResult) -> obj | null) =
    member _.Recipe = recipe
    member _.Sources = sources
    member _.Work = work
    member _.Input = input

and Source =
    | Known of Digest
    | Made of Node

/// What a call is told of its inputs, shared by all calls that read them: thousands of cells read the same hundred test images.
[<Sealed>]
type Reads<'Value>(sources: (string * Source) list, inputs: Lazy<Map<string, Input>>, value: (string -> StageResult) -> 'Value) =
    member _.Sources = sources
    member _.Inputs = inputs
    member _.Value = value

type Stage<'Input, 'Value> =
    { Name: string
      Version: int
      Libraries: string list
      Record: Canonical
      Work: Work
      Read: StageResult -> 'Value }

[<Sealed>]
type Artifact<'Value>(node: Node, read: StageResult -> 'Value) =
    member _.Node = node
    member _.Read = read

module Reads =
    let private one name source input value = Reads([ name, source ], lazy Map [ name, input ], value)

    let known name digest value = one name (Known digest) (Content digest) (fun _ -> value)

    let made name (artifact: Artifact<'Value>) =
        one name (Made artifact.Node) (ResultOf artifact.Node.Recipe.Key) (fun result -> artifact.Read(result name))

    /// Few are added to many; which of two of one name stays does not matter, since that is refused.
    let private joined (a: Map<string, Input>) (b: Map<string, Input>) =
        let few, many = if a.Count < b.Count then a, b else b, a
        (many, few) ||> Map.fold (fun all name input -> Map.add name input all)

    let both (a: Reads<'A>) (b: Reads<'B>) =
        Reads(a.Sources @ b.Sources, lazy (joined a.Inputs.Value b.Inputs.Value), (fun result -> a.Value result, b.Value result))

    let all (items: Reads<'Value> list) =
        Reads(
            items |> List.collect _.Sources,
            lazy (items |> List.fold (fun all item -> joined all item.Inputs.Value) Map.empty),
            (fun result -> [ for item in items -> item.Value result ])
        )

    let map change (reads: Reads<'A>) = Reads(reads.Sources, reads.Inputs, (fun result -> change (reads.Value result)))

[<AutoOpen>]
module Composition =
    let (=>) (reads: Reads<'Input>) (stage: Stage<'Input, 'Value>) =
        let record =
            match stage.Libraries with
            | [] -> stage.Record
            | libraries -> Canonical.withMember "libraries" (Canonical.ofText (String.concat ", " libraries)) stage.Record

        let recipe = StageCall.ofInputs stage.Name stage.Version record reads.Sources.Length reads.Inputs.Value

        Artifact(Node(recipe, reads.Sources, stage.Work, (fun result -> box (reads.Value result))), stage.Read)
