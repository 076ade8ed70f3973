/// What other assemblies add: this one adds a metric, a layout and a method.
module Falcon.Core.Tests.ExtensionsTests

open System
open System.IO
open System.Text.Json
open Expecto
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests.Data.ImageTree
open Falcon.Data
open Falcon.Methods
open Falcon.Metrics
open Falcon.Protocol
open Falcon.Randomness
open Falcon.Results
open Falcon.Tests

type ShareOfAnomalous() =
    inherit ImageMetric("shareOfAnomalous", "Share of anomalous images", "the share says nothing of a method")
    override _.Of(images: ImageRanking) = Nullable(float images.Positives / float (images.Positives + images.Negatives))

/// Photos in `gut`, defective ones in `schlecht`.
type GermanLayout() =
    inherit DataLayout("folders gut and schlecht", "gut/IMAGE with schlecht/IMAGE")
    override _.Fits category = Directory.Exists(Path.Combine(category, "gut"))

    override _.Read(dataSet, category) =
        let items folder isAnomalous =
            [| for image in ImageItem.In(Path.Combine(category, folder)) do
                   ImageItem(image.Path, $"{folder}/{image.RelativeName}", folder, isAnomalous) |]

        Category(dataSet, string (Path.GetFileName category), category, items "gut" false, items "schlecht" true)

/// As few lines as a method can have, in F#: the distance to the mean.
type Nearness() =
    inherit FittedOptions()
    member val Offset = 0.0 with get, set
    override _.Name = "nearness"
    override _.DisplayName = "Nearness"
    override _.Backbones = [| "resnet18" |] :> Collections.Generic.IReadOnlyList<string>
    override _.ScoringNeeds = InputNeeds(false, [| BackboneTap.Layer2 |])

    override this.BuildNetwork(teacher, _) =
        { new FittedNetwork(this, teacher) with
            override _.Embed features = features[BackboneTap.Layer2]
            override _.Fit embeddings = [| struct ("mean", embeddings.mean ([| 0L |], true)) |]
            override network.Distances embedding = (embedding - network.Fitted "mean").square().sum([| 1L |]) + this.Offset }
        :> AnomalyNetwork

/// Options that cannot be made without an argument.
type Closed(offset: int) =
    inherit FittedOptions()
    member _.Offset = offset
    override _.Name = "closed"
    override _.DisplayName = "Closed"
    override _.Backbones = [| "resnet18" |] :> Collections.Generic.IReadOnlyList<string>
    override _.ScoringNeeds = InputNeeds(false, [| BackboneTap.Layer2 |])
    override _.BuildNetwork(_, _) = raise (NotSupportedException())

let private json (metric: Metric) (value: Nullable<float>) =
    let cell =
        CellResult(
            MethodLabel("stpm", "STPM"),
            "MVTec AD",
            "bottle",
            0L,
            EvaluationProtocol(ShotCount.Of 2, "s", CheckpointRule.LastEpoch(), ImageScoreReducer.Maximum(), EvaluationSize.Original),
            [| MetricValue(metric, value) |],
            [||],
            Timings(0.0, 0.0, 0.0, 0.0),
            Provenance("1", null, false, "", "", "", "", 1, 1, "cpu", 0.0, 0L, System.Collections.Generic.Dictionary(), "", "")
        )

    JsonDocument.Parse(CellFolder.Json cell).RootElement.GetProperty "metrics"

