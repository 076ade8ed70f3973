// What a study's script needs: `#load "falcon.fsx"`, then `open Falcon.Experiments`. `./falcon --help` once builds the assemblies that it refers to.
#I "../artifacts/publish/Falcon.Cli/release"
#r "Falcon.Core.dll"
#r "Falcon.Reports.dll"
#r "Falcon.Experiments.dll"
