namespace Falcon.Experiments.Stages

open System.Collections.Concurrent
open System.Collections.Generic
open System.Text.Json
open System.Text.Json.Nodes
open Falcon.Backbones
open Falcon.Data
open Falcon.Detection
open Falcon.Experiments
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Imaging
open Falcon.Methods
open Falcon.Weights
open TorchSharp

/// The files that hold what a method needs of one image.
type internal StoredImage = { Item: ImageItem; Pixels: string option; Features: (BackboneTap * string) list; Prepared: string option }

/// A teacher of a study: what identifies it, and itself, loaded when first asked for.
type internal StudyTeacher =
    {
        Backbone: string
        /// For people and records.
        Name: string
        Digest: Digest
        Format: FeatureFormat
        Load: unit -> Teacher
    }

/// Makes the graph of stages that lead from image files to what a method reads of them.
[<Sealed>]
type internal ImageStages(teacher: StudyTeacher, preprocessing: Preprocessing, decoderThreads: int, threads: int) =
    let decoding = Decoding.work preprocessing decoderThreads
    let extraction = FeatureExtraction.work preprocessing teacher.Format teacher.Load

    /// What a method prepares: its own tensors of one image.
    let prepare (preparation: ImagePreparation) (features: (BackboneTap * string) list, file: string option) (workspace: Workspace) =
        use _ = torch.NewDisposeScope()
        let read (_, path) = TensorFile.read path FeatureExtraction.features
        use features = new TeacherFeatures(List.map fst features, List.map read features)
        let image: RasterImage | null = file |> Option.map ImageFile.ReadRgb |> Option.toObj
        [ "prepared", TensorFile.output workspace (preparation.Of(features, image, preprocessing.Height, preprocessing.Width)) ]

    let preparing (preparation: ImagePreparation) : Stage<(BackboneTap * string) list * string option, string> =
        let record = JsonObject()
        record.Add("options", JsonSerializer.SerializeToNode(preparation, preparation.GetType()))
        record.Add("height", JsonValue.Create preprocessing.Height)
        record.Add("width", JsonValue.Create preprocessing.Width)
        record.Add("threads", JsonValue.Create threads)

        { Name = preparation.Name
          Version = preparation.Version
          Libraries = [ Libraries.engine; if preparation.ReadsFile then Libraries.decoder ]
          Record = Canonical.ofNode record
          Work = Work.Alone(prepare preparation)
          Read = TensorFile.path }

    let tapsOf (needs: InputNeeds) = List.ofSeq needs.Taps

    // Cells of one category read the same images.
    let images = ConcurrentDictionary<Digest, Artifact<string>>()
    let taps = ConcurrentDictionary<struct (Digest * BackboneTap), Artifact<string>>()

    let decoded (digest: Digest) (item: ImageItem) =
        images.GetOrAdd(digest, (fun digest -> Reads.known "file" digest item.Path => Decoding.stage preprocessing decoding))

    let features digest item tap =
        taps.GetOrAdd(
            struct (digest, tap),
            fun (struct (digest, tap)) ->
                Reads.both (Reads.made "image" (decoded digest item)) (Reads.known "teacher" teacher.Digest ())
                |> Reads.map (fun (path, ()) -> path, tap)
                => FeatureExtraction.stage teacher.Backbone teacher.Format threads tap extraction
        )

    /// Features at a tap after stages of the study, the last one first in the list; what a stage is fitted to are the training images after those before it.
    let rec processed (stages: FeatureStage list) (training: (Digest * ImageItem) list) digest item tap : Artifact<string> =
        match stages with
        | [] -> features digest item tap
        | last :: earlier ->
            let fitted =
                Reads.all
                    [ for index, (digest, item) in List.indexed training ->
                          Reads.made $"image {index:D4} {item.RelativeName}" (processed earlier training digest item tap) ]
                => FeatureProcessing.fitting last tap threads

            Reads.both (Reads.made "fitted" fitted) (Reads.made "features" (processed earlier training digest item tap))
            => FeatureProcessing.applying last tap threads

    /// What several needs ask of an image whose file has a digest, read under names that begin with `name`; features after some stages that are fitted to the
    /// training images.
    member _.Reads
        (
            name: string,
            item: ImageItem,
            digest: Digest,
            needs: InputNeeds list,
            stages: FeatureStage list,
            training: (Digest * ImageItem) list
        ) : Reads<StoredImage> =
        let processed = processed (List.rev stages) training
        let image = decoded digest item
        let taps = needs |> List.collect tapsOf |> List.distinct |> List.sort
        let preparation = needs |> List.tryPick (fun needs -> Option.ofObj needs.Preparation)

        let optional (reads: Reads<'Value> option) : Reads<'Value option> =
            match reads with
            | Some reads -> Reads.map Some reads
            | None -> Reads.all [] |> Reads.map (fun (_: 'Value list) -> None)

        let pixels = if needs |> List.exists _.Pixels then Some(Reads.made $"{name} pixels" image) else None

        let tapped =
            Reads.all [ for tap in taps -> Reads.made $"{name} {tap}" (processed digest item tap) |> Reads.map (fun path -> tap, path) ]

        let prepared =
            preparation
            |> Option.map (fun preparation ->
                let read =
                    Reads.all
                        [ for tap in preparation.Taps ->
                              Reads.made (string tap) (features digest item tap) |> Reads.map (fun path -> tap, path) ]

                let file = if preparation.ReadsFile then Some(Reads.known "file" digest item.Path) else None
                Reads.made $"{name} {preparation.Name}" (Reads.both read (optional file) => preparing preparation))

        Reads.both (optional pixels) (Reads.both tapped (optional prepared))
        |> Reads.map (fun (pixels, (features, prepared)) -> { Item = item; Pixels = pixels; Features = features; Prepared = prepared })

/// Images of which the store holds everything that is needed.
[<Sealed>]
type internal StoredInputs(images: StoredImage list) =
    let byPath = Dictionary [ for image in images -> KeyValuePair(image.Item.Path, image) ]

    let sizeOf (image: StoredImage) =
        let file = image.Pixels |> Option.defaultWith (fun () -> snd image.Features.Head)
        TensorFile.read file Decoding.size

    let input (preprocessing: Preprocessing) (needs: InputNeeds) (item: ImageItem) =
        let image = byPath[item.Path]
        let width, height = sizeOf image

        let pixels () =
            let values = TensorFile.read image.Pixels.Value (Decoding.pixels preprocessing)
            torch.tensor(values, 1L, 3L, int64 preprocessing.Height, int64 preprocessing.Width, device = torch.CPU).DetachFromDisposeScope()

        let features =
            let stored = dict image.Features
            [ for tap in needs.Taps -> TensorFile.read stored[tap] FeatureExtraction.features ]

        let prepared: StoredTensor array =
            match needs.Preparation, image.Prepared with
            | null, _
            | _, None -> [||]
            | _, Some path -> TensorFile.read path (fun file -> [| for name in file.Names -> file.Read name |])

        new ImageInput(item, (if needs.Pixels then pixels () else null), new TeacherFeatures(needs.Taps, features), prepared, width, height)

    interface IImageInputs with
        member _.Load(images, preprocessing, needs, cancellation) =
            seq {
                for item in images do
                    cancellation.ThrowIfCancellationRequested()
                    input preprocessing needs item
            }
