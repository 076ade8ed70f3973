namespace Falcon.Experiments

open Falcon.Backbones

type FeatureStorage =
    | Float32
    | Float16

type FeatureFormat = { Precision: Precision; Storage: FeatureStorage }

module FeatureFormat =
    let describe format =
        let computed =
            match format.Precision with
            | Precision.BFloat16 -> "bfloat16 features"
            | Precision.TensorFloat32 -> "TensorFloat-32 features"
            | _ -> "float32 features"

        match format.Storage with
        | Float32 -> computed
        | Float16 -> $"{computed}, kept as float16"

    let exact = { Precision = Precision.Float32; Storage = Float32 }
