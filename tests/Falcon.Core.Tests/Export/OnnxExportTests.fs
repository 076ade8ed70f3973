/// Detectors as ONNX files, run by ONNX Runtime.
module Falcon.Core.Tests.Export.OnnxExportTests

open System
open System.Globalization
open System.IO
open System.Threading
open Expecto
open Falcon
open Falcon.Core.Tests
open Falcon.Core.Tests.Methods
open Falcon.Detection
open Falcon.DrawnData
open Falcon.Export
open Falcon.Imaging
open Falcon.Methods
open Falcon.Onnx
open Falcon.Randomness
open Falcon.Tests
open TorchSharp

let private run path threads =
    let runner = new Falcon.Inference.OnnxRunner(path, threads)

    { new IOnnxSession with
        member _.Run(rgb, _, _) = runner.Run rgb
        member _.Dispose() = runner.Dispose() }

let internal runtime =
    { new IOnnxRuntime with
        member _.Name = "ONNX Runtime"
        member _.Open(path, threads) = run path threads }

/// Drawn parts at the size of an input.
let private inputs (options: MethodOptions) =
    let size = options.Preprocessing
    let scene = Seq.head Scene.All

    [| for defect in ([ null; scene.DefectNames[0] ]: (string | null) list) do
           scene
               .Draw(MasterSeed 3L, "part", defect, max size.Width size.Height)
               .Picture.Resize(size.Width, size.Height, ResizeFilter.Bilinear) |]

let private pixels (options: MethodOptions) images = torch.cat [| for image in images -> options.Preprocessing.Input(image, torch.CPU) |]

/// Statistics that folding must heed, in place of those of a network that has never trained.
let private stir (network: AnomalyNetwork) =
    use generator = new torch.Generator(11UL)
    use _ = torch.no_grad ()

    for struct (_, part) in network.Parts do
        for entry in part.state_dict () do
            if entry.Key.EndsWith("running_mean", StringComparison.Ordinal) then
                entry.Value.normal_ (0.0, 0.1, generator) |> ignore
            elif entry.Key.EndsWith("running_var", StringComparison.Ordinal) || entry.Key = "deviation" then
                entry.Value.uniform_ (0.5, 1.5, generator) |> ignore

            if entry.Key = "deviation" then entry.Value.narrow(0, 0, 3).zero_() |> ignore

/// A detector whose modules have drawn weights and whose memory holds drawn parts; its threshold is half its largest score of them.
let internal drawn (options: MethodOptions) teacher =
    let network = options.CreateNetwork(teacher, MasterSeed 3L)
    let images = inputs options

    if not options.Plan.TakesSteps then
        use training = TrainingImages.Of(options.TrainingNeeds, teacher, pixels options images, [ "a"; "b" ])
        network.Learn(options.Plan, training, MasterSeed 3L) |> ignore

    stir network
    network.Train false

    use maps =
        network.Map(
            pixels
                options
                (images
                 |> Array.map (fun image -> RasterImage(image.Width, image.Height, 3, Array.map (fun p -> 255uy - p) image.Pixels)))
        )

    let threshold = 0.5 * float (maps.max().item<float32>())
    let source = DetectorSource("drawn", "part", "all")
    new Detector(DetectorCard(options, teacher.Provenance, source, 3L, [| "a"; "b" |], threshold, [||]), network, false)

let private images (detector: Detector) =
    ProofImages.Of(detector, [||])
    |> Seq.indexed
    |> Seq.filter (fun (i, _) -> i % 8 = 1)
    |> Seq.map snd
    |> Array.ofSeq

/// What says why it cannot be written.
let private refused =
    Map
        [ "Nearness", "does not say how it is written"
          "FDSL", "local windows"
          "AnomalyDINO, masked", "eigenvectors" ]

/// Those that differ from another in training alone are left out.
let private variants =
    MethodsTests.variants
    |> List.except [ "AAND amplification"; "AAND, other choices"; "RD++, other choices"; "RD++, whole batches transported" ]

