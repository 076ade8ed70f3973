// FDSL (2025, public code Follow-winds/FDSL-fewshot-anomaly-detection): MVTec AD with a head that has learnt the defects of VisA, and the reverse; 1, 2 and 4 good
// images, CLIP's ViT-L/14@336 at 518×518, windows of 13 patches, maps measured at 240×240. "min-max" is the published image score, which depends on all test images.
// Reported beside: the means of the repository's table.
//
//   ./falcon run experiments/papers/fdsl.fsx --data MVTEC --data VISA [--category C] [--teacher FILE]     needs 'falcon weights fetch clip_vit_l_14_336_gelu'
//   ./falcon run experiments/papers/fdsl.fsx --quick                                                      on one category, to see that it runs
//
// With one data set alone the head learns from the defects of Falcon's drawn parts, which repeats nothing published.
#load "../falcon.fsx"

open Falcon.Experiments
open Falcon.Methods

/// The published image score: half of the largest patches' mean, half of the map's maximum, brought to [0, 1] over the test images. The score of Falcon's
/// own has the maximum as it is.
let minMax =
    ScoreStage.create "min-max" 1 () (fun () images ->
        let largest = [ for image in images -> float (Array.max image.Map.Values) ]
        let low, range = List.min largest, max 1e-12 (List.max largest - List.min largest)

        [ for image, largest in List.zip images largest -> { image with Score = image.Score + ((largest - low) / range - largest) / 2.0 } ])

/// The data set that the head learns from: the other one.
let other (arguments: ScriptArguments) (tested: DataSet) =
    match arguments.Data |> List.map Data.detect |> List.filter (fun data -> data.Name <> tested.Name) with
    | other :: _ -> other
    | [] when tested.Origin = Data.drawn.Origin -> Data.drawn |> Data.categories (List.except tested.Categories Data.drawn.Categories)
    | [] -> Data.drawn

Script.run fsi.CommandLineArgs (fun arguments ->
    let quick (options: FdslOptions) =
        if arguments.Quick then
            FdslOptions(
                options,
                Backbone = "clip_vit_p14_w16_h2_d4_g4_o8_gelu",
                InputSize = 70,
                WindowPatches = 3,
                HeadEpochs = 1,
                HeadNormals = 2
            )
        else
            options

    let judged tested =
        let source = other arguments tested

        experiment "paper-fdsl" {
            data tested
            shots (if arguments.Quick then [ 1 ] else [ 1; 2; 4 ])
            seeds (if arguments.Quick then [ 0 ] else [ 0..4 ])
            methods [ quick (if source.Name = "VisA" then FdslOptions.HeadOfVisa else FdslOptions()) ]
            auxiliary source
            teacher (Script.teacherOf "clip_vit_l_14_336_gelu" arguments)
            evaluationSize (EvaluationSize.Of(240, 240))
            metrics [ ImageAuroc; PixelAuroc; ImageF1Max; PixelF1Max; ImageAp; PixelAp ]
        }

    let studies = Script.dataSets arguments |> Script.smaller arguments |> List.map judged
    let published = [ for study in studies -> { study with ScoreStages = [ minMax ] } ]

    Sweep.concat studies
    |> Sweep.append (
        Sweep.concat published
        |> Sweep.axis "score" [ "min-max" ] (fun score cell -> { cell with Notes = [ ("score", score) ] })
    )
    |> Study.withReport
        (Script.reportFolder "paper-fdsl" arguments)
        [ Table.reported
          Table.summary
          Table.perCategory ImageAuroc
          Table.perCategory PixelAuroc
          Plot.shots ImageAuroc |> Section.whereEnough
          Plot.roc ]
    |> Study.run arguments.Runtime)
