namespace Falcon.Experiments

open Falcon.Backbones
open TorchSharp

/// A computation of one's own between the teacher and the method, for example a whitening: fitted to the features of the training images, applied to those of
/// every image. It is a stage of the store: what is computed once is found again, and its name, version and options are part of the key.
[<Sealed>]
type FeatureStage =
    /// What it is called: small letters, digits and hyphens.
    member Name: string

    /// Raised by hand when the code computes otherwise, so that earlier results are not used any more.
    member Version: int

    member internal Options: Store.Canonical
    member internal Fit: (BackboneTap -> torch.Tensor -> (string * torch.Tensor) list)
    member internal Apply: (BackboneTap -> (string -> torch.Tensor) -> torch.Tensor -> torch.Tensor)

module FeatureStage =
    /// Describes a stage.
    /// - `options`: a record of all numbers that change the result, or `()`. Both functions get it: what they take from elsewhere is not in the key.
    /// - `fit`: from the options, a tap and the features of all training images or their tiles there, (k, C, h, w) float32, to tensors by name.
    /// - `apply`: from the options, a tap, the fitted tensors and the features of one image or tile, (1, C, h, w), to features of the same shape.
    ///
    ///     FeatureStage.create "centring" 1 ()
    ///         (fun _ _ features -> [ "mean", features.mean ([| 0L; 2L; 3L |], true) ])
    ///         (fun _ _ fitted features -> features - fitted "mean")
    val create:
        name: string ->
        version: int ->
        options: 'Options ->
        fit: ('Options -> BackboneTap -> torch.Tensor -> (string * torch.Tensor) list) ->
        apply: ('Options -> BackboneTap -> (string -> torch.Tensor) -> torch.Tensor -> torch.Tensor) ->
            FeatureStage
