// What FALCON's noise is worth: how much noised cells weigh, which shapes are pasted, and which layers say where the object is, each varied alone.
//
//   ./falcon run experiments/ablation-noise.fsx [--data DIR --category C --teacher FILE]
#load "falcon.fsx"

open Falcon.Experiments
open Falcon.Methods

let noise (change: FalconOptions -> FalconOptions) = Method.map change

let weights =
    Axis.over "noise weight" [ 1.0; 2.0; 4.0 ] (fun weight -> noise (fun options -> FalconOptions(options, NoiseWeight = weight)))

let patterns =
    Axis.over "patterns" [ NoisePatterns.All; NoisePatterns.Spot; NoisePatterns.Line; NoisePatterns.Area ] (fun patterns ->
        noise (fun options -> FalconOptions(options, Patterns = patterns)))

let layers =
    Axis.over "layers of the activation map" [ 0.5, 0.0, 0.5; 1.0, 0.0, 0.0; 0.0, 1.0, 0.0; 0.0, 0.0, 1.0 ] (fun (one, two, three) ->
        noise (fun options -> FalconOptions(options, CamWeights = CamWeights(one, two, three))))

Script.run fsi.CommandLineArgs (fun arguments ->
    let images = Script.data arguments

    let study =
        experiment "ablation-noise" {
            data (images |> Data.categories (List.truncate 2 images.Categories))
            shots [ 5 ]
            seeds (if arguments.Quick then [ 0 ] else [ 0..2 ])
            methods [ FalconOptions(Epochs = if arguments.Quick then 5 else 100) ]
            teacher (Script.teacher arguments)
            metrics [ ImageAuroc; PixelAuroc ]
        }

    // The published setting is on every axis, and is computed once.
    study
    |> Sweep.along weights
    |> Sweep.append (study |> Sweep.along patterns)
    |> Sweep.append (study |> Sweep.along layers)
    |> Study.withReport (Script.reportFolder "ablation-noise" arguments) [ Table.perCategory ImageAuroc; Table.summary ]
    |> Study.run arguments.Runtime)
