/// ONNX Runtime, by which exports are proven.
module Falcon.Cli.OnnxProof

open Falcon.Export
open Falcon.Inference

let private session path threads =
    let runner = new OnnxRunner(path, threads)

    { new IOnnxSession with
        member _.Run(rgb, _, _) = runner.Run rgb
        member _.Dispose() = runner.Dispose() }

/// The version that the command brings.
let runtime =
    { new IOnnxRuntime with
        member _.Name = $"ONNX Runtime {OnnxRunner.Version}"
        member _.Open(path, threads) = session path threads }
