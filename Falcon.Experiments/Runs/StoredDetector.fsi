namespace Falcon.Experiments

open Falcon.Backbones
open Falcon.Detection
open Falcon.Experiments.Store
open Falcon.Methods
open Falcon.Results

/// The detectors that the cells of studies have trained.
module StoredDetector =
    /// The detector of a cell around its teacher, which the caller loads and keeps. An `InvalidInputException` says that the store does not have it any more, or
    /// that it was trained with another teacher.
    val load: store: Store -> run: Run -> teacher: Teacher -> Detector

    /// The teacher that a cell was trained with, where it is random or among the user's weights.
    val teacher: store: Store -> run: Run -> TeacherSource option

    /// The mean losses of each epoch by name; empty when the store does not have the training any more.
    val losses: store: Store -> run: Run -> LossCurve array

    /// The method of a cell with all its options. An `InvalidInputException` says that the store does not know it any more.
    val method: run: Run -> MethodOptions
