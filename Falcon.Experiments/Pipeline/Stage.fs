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

[<Sealed>]
type Reads<'Value>(sources: (string * Source) list, value: (string -> StageResult) -> 'Value) =
    member _.Sources = sources
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
    let known name digest value = Reads([ name, Known digest ], (fun _ -> value))

    let made name (artifact: Artifact<'Value>) = Reads([ name, Made artifact.Node ], (fun result -> artifact.Read(result name)))

    let both (a: Reads<'A>) (b: Reads<'B>) = Reads(a.Sources @ b.Sources, (fun result -> a.Value result, b.Value result))

    let all (items: Reads<'Value> list) = Reads(items |> List.collect _.Sources, (fun result -> [ for item in items -> item.Value result ]))

    let map change (reads: Reads<'A>) = Reads(reads.Sources, (fun result -> change (reads.Value result)))

[<AutoOpen>]
module Composition =
    let (=>) (reads: Reads<'Input>) (stage: Stage<'Input, 'Value>) =
        let input source =
            match source with
            | Known digest -> Content digest
            | Made node -> ResultOf node.Recipe.Key

        let record =
            match stage.Libraries with
            | [] -> stage.Record
            | libraries -> Canonical.withMember "libraries" (Canonical.ofText (String.concat ", " libraries)) stage.Record

        let recipe = StageCall.create stage.Name stage.Version record [ for name, source in reads.Sources -> name, input source ]

        Artifact(Node(recipe, reads.Sources, stage.Work, (fun result -> box (reads.Value result))), stage.Read)
