namespace Falcon.Experiments

open System.Threading

[<RequireQualifiedAccess; NoEquality; NoComparison>]
type ScriptPurpose =
    | Run
    | Plan
    | Submit of change: (Slurm -> Slurm) * dryRun: bool
    | Task of name: string
    | Last of study: string

module ScriptPurpose =
    let private told = AsyncLocal<ScriptPurpose option>()

    let current () = told.Value |> Option.defaultValue ScriptPurpose.Run

    let set purpose = told.Value <- Some purpose
