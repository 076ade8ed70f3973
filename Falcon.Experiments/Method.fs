namespace Falcon.Experiments

open Falcon.Methods

module Method =
    let falcon (options: FalconOptions) : MethodOptions = options
    let stpm (options: StpmOptions) : MethodOptions = options
    let reverseDistillation (options: ReverseDistillationOptions) : MethodOptions = options
    let dbfad (options: DbfadOptions) : MethodOptions = options
    let mixedTeacher (options: MixedTeacherOptions) : MethodOptions = options
    let rememberingNormality (options: RememberingNormalityOptions) : MethodOptions = options
    let singleNet (options: SingleNetOptions) : MethodOptions = options
    let efficientAd (options: EfficientAdOptions) : MethodOptions = options
    let padim (options: PadimOptions) : MethodOptions = options
    let patchCore (options: PatchCoreOptions) : MethodOptions = options

    let mapFalcon (change: FalconOptions -> FalconOptions) (cell: Cell) =
        match cell.Method with
        | :? FalconOptions as options -> { cell with Method = falcon (change options) }
        | _ -> cell
