namespace Falcon.Experiments

/// What sweeps vary about a cell: rows of a report show it even where the value is the published one. It says nothing of what the cell computes, so cells that
/// differ here alone are equal.
[<Sealed>]
type Swept internal (options: string list, notes: (string * string) list) =
    /// Nothing.
    static member Nothing = Swept([], [])

    /// The names of options, as JSON has them.
    member internal _.Options = options

    /// What else varies: the axis and the value on it.
    member internal _.Notes = notes

    /// The same with what a further axis varies.
    member internal _.With(further: string list, note: (string * string) option) =
        let replaced = note |> Option.map fst

        Swept(
            options @ List.except options further,
            [ for name, value in notes do
                  if Some name <> replaced then name, value ]
            @ Option.toList note
        )

    /// What both vary.
    member internal this.And(other: Swept) =
        (this, other.Notes) ||> List.fold (fun swept note -> swept.With([], Some note)) |> _.With(other.Options, None)

    override _.ToString() = ""
    override _.GetHashCode() = 0
    override _.Equals other = other :? Swept
