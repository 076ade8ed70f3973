// Every method that there is side by side, at 1, 5 and all photos of good parts.
//
//   ./falcon run experiments/distillation-zoo.fsx [--data DIR --category C --teacher FILE]     hours on a processor; --quick for a look
//   ./falcon run experiments/distillation-zoo.fsx --only '*stpm*'                               one method of it
//
// FDSL's head learns from Falcon's drawn parts, and takes part with --data.
// Methods with teachers of other kinds than ResNet-18 take part when 'falcon weights list' has them, and with random ones in a quick look.
#load "falcon.fsx"

open System.Text.Json.Nodes
open Falcon.Experiments
open Falcon.Methods

/// The options with other values of those that the method has, where they are possible.
let set (values: (string * int) list) (options: MethodOptions) =
    (options, values)
    ||> List.fold (fun options (name, value) ->
        let has = MethodJson.WriteAll(options).ContainsKey name && not (name = "epochs" && options.Epochs = 0)
        let changed = if has then MethodJson.Set(options, name, JsonValue.Create value) else options
        if Seq.isEmpty (changed.Check()) then changed else options)

Script.run fsi.CommandLineArgs (fun arguments ->
    let at photos trainings values =
        let taught weights methodsOfIt =
            experiment "distillation-zoo" {
                dataSets (Script.dataSets arguments |> Script.smaller arguments)
                shots photos
                seeds trainings
                methods methodsOfIt
                teacher weights
                metrics [ ImageAuroc; PixelAuroc; Aupro 0.3 ]
            }

        let ofResNet, others =
            MethodCatalog.All
            |> Seq.filter (fun options -> not options.LearnsFromDefects)
            |> List.ofSeq
            |> List.partition (fun options -> Seq.contains "resnet18" options.Teachers)

        // Random weights take the shape that a method names.
        let sized (options: MethodOptions) = if Script.teacher arguments = Teacher.random then options.TaughtBy "resnet18" else options

        [ taught (Script.teacher arguments) [ for options in ofResNet -> set values (sized options) ]
          for options in others do
              let weights = Teacher.available options.Backbone None

              if options.NeedsAuxiliary then
                  // What defects look like is learnt from Falcon's drawn parts, so that these cannot be tested.
                  if weights <> Teacher.random && not arguments.Data.IsEmpty then
                      { taught weights [ set values options ] with Auxiliary = Some Data.drawn }
              elif arguments.Quick || weights <> Teacher.random then
                  taught weights [ set values options ] ]

    let studies =
        if arguments.Quick then
            at [ 1; 5 ] [ 0 ] [ "inputSize", 128; "epochs", 2; "amplificationEpochs", 2; "steps", 4 ]
        else
            // Ten passes over hundreds of photos are more steps than the published passes over a few, and hours less than those over all.
            at [ 1; 5 ] [ 0..2 ] [] @ at [ Shots.All ] [ 0 ] [ "epochs", 10; "amplificationEpochs", 10 ]

    Sweep.concat studies
    |> Study.withReport
        (Script.reportFolder "distillation-zoo" arguments)
        [ Table.summary
          Table.perCategory ImageAuroc
          Table.comparisons ImageAuroc
          Plot.roc
          Plot.shots ImageAuroc |> Section.whereEnough
          Plot.criticalDifference ImageAuroc |> Section.whereEnough
          Plot.cost ImageAuroc ]
    |> Study.run arguments.Runtime)
