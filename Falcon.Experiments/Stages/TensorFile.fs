/// Outputs of stages as safetensors, written into the workspace of the stage.
module internal Falcon.Experiments.Stages.TensorFile

open System
open System.IO
open Falcon.Experiments.Store
open Falcon.Weights

/// A safetensors output.
let output (workspace: Workspace) (tensors: StoredTensor seq) =
    let path = Path.Combine(workspace.Folder, Guid.NewGuid().ToString "N")
    SafetensorsWriter.Write(path, Array.ofSeq tensors)
    Output.File path

/// The only output of a stage that has one.
let path (result: StageResult) = (Seq.exactlyOne result.Outputs.Values).Path

/// Reads a file that ends with the reading.
let read path (reading: SafetensorsFile -> 'Value) = using (SafetensorsFile.Open path) reading
