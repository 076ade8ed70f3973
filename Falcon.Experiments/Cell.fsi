namespace Falcon.Experiments

open Falcon.Data
open Falcon.Methods
open Falcon.Protocol
open Falcon.Results

/// One run of a study: one method trained on a few images of one category with one seed. A value; equal cells give equal results.
type Cell =
    {
        /// The data set; its categories are those of the study.
        Data: DataSet
        /// The category that this cell trains and tests on.
        Category: string
        /// The method with all its options.
        Method: MethodOptions
        /// The data set on whose defects the method, or what it builds on, is trained; none for a method that does not learn from defects.
        Auxiliary: DataSet option
        /// The number of normal images that it learns from; `Shots.All` for every one that there is.
        Shots: int
        /// How they are chosen.
        Sampler: ShotSampler
        /// The master seed.
        Seed: int
        /// The frozen teacher.
        Teacher: TeacherSource
        /// The numbers of its features.
        Features: FeatureFormat
        /// What the study computes of them before the method reads them, in order.
        FeatureStages: FeatureStage list
        /// How an anomaly map becomes the score of its image.
        ImageScore: ImageScoreReducer
        /// What the study computes of maps and scores before they are measured, in order.
        ScoreStages: ScoreStage list
        /// The size at which maps meet masks.
        EvaluationSize: EvaluationSize
        /// What sets the cell apart and neither options nor shots nor seed show: the axis of a sweep and the value on it.
        Notes: (string * string) list
        /// What sweeps vary about it, for the rows of reports.
        Swept: Swept
        /// How its options were chosen, where a search has chosen them: part of the protocol.
        Choice: string option
    }

/// Numbers of training images.
module Shots =
    /// Every training image of the category.
    ///
    ///     shots [ 5; Shots.All ]
    [<Literal>]
    val All: int = 0x7FFFFFFF

    /// As results and reports say it.
    val internal count: shots: int -> ShotCount

    /// `5shot`, `all`.
    val internal text: shots: int -> string

module Cell =
    /// A readable name, also that of the cell's folder: `mvtec-bottle-falcon-5shot-seed0`. Options appear where they differ from the published
    /// ones: `mvtec-bottle-falcon+epochs=20-5shot-seed0`. It depends on the cell alone, not on the study that it is part of.
    ///
    ///     study |> Sweep.where (fun cell -> Cell.id cell <> "mvtec-bottle-falcon-5shot-seed0")
    val id: cell: Cell -> string

    /// The method's name in files and in tables.
    ///
    ///     (Cell.label cell).Title // FALCON (epochs 20)
    val label: cell: Cell -> MethodLabel

    /// The label's title.
    val internal title: cell: Cell -> string

    /// How the cell's numbers are obtained when its method learns from so many images.
    ///
    ///     (cell |> Cell.protocol 5).ImageScore
    val protocol: images: int -> cell: Cell -> EvaluationProtocol
