// What a paper needs of every study at hand: tables, figures, a page and a PDF of each, from the store alone; nothing is computed.
//
//   ./falcon run experiments/paper.fsx [--store DIR] [--out DIR]
#load "falcon.fsx"

open System.IO
open Falcon.Experiments

match Script.parse (fsi.CommandLineArgs |> Array.toList |> List.tail) with
| Error findings ->
    Findings.write stderr findings
    exit 2
| Ok arguments ->
    let out = arguments.Runtime.Out |> Option.defaultValue (Path.Combine("reports", "paper"))

    match Report.studies arguments.Runtime with
    | [] -> eprintfn "No study has run yet. Run one, for example experiments/first-run.fsx."
    | studies ->
        for name, results in studies do
            let folder = Path.Combine(out, name)
            let page = Report.ofResults arguments.Runtime results folder (Report.complete (Report.metrics results))
            printfn $"{name}: {page}"

            try
                let document, complaints = Report.compile folder
                complaints |> List.iter (eprintfn "warning: %s")
                printfn $"{name}: {document}"
            with :? Falcon.InvalidInputException as error ->
                eprintfn $"warning: {error.Message}"