[<Tests>]
let tests =
    testList
        "Extensions"
        [ test "a metric of another assembly is known by its name" {
              let metric = Metric.Parse "shareOfAnomalous"
              Expect.equal (metric.Of(ImageRanking([| 1.0; 2.0 |], [| true; true |]))) (Nullable 1.0) "value"
              Expect.isFalse metric.NeedsMaps "needs maps"
              Expect.isFalse metric.IsImpostor "its name is its own"
          }
          test "results carry what a program needs that does not know the metric, and nothing more for those of the field" {
              Expect.equal ((json Metric.ImageAuroc (Nullable 0.5)).GetProperty("imageAuroc").GetDouble()) 0.5 "a number"

              let unknown =
                  { new ImageMetric("unknown", "Unknown elsewhere", "a variant") with
                      override _.Of(_: ImageRanking) = Nullable() }

              let recorded = (json unknown (Nullable())).GetProperty "unknown"
              Expect.equal (recorded.GetProperty("title").GetString()) "Unknown elsewhere" "title"
              Expect.equal (recorded.GetProperty("variant").GetString()) "a variant" "variant"
              Expect.equal (recorded.GetProperty("value").ValueKind) JsonValueKind.Null "an undefined value"
          }
          test "a metric cannot take the name of another one, nor a name that no file could have" {
              let named name =
                  { new ImageMetric(name, "Mine") with
                      override _.Of(_: ImageRanking) = Nullable() }

              Expect.isTrue (named "imageAuroc").IsImpostor "the name of another one"

              for name in [ ""; "two words"; "a/b" ] do
                  Expect.throwsT<InvalidInputException> (fun () -> named name |> ignore) name
          }
          test "a layout of another assembly is read wherever a folder is named" {
              use folder = new Scratch.Folder()
              writeImage 12 8 (folder.File "teile/deckel/gut/1.png")
              writeImage 12 8 (folder.File "teile/deckel/schlecht/2.png")
              let found = DataFolder.Detect(folder.File "teile")
              Expect.equal found.Layout "folders gut and schlecht" "layout"
              let category = found.Open "deckel"

              Expect.equal
                  [ for image in category.TestImages -> image.RelativeName, image.IsAnomalous ]
                  [ "schlecht/2.png", true ]
                  "test images"
          }
          test "samplers and image scores are told apart by their words, and by what else they choose by" {
              let sampler text =
                  { new ShotSampler(text) with
                      override _.Choose(category, shots, _) = Seq.toArray (Seq.truncate shots category.TrainImages) }

              Expect.equal (sampler "a") (sampler "a") "the same words"
              Expect.notEqual (sampler "a") (sampler "b") "other words"
              Expect.equal (ShotSampler.SeededPermutation 3L) (ShotSampler.SeededPermutation 3L) "one seed"
              Expect.notEqual (ShotSampler.Listed "a.csv") (ShotSampler.Listed "b.csv") "other lists"
              Expect.throwsT<InvalidInputException> (fun () -> sampler " " |> ignore) "no words"

              let median =
                  { new ImageScoreReducer("median of the map") with
                      override _.Of(values, _, _) = float ((Array.sort values)[values.Length / 2]) }

              Expect.equal (median.Of([| 3f; 1f; 2f |], 3, 1)) 2.0 "the median"
              Expect.equal median.Description "median of the map" "under tables"
          }
          test "what a sampler gives is looked at" {
              let image name = ImageItem($"/c/{name}", name, "good", false)
              let category = Category("d", "c", "/c", [| image "0.png"; image "1.png"; image "2.png" |], [| image "t.png" |])

              let fault (images: ImageItem array) =
                  let sampler =
                      { new ShotSampler("mine") with
                          override _.Choose(_, _, _) = images }

                  (raised<InvalidInputException>(fun () -> sampler.Select(category, 2, MasterSeed 0L) |> ignore)).Message

              Expect.stringContains (fault [| image "0.png" |]) "gives 1 images for 2 shots" "too few"
              Expect.stringContains (fault (Array.ofSeq category.TrainImages)) "gives 3 images for 2 shots" "too many"
              Expect.stringContains (fault [| image "0.png"; image "t.png" |]) "t.png, which is no training image" "a test image"
              Expect.stringContains (fault [| image "0.png"; image "0.png" |]) "an image twice" "a repeated image"
              Expect.stringContains (fault [||]) "sampler 'mine', category c" "where"
          }
          test "what a reader lists is sorted, stands there once, and is named by its place" {
              let item name = ImageItem($"/c/{name}", name, "good", false)

              let opened (train: ImageItem array) (test: ImageItem array) =
                  { new DataSource("mine", [| "c" |]) with
                      override _.Read category = Category("mine", category, "/c", train, test) }
                      .Open
                      "c"

              let names (images: ImageItem seq) = [ for image in images -> image.RelativeName ]

              Expect.equal
                  (names (opened [| item "b.png"; item "B.png"; item "a.png" |] [||]).TrainImages)
                  [ "B.png"; "a.png"; "b.png" ]
                  "order"

              let message train test = (raised<InvalidInputException>(fun () -> opened train test |> ignore)).Message
              Expect.stringContains (message [| item "a.png" |] [| item "a.png" |]) "lists a.png 2 times" "in both lists"

              Expect.stringContains
                  (message [| ImageItem("/c/deep/a.png", "a.png", "good", false) |] [||])
                  "under the name a.png"
                  "a name that is no place"
          }
          test "options that no other program could read back are refused where they would be kept" {
              Expect.isNull (MethodCatalog.WhyUnusable(Nearness(Offset = 3.0))) "a method of the catalogue"

              Expect.stringContains
                  (string (MethodCatalog.WhyUnusable(Closed 1)))
                  "no public constructor without parameters"
                  "a constructor with parameters"
          }
          test "a method's first backbone is its default" { Expect.equal (Nearness().Backbone) "resnet18" "the default" }
          test "a class of F# is a method with options that are told apart, copied and read back" {
              let options = MethodCatalog.Find "nearness"
              let other = MethodJson.Set(options, "offset", JsonSerializer.SerializeToNode 2.0)
              Expect.notEqual other options "other options"
              Expect.equal other (Nearness(Offset = 2.0)) "equal options"
              Expect.equal (other.GetHashCode()) (Nearness(Offset = 2.0).GetHashCode()) "hash codes"
              Expect.equal (options.TaughtBy("resnet18").TaughtBy "resnet18") options "the same teacher"
              Expect.equal ((options.TaughtBy "compact").Backbone, options.Backbone) ("compact", "resnet18") "a copy"
              use written = JsonDocument.Parse(MethodJson.Write(other).ToJsonString())
              Expect.equal (MethodJson.Read written.RootElement) other "read back"
          }
          test "options of earlier files are read: enumerations by the names that code has" {
              use earlier =
                  JsonDocument.Parse
                      """{"method":"stpm","smoothing":"TwoDimensional","optimiser":"Adam","layers":"Layer2, Layer3","inputSize":128}"""

              let expected =
                  StpmOptions(
                      Smoothing = SmoothingKind.TwoDimensional,
                      Optimiser = StpmOptimiser.Adam,
                      Layers = (PyramidLayers.Layer2 ||| PyramidLayers.Layer3),
                      InputSize = 128
                  )

              Expect.equal (MethodJson.Read earlier.RootElement) expected "the options"
          }
          test "what cannot be loaded is refused with a reason" {
              use folder = new Scratch.Folder()
              let text = folder.File "text.dll"
              File.WriteAllText(text, "no assembly")
              let reason (path: string) = (raised<InvalidInputException>(fun () -> Extensions.Load path)).Message
              Expect.stringContains (reason text) "cannot be loaded" "a text"
              Expect.stringContains (reason typeof<Expecto.TestsAttribute>.Assembly.Location) "does not use Falcon" "another library"
          } ]
