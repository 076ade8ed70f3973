/// How runs are named everywhere: by their id or key, by the beginning of one, or by a pattern in which `*` stands for anything.
module internal Falcon.Experiments.RunName

open System
open System.IO.Enumeration

/// Whether a name means the run of an id and a key.
let matches (name: string) (id: string) (key: string) =
    if name.Contains '*' || name.Contains '?' then
        FileSystemName.MatchesSimpleExpression(name, id, ignoreCase = false)
    else
        id.StartsWith(name, StringComparison.Ordinal) || key <> "" && key.StartsWith(name, StringComparison.Ordinal)
