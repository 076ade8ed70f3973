namespace Falcon.Experiments

open Falcon.Methods

/// The methods of a study.
module Method =
    /// FALCON with these options.
    val falcon: options: FalconOptions -> MethodOptions

    /// STPM with these options.
    val stpm: options: StpmOptions -> MethodOptions

    /// Reverse distillation with these options.
    val reverseDistillation: options: ReverseDistillationOptions -> MethodOptions

    /// DBFAD with these options.
    val dbfad: options: DbfadOptions -> MethodOptions

    /// MixedTeacher with these options.
    val mixedTeacher: options: MixedTeacherOptions -> MethodOptions

    /// Remembering normality with these options.
    val rememberingNormality: options: RememberingNormalityOptions -> MethodOptions

    /// SingleNet with these options.
    val singleNet: options: SingleNetOptions -> MethodOptions

    /// EfficientAD with these options.
    val efficientAd: options: EfficientAdOptions -> MethodOptions

    /// PaDiM with these options.
    val padim: options: PadimOptions -> MethodOptions

    /// PatchCore with these options.
    val patchCore: options: PatchCoreOptions -> MethodOptions

    /// The same cell with other options if its method is FALCON, for axes of a sweep: `fun w -> Method.mapFalcon (fun o -> o.With(NoiseWeight = w))`.
    val mapFalcon: change: (FalconOptions -> FalconOptions) -> cell: Cell -> Cell
