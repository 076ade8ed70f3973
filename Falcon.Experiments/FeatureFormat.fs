namespace Falcon.Experiments

open Falcon.Backbones

type FeatureStorage =
    | Float32
    | Float16

type FeatureFormat = { Precision: Precision; Storage: FeatureStorage }

module FeatureFormat =
    let describe format =
        let computed = if format.Precision = Precision.BFloat16 then "bfloat16 features" else "float32 features"

        match format.Storage with
        | Float32 -> computed
        | Float16 -> $"{computed}, kept as float16"

    let exact = { Precision = Precision.Float32; Storage = Float32 }
