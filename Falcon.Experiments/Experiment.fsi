namespace Falcon.Experiments

open Falcon.Data
open Falcon.Methods
open Falcon.Metrics
open Falcon.Protocol
open Falcon.Results

/// A study as a value: everything that determines its results, and nothing else (see `Runtime` for the rest). Making one never touches the disk.
type Experiment =
    {
        /// The name, also that of the folder of its results.
        Name: string
        /// The data sets with the categories to use.
        Data: DataSet list
        /// Numbers of normal images to learn from, each a cell; `Shots.All` for every one that there is.
        Shots: int list
        /// How the images are chosen.
        Sampler: ShotSampler
        /// Master seeds, each a cell; tables give mean and standard deviation over them.
        Seeds: int list
        /// The methods with their options.
        Methods: MethodOptions list
        /// The data set, with masks, on whose defects those methods are trained once that learn from defects; its categories are none of `Data`.
        Auxiliary: DataSet option
        /// The frozen teacher of all methods.
        Teacher: TeacherSource
        /// The numbers of the teacher's features.
        Features: FeatureFormat
        /// What is computed of them before the methods read them, in order.
        FeatureStages: FeatureStage list
        /// How an image gets its score, of all methods; none for what each method defines, mostly the map's maximum. Changing it scores anew and trains nothing.
        ImageScore: ImageScoreReducer option
        /// What is computed of maps and scores before they are measured, in order.
        ScoreStages: ScoreStage list
        /// The size at which maps meet masks; changing it measures anew.
        EvaluationSize: EvaluationSize
        /// What is measured. Adding a metric trains nothing anew.
        Metrics: Metric list
    }

    interface IStudy

module Experiment =
    /// FALCON with its published options, 5 shots and seeds 0, 1, 2, image AUROC, and no data yet.
    ///
    ///     { Experiment.defaults with Name = "first"; Data = [ Data.drawn ] }
    val defaults: Experiment

    /// Every run of the study: data sets, then categories, methods, shots and seeds, the last varying fastest.
    ///
    ///     (Experiment.cells study).Length
    val cells: experiment: Experiment -> Cell list