[<Tests>]
let tests =
    testList
        "ONNX export"
        [ testTheory "every method's file says what its network says, or is refused with the reason" variants (fun (variant: string) ->
              use folder = new Scratch.Folder()
              use _ = torch.NewDisposeScope()
              let options = MethodsTests.options variant
              use teacher = MethodsTests.teacher options
              use detector = drawn options teacher

              let write () =
                  OnnxExport.Write(
                      detector,
                      DetectorGraph.Of(detector).Message(),
                      folder.File "part.onnx",
                      runtime,
                      images detector,
                      "digest",
                      CancellationToken.None
                  )

              match refused.TryFind variant with
              | Some reason ->
                  let error = raised<InvalidInputException>(fun () -> write () |> ignore)
                  Expect.stringContains error.Message reason "reason"
                  Expect.isEmpty folder.Names "files"
              | None ->
                  let proof = write ()
                  Expect.isLessThan (max proof.Map proof.Score) ExportProof.Tolerance "differences"
                  Expect.equal folder.Names [| "part.onnx" |] "files")
          test "the file tells thresholds, card, the detector's digest and how it was proven, on sixteen images" {
              use folder = new Scratch.Folder()
              let options = FalconOptions(InputSize = Falcon.Data.InputSize(96, 64))
              use teacher = MethodsTests.teacher options
              use detector = drawn options teacher
              let proof = OnnxExport.Write(detector, folder.File "part.onnx", runtime, digest = "0123")
              Expect.equal (proof.Images, List.ofSeq proof.Threads) (16, [ 1; 4 ]) "images and threads"
              Expect.isGreaterThan proof.Anomalous 0 "anomalous images"
              use runner = new Falcon.Inference.OnnxRunner(folder.File "part.onnx")
              Expect.equal (runner.Width, runner.Height) (96, 64) "size of the input"
              let entry name = runner.Metadata[$"falcon.{name}"]
              Expect.equal (Double.Parse(entry "threshold", CultureInfo.InvariantCulture)) detector.Threshold "threshold"
              Expect.equal (entry "method", entry "detector", entry "imageScore") ("falcon", "0123", "max") "method, digest and score"
              Expect.stringContains (entry "card") "\"trainingImages\":[\"a\",\"b\"]" "card"
              Expect.stringContains (entry "proof") "\"images\":16" "proof"
          }
          test "a graph of another network is refused, and what had the file's name stays" {
              use folder = new Scratch.Folder()
              use _ = torch.NewDisposeScope()
              let options = FalconOptions(InputSize = 64)
              use teacher = MethodsTests.teacher options
              use detector = drawn options teacher
              let graph = DetectorGraph.Of(detector).Message()
              File.WriteAllText(folder.File "part.onnx", "earlier")
              use _ = torch.no_grad ()
              let struct (_, student) = detector.Network.Parts[0]
              (Seq.head (student.parameters ())).mul_(torch.tensor 1.01f) |> ignore

              let error =
                  raised<InvalidInputException>(fun () ->
                      OnnxExport.Write(detector, graph, folder.File "part.onnx", runtime, images detector, null, CancellationToken.None)
                      |> ignore)

              Expect.stringContains error.Message "does not say what the detector says" "message"
              Expect.equal folder.Names [| "part.onnx" |] "files"
              Expect.equal (File.ReadAllText(folder.File "part.onnx")) "earlier" "content"
          }
          test "values that are no numbers, other sizes, differences below the threshold and other verdicts fail the proof" {
              use folder = new Scratch.Folder()
              let options = FalconOptions(InputSize = 64, Backbone = "compact")
              use teacher = MethodsTests.teacher options
              use detector = drawn options teacher

              let lying (change: string -> float32 array -> float32 array) =
                  { new IOnnxRuntime with
                      member _.Name = "a liar"

                      member _.Open(path, threads) =
                          let session = run path threads

                          { new IOnnxSession with
                              member _.Run(rgb, width, height) =
                                  dict [ for output in session.Run(rgb, width, height) -> output.Key, change output.Key output.Value ]
                                  |> Collections.Generic.Dictionary
                                  :> Collections.Generic.IReadOnlyDictionary<_, _>

                              member _.Dispose() = session.Dispose() } }

              let twice = 2.0f * float32 detector.Threshold
              let graph, shown = DetectorGraph.Of(detector).Message(), images detector

              let write change =
                  OnnxExport.Write(detector, graph, folder.File "part.onnx", lying change, shown, null, CancellationToken.None)

              let map change name (values: float32 array) = if name = "score" then values else Array.map change values

              for change in
                  [ fun name values -> if name = "map" then Array.append [| nanf |] (Array.tail values) else values
                    fun name values -> if name = "map" then Array.tail values else values
                    fun name values -> if name = "own_map" then Array.map (fun value -> value * 1.01f) values else values
                    fun name values -> if name = "score" then [| twice - values[0] |] else values ] do
                  raised<InvalidInputException>(fun () -> write change |> ignore) |> ignore

              Expect.isEmpty folder.Names "files"
              // Below the threshold a difference counts as a share of it, far above it as one of the value.
              detector.Threshold <- float twice
              raised<InvalidInputException>(fun () -> write (map (fun value -> value + 2e-4f * twice)) |> ignore) |> ignore
              detector.Threshold <- float twice / 40.0
              raised<InvalidInputException>(fun () -> write (map (fun value -> value * 1.0002f)) |> ignore) |> ignore
              Expect.isLessThan (write (map (fun value -> value * 1.00005f))).Map ExportProof.Tolerance "what rounding may do"
          }
          test "a module without a rule is named, and so is one whose settings have none" {
              use _ = torch.NewDisposeScope()
              let graph = OnnxBuilder()
              let input = graph.Input("x", OnnxType.Float, 1L, 2L, 8L, 8L)

              for modul, name in
                  [ torch.nn.PReLU(2L) :> torch.nn.Module, "PReLU"
                    torch.nn.Sequential(torch.nn.ReLU(), torch.nn.GELU()), "GELU"
                    torch.nn.Conv2d(2L, 2L, 3L, padding_mode = PaddingModes.Reflect), "Conv2d" ] do
                  let error = raised<InvalidInputException>(fun () -> OnnxRules.Apply(modul, input) |> ignore)
                  Expect.stringContains error.Message name "message"

              let other = graph.Input("y", OnnxType.Float, 1L, 3L, 8L, 8L)
              let error = raised<InvalidOperationException>(fun () -> input.MatMul other |> ignore)
              Expect.stringContains error.Message "MatMul of 'x' (1×2×8×8) and 'y' (1×3×8×8)" "shapes that do not fit"
          }
          test "a detector without a threshold, or of a teacher in bfloat16, is refused before any work" {
              use folder = new Scratch.Folder()
              let options = FalconOptions(InputSize = 64)
              use teacher = MethodsTests.teacher options
              use detector = drawn options teacher
              detector.Threshold <- 0.0

              let write (detector: Detector) =
                  raised<InvalidInputException>(fun () -> OnnxExport.Write(detector, folder.File "part.onnx", runtime) |> ignore)

              Expect.stringContains (write detector).Message "threshold is 0" "no threshold"
              use coarse = Backbones.Teacher.Random("resnet18", MasterSeed 1L, precision = Backbones.Precision.BFloat16)
              use detector = drawn options coarse
              Expect.stringContains (write detector).Message "bfloat16" "another precision"
              Expect.isEmpty folder.Names "files"
          } ]
