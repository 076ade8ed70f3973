/// How problems that the user can mend are shown.
module Falcon.Experiments.Findings

open System.IO
open Falcon

let write (writer: TextWriter) (findings: Finding seq) =
    let findings = Seq.toList findings

    match findings with
    | [ _ ] -> ()
    | _ -> writer.WriteLine $"falcon: {findings.Length} problems"

    for finding in findings do
        writer.WriteLine $"error: {finding.Where}: {finding.What}"
        writer.WriteLine $"  fix: {finding.Fix}"
