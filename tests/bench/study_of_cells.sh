# Sourced by hosts.sh and slurm.sh, which set root: the command, and a study of trainings that take some seconds each.
falcon() { dotnet "$root/artifacts/publish/Falcon.Cli/release/falcon.dll" "$@"; }

# study NAME SEEDS EPOCHS [LINE]: writes study.fsx, with a further line before it is run. Four seeds make 24 cells.
study() {
  cat >study.fsx <<END
#load "$root/experiments/falcon.fsx"
open Falcon.Experiments
open Falcon.Methods

experiment "$1" {
    data (Data.drawn |> Data.categories [ "fabric"; "flange"; "nameplate" ])
    shots [ 1; 2 ]
    seeds [ $2 ]
    methods [ FalconOptions(Epochs = $3, InputSize = 64) ]
    teacher Teacher.random
    metrics [ ImageAuroc ]
}
${4:-}
|> Study.run Runtime.local
END
}
