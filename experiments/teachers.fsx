// What a teacher is worth: FALCON, STPM and PatchCore taught by Falcon's own teacher, by ImageNet's ResNet-18 and by random weights, with 5 photos and with all.
//
//   ./falcon run experiments/teachers.fsx --data DIR --category C [--data DIR --category C] [--teacher FILE]    FILE: ResNet-18's weights; without it, fetched ones
#load "falcon.fsx"

open Falcon.Experiments
open Falcon.Methods

Script.run fsi.CommandLineArgs (fun arguments ->
    let taught photos epochs backbone weights =
        experiment "teachers" {
            dataSets (Script.dataSets arguments |> Script.smaller arguments)
            shots [ photos ]
            seeds [ 0 ]

            methods
                [ FalconOptions(Backbone = backbone, Epochs = epochs)
                  StpmOptions(Backbone = backbone, Epochs = epochs)
                  PatchCoreOptions(Backbone = backbone) ]

            teacher weights
            metrics [ ImageAuroc; PixelAuroc; Aupro 0.3 ]
        }

    let note text = Sweep.axis "teacher" [ text ] (fun _ cell -> { cell with Notes = [ ("teacher", text) ] })

    let teachers photos epochs =
        [ taught photos epochs "kestrel" Teachers.shipped |> note "kestrel"
          taught photos epochs "resnet18" (Script.teacherOf "resnet18" arguments) |> note "ResNet-18"
          taught photos epochs "kestrel" Teachers.random |> note "none" ]

    let studies =
        if arguments.Quick then
            teachers 2 2
        else
            // Ten passes over hundreds of photos are more steps than a hundred over five, and hours less than a hundred over all.
            teachers 5 100 @ teachers Shots.All 10

    Sweep.concat studies
    |> Study.run arguments.Runtime
    |> Report.write
        (Script.reportFolder "teachers" arguments)
        [ Table.summary; Table.perCategory ImageAuroc; Table.perCategory PixelAuroc; Plot.cost ImageAuroc ])
