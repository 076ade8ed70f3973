/// How problems that the user can mend are shown.
module Falcon.Experiments.Findings

open System.IO
open System.Text.RegularExpressions
open Falcon

/// The first three of some names, and how many others there are.
///
///     Findings.few [ "a"; "b"; "c"; "d" ] // a, b, c and 1 more
let few (names: string list) =
    let shown = 3
    let named = names |> List.truncate shown |> String.concat ", "
    if names.Length > shown then $"{named} and {names.Length - shown} more" else named

/// What an exception says, without the places in native code that libtorch puts behind it.
///
///     Findings.message error // all elements of input should be between 0 and 1
let message (error: exn) = Regex.Replace(error.Message, @"\s*Exception raised from .*", "", RegexOptions.Singleline)

/// Of findings that say the same of many places, one that names a few of these and counts the others.
///
///     Findings.grouped findings // …/000.png, …/001.png, …/002.png and 60 more: has no mask
let grouped (findings: Finding seq) =
    let shown = 3

    [ for (what, fix), same in findings |> List.ofSeq |> List.groupBy (fun finding -> finding.What, finding.Fix) do
          if same.Length <= shown then
              yield! same
          else
              Finding(what, few [ for finding in same -> finding.Where ], fix) ]

/// Each finding, how many ever there are.
///
///     Findings.writeAll stderr findings
let writeAll (writer: TextWriter) (findings: Finding seq) =
    for finding in findings do
        writer.WriteLine $"error: {FileName.Shown finding.Where}: {FileName.Shown finding.What}"
        writer.WriteLine $"  fix: {FileName.Shown finding.Fix}"

let write (writer: TextWriter) (findings: Finding seq) =
    let findings = grouped findings

    match findings with
    | [ _ ] -> ()
    | _ -> writer.WriteLine $"falcon: {findings.Length} problems"

    writeAll writer findings
