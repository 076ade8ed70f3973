// What a teacher is worth: FALCON, STPM and PatchCore taught by Falcon's own teacher, by ImageNet's ResNet-18 and by random weights, with 5 photos and with all.
//
//   ./falcon run experiments/teachers.fsx --data DIR --category C [--data DIR --category C] [--teacher FILE]    FILE: ResNet-18's weights; without it, fetched ones
#load "falcon.fsx"

open Falcon.Experiments

Script.run fsi.CommandLineArgs (fun arguments ->
    let epochs usual = if arguments.Quick then 2 else usual

    let taught name backbone weights =
        experiment name {
            dataSets (Script.dataSets arguments |> Script.smaller arguments)
            shots (if arguments.Quick then [ 2 ] else [ 5; Shots.All ])
            seeds [ 0 ]

            methods
                [ Method.falcon (FalconOptions(Backbone = backbone, Epochs = epochs 100))
                  Method.stpm (StpmOptions(Backbone = backbone, Epochs = epochs 100))
                  Method.patchCore (PatchCoreOptions(Backbone = backbone)) ]

            teacher weights
            metrics [ ImageAuroc; PixelAuroc; Aupro 0.3 ]
        }

    let note text = Sweep.axis "teacher" [ text ] (fun _ cell -> { cell with Notes = [ ("teacher", text) ] })

    taught "teachers" "kestrel" Teacher.shipped
    |> note "kestrel"
    |> Sweep.append (taught "teachers" "resnet18" (Script.teacherOf "resnet18" arguments) |> note "ResNet-18")
    |> Sweep.append (taught "teachers" "kestrel" Teacher.random |> note "none")
    |> Study.run arguments.Runtime
    |> Report.write
        (Script.reportFolder "teachers" arguments)
        [ Table.summary; Table.perCategory ImageAuroc; Table.perCategory PixelAuroc; Plot.cost ImageAuroc ])
