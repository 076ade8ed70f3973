/// The libraries whose versions are part of the keys of what they compute.
module internal Falcon.Experiments.Stages.Libraries

open Falcon.Engine
open Falcon.Imaging

/// Computes with tensors.
let engine = EngineVersion.Text

/// Reads image files.
let decoder = ImageFile.DecoderVersion
