namespace Falcon.Experiments

open System
open System.Collections.Generic
open System.IO
open System.Text.Json
open System.Threading
open Falcon
open Falcon.Data
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store

type Inspected = { Category: Category; Digests: IReadOnlyDictionary<string, Digest>; Report: DataReport }

module Inspection =
    let private files (category: Category) =
        [ for item in Seq.append category.TrainImages category.TestImages do
              item.Path
              yield! Option.ofObj item.MaskPath |> Option.map DefectMask.Files |> Option.toList |> Seq.concat
              yield! Option.toList (Option.ofObj item.RegionPath) ]

    let digests (store: Store) category : IReadOnlyDictionary<string, Digest> =
        let files = files category
        let digests = Dictionary()

        for file, digest in Seq.zip files (store.FileDigests.TryOfFiles files) do
            match digest with
            | Ok digest -> digests[file] <- digest
            | Error _ -> ()

        digests

    let digest (digests: IReadOnlyDictionary<string, Digest>) category =
        if files category |> List.forall digests.ContainsKey then
            let images = Seq.append category.TrainImages category.TestImages
            Some(DataDigest.Of(images, (fun path -> digests[path].Hex)))
        else
            None

    /// Where a finding is, without the folder of the category, which is no part of what was checked.
    let private anywhere (category: Category) (finding: Finding) =
        [| finding.What; finding.Where.Replace(category.Folder, "\000"); finding.Fix |]

    let private here (category: Category) (parts: string array) = Finding(parts[0], parts[1].Replace("\000", category.Folder), parts[2])

    let private stage (category: Category) (needs: DataNeeds) (find: unit -> DataReport) =
        let check () (_: Workspace) =
            let warnings = [| for warning in (find ()).Warnings -> anywhere category warning |]
            [ "warnings", Output.Bytes(JsonSerializer.SerializeToUtf8Bytes warnings) ]

        { Name = "data-check"
          Version = 4
          Libraries = [ Stages.Libraries.decoder ]
          Record =
            Canonical.ofValue
                {| Shots = needs.Shots
                   Test = needs.Test
                   Masks = Option.ofNullable needs.Masks
                   MaskLevel = Option.ofNullable category.MaskThreshold.Level
                   Train = category.TrainImages.Count
                   WhiteLevel = Option.ofNullable needs.WhiteLevel
                   Remarks = [ for remark in Seq.append category.Remarks category.Faults -> Array.toList (anywhere category remark) ]
                   MasksOfGood = [ for mask in category.MasksOfGood -> mask.Replace(category.Folder, ""), string (FileInfo(mask).Length) ]
                   LooseMasks = [ for mask in category.LooseMasks -> mask.Replace(category.Folder, "") ] |}
          Work = Work.Alone check
          Read =
            fun result ->
                let warnings = File.ReadAllBytes (Seq.exactlyOne result.Outputs.Values).Path
                [ for parts in nonNull (JsonSerializer.Deserialize<string array array>(ReadOnlySpan warnings)) -> here category parts ] }

    let check store workers cancellation category needs =
        let digests = digests store category

        let known path : string | null =
            match digests.TryGetValue path with
            | true, digest -> digest.Hex
            | false, _ -> null

        let find () = DataCheck.Find(category, needs, workers, cancellation, known)

        let report =
            match digest digests category |> Option.bind Digest.tryParse with
            | None -> find ()
            | Some digest ->
                // Errors are never kept: they leave the stage as an exception, which carries no warnings.
                let found = ref None

                let sound () =
                    let report = find ()
                    found.Value <- Some report
                    report.ThrowIfUnusable()
                    report

                try
                    let warnings = Pipeline(store).Get(Reads.known "files" digest () => stage category needs sound)
                    DataReport([||], Array.ofList warnings)
                with :? InvalidInputException when Option.exists (fun (report: DataReport) -> report.Errors.Count > 0) found.Value ->
                    found.Value.Value

        { Category = category; Digests = digests; Report = report }
