namespace Falcon.Experiments.Stages

open System
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

/// What a preparation sees beside features.
type private Picture =
    | File of ImageItem
    | Decoded of path: string

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

/// Names of what is prepared of the tiles of one image, which one file holds.
module private PreparedTile =
    let private prefix (tile: int) = $"{tile} "

    let name tile (name: string) = prefix tile + name

    /// What was prepared of a tile, or of an image that is seen as one.
    let read (tile: Nullable<int>) (file: SafetensorsFile) =
        match Option.ofNullable tile with
        | None -> [| for name in file.Names -> file.Read name |]
        | Some tile ->
            [| for name in file.Names do
                   if name.StartsWith(prefix tile, StringComparison.Ordinal) then
                       let stored = file.Read name
                       StoredTensor(name.Substring (prefix tile).Length, stored.Type, stored.Shape, stored.Bytes) |]

/// Makes the graph of stages that lead from image files to what a method reads of them.
[<Sealed>]
type internal ImageStages
    (teacher: StudyTeacher, preprocessing: Preprocessing, fileDigest: string -> Digest, decoderThreads: int, threads: int) =
    let decoding = Decoding.work preprocessing decoderThreads
    let extraction = FeatureExtraction.work preprocessing teacher.Format teacher.Load

    let isTiled = not (isNull preprocessing.Tiling)

    /// What a method prepares: its own tensors of one image, or of each tile. `picture` is what it reads beside features: the image file, for tiles the decoded image.
    let prepare (preparation: ImagePreparation) (features: (BackboneTap * string) list, picture: Picture option) (workspace: Workspace) =
        use _ = torch.NewDisposeScope()
        let read (_, path) = TensorFile.read path FeatureExtraction.features
        use features = new TeacherFeatures(List.map fst features, List.map read features)

        let images: (RasterImage | null) seq =
            match picture with
            | Some(Decoded decoded) -> TensorFile.read decoded (Decoding.inputs preprocessing) |> Seq.map withNull
            | Some(File item) -> [ preprocessing.Read item ]
            | None -> Seq.replicate (if features.Taps.Count = 0 then 1 else int features[features.Taps[0]].shape[0]) null

        let prepared =
            [ for index, image in Seq.indexed images do
                  for tensor in preparation.Of(features.At(int64 index), image, preprocessing.Height, preprocessing.Width) do
                      if isTiled then
                          StoredTensor(PreparedTile.name index tensor.Name, tensor.Type, tensor.Shape, tensor.Bytes)
                      else
                          tensor ]

        [ "prepared", TensorFile.output workspace prepared ]

    let preparing (preparation: ImagePreparation) : Stage<(BackboneTap * string) list * Picture option, string> =
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

    let regionOf (item: ImageItem) = item.RegionPath |> Option.ofObj |> Option.map fileDigest

    /// The image file, and its own region of interest if it has one.
    let file digest (item: ImageItem) =
        let region = Reads.all [ for region in Option.toList (regionOf item) -> Reads.known "region" region () ]
        Reads.both (Reads.known "file" digest item) region |> Reads.map fst

    // Cells of one category read the same images.
    let images = ConcurrentDictionary<struct (Digest * Digest option), Artifact<string>>()
    let taps = ConcurrentDictionary<struct (Digest * Digest option * BackboneTap), Artifact<string>>()
    let preparations = ConcurrentDictionary<struct (Digest * Digest option * ImagePreparation), Artifact<string>>()

    let decoded (digest: Digest) (item: ImageItem) =
        images.GetOrAdd(struct (digest, regionOf item), (fun _ -> file digest item => Decoding.stage preprocessing decoding))

    let features digest item tap =
        taps.GetOrAdd(
            struct (digest, regionOf item, tap),
            fun _ ->
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
                let make _ =
                    let read =
                        Reads.all
                            [ for tap in preparation.Taps ->
                                  Reads.made (string tap) (features digest item tap) |> Reads.map (fun path -> tap, path) ]

                    let picture =
                        if not preparation.ReadsFile then None
                        elif isTiled then Some(Reads.made "image" image |> Reads.map Decoded)
                        else Some(file digest item |> Reads.map File)

                    Reads.both read (optional picture) => preparing preparation

                Reads.made $"{name} {preparation.Name}" (preparations.GetOrAdd(struct (digest, regionOf item, preparation), make)))

        let region = Reads.all [ for region in Option.toList (regionOf item) -> Reads.known $"{name} region" region () ]

        Reads.both (optional pixels) (Reads.both tapped (Reads.both (optional prepared) region))
        |> Reads.map (fun (pixels, (features, (prepared, _))) -> { Item = item; Pixels = pixels; Features = features; Prepared = prepared })

/// Images of which the store holds everything that is needed.
[<Sealed>]
type internal StoredInputs(images: StoredImage list) =
    let byPath = Dictionary [ for image in images -> KeyValuePair(image.Item.Path, image) ]

    let sizeOf (image: StoredImage) =
        let file = image.Pixels |> Option.defaultWith (fun () -> snd image.Features.Head)
        TensorFile.read file Decoding.size

    /// The image as one input, or its tiles one after another.
    let inputs (preprocessing: Preprocessing) (needs: InputNeeds) (item: ImageItem) =
        seq {
            let image = byPath[item.Path]
            let width, height = sizeOf image
            let count = preprocessing.InputsOf(width, height)
            let region = preprocessing.RegionOf item
            let stored = dict image.Features

            use features =
                new TeacherFeatures(needs.Taps, [ for tap in needs.Taps -> TensorFile.read stored[tap] FeatureExtraction.features ])

            let pictures: (RasterImage | null) seq =
                if needs.Pixels then
                    TensorFile.read image.Pixels.Value (Decoding.inputs preprocessing) |> Seq.map withNull
                else
                    Seq.replicate count null

            let pixels (picture: RasterImage) =
                let values = preprocessing.Normalise picture

                torch
                    .tensor(values, 1L, 3L, int64 preprocessing.Height, int64 preprocessing.Width, device = torch.CPU)
                    .DetachFromDisposeScope()

            for index, picture in Seq.indexed pictures do
                let tile = if isNull preprocessing.Tiling then Nullable() else Nullable index

                let prepared: StoredTensor array =
                    match needs.Preparation, image.Prepared with
                    | null, _
                    | _, None -> [||]
                    | _, Some path -> TensorFile.read path (PreparedTile.read tile)

                let pixels =
                    match picture with
                    | null -> null
                    | picture -> pixels picture

                new ImageInput(item, pixels, features.At(int64 index).Detached(), prepared, width, height, tile, region)
        }

    interface IImageInputs with
        member _.Load(images, preprocessing, needs, cancellation) =
            seq {
                for item in images do
                    for input in inputs preprocessing needs item do
                        cancellation.ThrowIfCancellationRequested()
                        input
            }
