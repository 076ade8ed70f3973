namespace Falcon.Experiments

open Falcon.Methods

module Method =
    let falcon (options: FalconOptions) : MethodOptions = options
    let stpm (options: StpmOptions) : MethodOptions = options

    let mapFalcon (change: FalconOptions -> FalconOptions) experiment =
        let changed (method: MethodOptions) =
            match method with
            | :? FalconOptions as options -> falcon (change options)
            | other -> other

        { experiment with Methods = List.map changed experiment.Methods }
