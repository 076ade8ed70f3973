// RD++ (Tien et al., CVPR 2023): MVTec AD, all good images, a Wide-ResNet-50-2, the authors' recipe with their number of epochs for each category; BTAD with 200.
// Reported beside: image AUROC, pixel AUROC and AUPRO of the paper, for each category and their mean. The authors keep the epoch that is best on the test images,
// Falcon the last one.
//
//   ./falcon run experiments/papers/rdpp.fsx --data MVTEC [--data BTAD] [--category C] [--teacher FILE]     needs 'falcon weights fetch wide_resnet50_2'
//   ./falcon run experiments/papers/rdpp.fsx --quick                                                        on one category, to see that it runs
#load "../falcon.fsx"

open Falcon.Experiments
open Falcon.Methods

Script.run fsi.CommandLineArgs (fun arguments ->
    let options = ReverseDistillationPlusOptions()

    let epochsOf category =
        match ReverseDistillationPlusOptions.PublishedEpochs.TryGetValue category with
        | true, epochs -> epochs
        | _ -> options.Epochs

    let studies =
        [ for dataSet in Script.dataSets arguments |> Script.smaller arguments do
              for epochs, categories in List.groupBy epochsOf dataSet.Categories do
                  experiment "paper-rdpp" {
                      dataSets [ Data.categories categories dataSet ]
                      shots [ (if arguments.Quick then 2 else Shots.All) ]
                      seeds [ 0 ]

                      methods
                          [ (if arguments.Quick then
                                 ReverseDistillationPlusOptions(options, InputSize = 64, Epochs = 1)
                             else
                                 ReverseDistillationPlusOptions(options, Epochs = epochs)) ]

                      teacher (Script.teacherOf "wide_resnet50_2" arguments)
                      metrics [ ImageAuroc; PixelAuroc; Aupro 0.3 ]
                  } ]

    Sweep.concat studies
    |> Study.withReport
        (Script.reportFolder "paper-rdpp" arguments)
        [ Table.reported
          Table.perCategory ImageAuroc
          Table.perCategory PixelAuroc
          Table.perCategory (Aupro 0.3)
          Plot.roc ]
    |> Study.run arguments.Runtime)
