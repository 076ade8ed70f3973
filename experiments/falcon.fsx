// What a study's script needs: `#load "falcon.fsx"`, then `open Falcon.Experiments` and `open Falcon.Methods`. `./falcon --help` once builds the assemblies that it
// refers to.
#I "../artifacts/publish/Falcon.Cli/release"
#r "Falcon.Core.dll"
#r "Falcon.Reports.dll"
#r "Falcon.Experiments.dll"
#r "TorchSharp.dll"
