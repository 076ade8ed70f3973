namespace Falcon.Experiments

open System
open System.IO
open System.Text.Json
open Falcon
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Stages
open Falcon.Experiments.Store
open Falcon.Protocol
open Falcon.Reports
open Falcon.Results

/// A piece that is not whole.
exception private LeftOut of Finding seq

/// Figures, pictures and curves of a report, each a stage of its own: what has not changed comes from the store, whatever else a report shows.
[<Sealed>]
type internal StoredPieces(store: Store) =
    let pipeline = Pipeline store
    let version = 1

    /// The files that a piece consists of, by their names.
    let kept kind (key: string) (make: string -> ReportPiece) =
        let compute (_: unit list) (workspace: Workspace) =
            let folder = Directory.CreateDirectory(Path.Combine(workspace.Folder, "piece")).FullName
            let piece = make folder

            // Something could not be shown: such a piece is tried again next time.
            if piece.Left.Count > 0 then raise (LeftOut piece.Left)

            [ for file in piece.Files -> file, Output.File(Path.Combine(folder, file)) ]

        let stage: Stage<unit list, StageResult> =
            { Name = kind
              Version = version
              Libraries = [ Figure.Drawing; Libraries.decoder ]
              Record = Canonical.ofValue {| Piece = (Digest.ofBytes (Text.Encoding.UTF8.GetBytes key)).Hex |}
              Work = Work.Alone compute
              Read = id }

        pipeline.Get(Reads.all [] => stage)

    let digest (path: string) = (store.FileDigests.OfFile path).Hex

    /// What the curve of a cell's maps depends on.
    let curveKey (limit: float) (source: CellSource) (photos: string) (maps: string) =
        let below (file: string | null) =
            match file with
            | null -> ""
            | file -> Falcon.Data.DefectMask.DigestOf(Path.Combine(photos, file), digest)

        let protocol = source.Cell.Protocol

        [ limit.ToString("R", Globalization.CultureInfo.InvariantCulture)
          string protocol.EvaluationSize
          string (protocol.MaskThreshold |> Option.ofObj |> Option.defaultValue MaskThreshold.Automatic)
          string protocol.RegionOfInterest
          digest maps
          for image in source.Cell.Images do
              $"{image.Image}\t{below image.MaskFile}\t{below image.RegionFile}" ]
        |> String.concat "\n"

    /// The curve of a cell's maps up to a false-positive rate; none where photos or maps are not at hand, and without regions.
    member _.Overlap (limit: float) (source: CellSource) : CellOverlap option =
        let maps = source.Cell.Images |> Seq.tryPick (fun image -> Option.ofObj image.MapFile)

        match source.Folder, source.CategoryFolder, maps with
        | null, _, _
        | _, null, _
        | _, _, None -> None
        | folder, photos, Some file ->
            let path = Path.Combine(folder, file)

            if not (source.Has file) then
                raise (
                    InvalidInputException("its anomaly maps have been collected", path, "Run the study again: it computes what is missing.")
                )

            let make (target: string) =
                let curve = Measuring.pixelsOf source |> Option.bind (fun pixels -> CellOverlap.Of(pixels, limit) |> Option.ofObj)

                File.WriteAllBytes(Path.Combine(target, "curve.json"), JsonSerializer.SerializeToUtf8Bytes(Option.toObj curve))
                ReportPiece([| "curve.json" |], [||])

            let result = kept "overlap-curve" (curveKey limit source photos path) make

            JsonSerializer.Deserialize<CellOverlap>(File.ReadAllBytes result.Outputs["curve.json"].Path) |> Option.ofObj

    interface IReportPieces with
        member _.DigestOf path = digest path

        member _.Get(kind, key, folder, make) =
            try
                let result = kept kind key make.Invoke

                for item in result.Outputs do
                    let target = Path.Combine(folder, item.Key)

                    if not (File.Exists target) || Digest.ofFile target <> item.Value.Digest then
                        AtomicFile.Write(
                            target,
                            (fun stream -> using (File.OpenRead item.Value.Path) (fun content -> content.CopyTo stream))
                        )

                ReportPiece([| for item in result.Outputs -> item.Key |], [||])
            with LeftOut _ ->
                make.Invoke folder
