/// What a study computes of its own between the teacher and the method.
module internal Falcon.Experiments.Stages.FeatureProcessing

open System
open Falcon
open Falcon.Backbones
open Falcon.Experiments
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Weights
open TorchSharp

/// Holds tensors that are outside of every dispose scope until the end: nobody else may refer to them by then, and their finaliser frees them even while libtorch
/// reads them.
let private holding (tensors: torch.Tensor seq) =
    let held = List.ofSeq tensors

    { new IDisposable with
        member _.Dispose() =
            for tensor in held do
                tensor.Dispose() }

let private stored (name: string) (tensor: torch.Tensor) =
    use values = tensor.detach().``to``(torch.ScalarType.Float32).cpu().contiguous()
    StoredTensor.Of(name, values.data<float32>().ToArray(), values.shape)

let private record (stage: FeatureStage) (tap: BackboneTap) (threads: int) =
    Canonical.ofMembers [ "options", stage.Options; "tap", Canonical.ofText (string tap); "threads", Canonical.ofValue threads ]

/// From the features of the training images at a tap to what is fitted.
let fitting (stage: FeatureStage) tap threads : Stage<string list, string> =
    let fit (files: string list) (workspace: Workspace) =
        use _ = torch.NewDisposeScope()
        use _ = torch.no_grad ()
        let images = [| for file in files -> TensorFile.read file FeatureExtraction.features |]
        use _ = holding images
        let features = torch.cat images

        [ "fitted",
          TensorFile.output
              workspace
              [ for name, tensor in StudyPart.run $"feature stage {stage.Name}, fit" (fun () -> stage.Fit tap features) ->
                    stored name tensor ] ]

    { Name = $"{stage.Name}-fit"
      Version = stage.Version
      Libraries = [ Libraries.engine ]
      Record = record stage tap threads
      Work = Work.Alone fit
      Read = TensorFile.path }

/// From the features of an image, or of its tiles one by one, at a tap, and what was fitted, to other features of the same shape.
let applying (stage: FeatureStage) tap threads : Stage<string * string, string> =
    let apply (fitted: string, file: string) (workspace: Workspace) =
        use _ = torch.NewDisposeScope()
        use _ = torch.no_grad ()
        use features = TensorFile.read file FeatureExtraction.features
        let size = TensorFile.read file _.Read("size")

        let tensors =
            TensorFile.read fitted (fun file -> dict [ for name in file.Names -> name, file.Tensor(name).clone().DetachFromDisposeScope() ])

        let fittedTensor name =
            match tensors.TryGetValue name with
            | true, tensor -> tensor
            | false, _ ->
                let names = String.Join(", ", tensors.Keys)
                raise (InvalidInputException($"asks for '{name}'", $"feature stage {stage.Name}", $"Ask for what fit gave: {names}."))

        use _ = holding tensors.Values
        let apply input = StudyPart.run $"feature stage {stage.Name}, apply" (fun () -> stage.Apply tap fittedTensor input)
        let other = torch.cat [| for input in features.split 1L -> apply input |]

        if other.shape <> features.shape then
            let text (shape: int64 array) = String.Join('×', shape)

            raise (
                InvalidInputException(
                    $"makes {text other.shape} of features of {text features.shape}",
                    $"feature stage {stage.Name}, {tap}",
                    "Return features of the same shape: methods are built for those of the teacher."
                )
            )

        if not (other.isfinite().all().ToBoolean()) then
            raise (
                InvalidInputException("makes numbers that are not finite", $"feature stage {stage.Name}, {tap}", "Look for divisions by 0.")
            )

        [ "features", TensorFile.output workspace [ stored "features" other; size ] ]

    { Name = stage.Name
      Version = stage.Version
      Libraries = [ Libraries.engine ]
      Record = record stage tap threads
      Work = Work.Alone apply
      Read = TensorFile.path }
