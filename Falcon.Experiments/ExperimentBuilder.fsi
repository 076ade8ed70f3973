namespace Falcon.Experiments

open Falcon.Data
open Falcon.Methods
open Falcon.Metrics
open Falcon.Protocol
open Falcon.Results

/// Edits an `Experiment`, beginning with `Experiment.defaults`; each operation sets one field.
[<Sealed>]
type ExperimentBuilder =
    /// `Experiment.defaults` under the study's name.
    member Yield: 'nothing -> Experiment

    /// The data set, with the categories to use.
    ///
    ///     data (MvtecAd.at "data/mvtec" |> Data.categories [ "bottle" ])
    [<CustomOperation "data">]
    member Data: experiment: Experiment * data: DataSet -> Experiment

    /// Several data sets, in the order of the tables.
    ///
    ///     dataSets [ MvtecAd.at "data/mvtec"; Visa.at "data/visa" ]
    [<CustomOperation "dataSets">]
    member DataSets: experiment: Experiment * dataSets: DataSet list -> Experiment

    /// Numbers of normal images to learn from.
    ///
    ///     shots [ 1; 2; 5; Shots.All ]
    [<CustomOperation "shots">]
    member Shots: experiment: Experiment * shots: int list -> Experiment

    /// How the images are chosen; without it, the first k of a seeded permutation of the sorted names.
    ///
    ///     sampler Sampler.sortedSlice
    [<CustomOperation "sampler">]
    member Sampler: experiment: Experiment * sampler: ShotSampler -> Experiment

    /// Master seeds.
    ///
    ///     seeds [ 0..4 ]
    [<CustomOperation "seeds">]
    member Seeds: experiment: Experiment * seeds: int list -> Experiment

    /// The methods, each with its options.
    ///
    ///     methods [ FalconOptions(Epochs = 20); PatchCoreOptions() ]
    [<CustomOperation "methods">]
    member Methods: experiment: Experiment * methods: MethodOptions list -> Experiment

    /// The data set, with masks, on whose defects methods are trained once that learn from defects.
    ///
    ///     auxiliary (Visa.at "data/visa")
    [<CustomOperation "auxiliary">]
    member Auxiliary: experiment: Experiment * data: DataSet -> Experiment

    /// The frozen teacher.
    ///
    ///     teacher (Teacher.weights "resnet18")
    [<CustomOperation "teacher">]
    member Teacher: experiment: Experiment * teacher: TeacherSource -> Experiment

    /// In which numbers the teacher computes and its features are kept; without it, float32.
    ///
    ///     features { Precision = Precision.BFloat16; Storage = Float16 }
    [<CustomOperation "features">]
    member Features: experiment: Experiment * format: FeatureFormat -> Experiment

    /// What is computed of the teacher's features before the methods read them.
    ///
    ///     featureStages [ whitening ]
    [<CustomOperation "featureStages">]
    member FeatureStages: experiment: Experiment * stages: FeatureStage list -> Experiment

    /// What is computed of maps and scores before they are measured.
    ///
    ///     scoreStages [ smoothing ]
    [<CustomOperation "scoreStages">]
    member ScoreStages: experiment: Experiment * stages: ScoreStage list -> Experiment

    /// How an anomaly map becomes the score of its image; without it, its maximum, or what the method defines.
    ///
    ///     imageScore (ImageScoreReducer.TopMean 1.0)
    [<CustomOperation "imageScore">]
    member ImageScore: experiment: Experiment * reducer: ImageScoreReducer -> Experiment

    /// The size at which maps meet masks; without it, that of each image.
    ///
    ///     evaluationSize (EvaluationSize.Of(256, 256))
    [<CustomOperation "evaluationSize">]
    member EvaluationSize: experiment: Experiment * size: EvaluationSize -> Experiment

    /// What to measure.
    ///
    ///     metrics [ ImageAuroc; PixelAuroc; Aupro 0.3 ]
    [<CustomOperation "metrics">]
    member Metrics: experiment: Experiment * metrics: Metric list -> Experiment

[<AutoOpen>]
module ExperimentBuilder =
    /// A study of this name.
    ///
    ///     experiment "few-shot" { data Data.drawn; shots [ 2; 5 ] }
    val experiment: name: string -> ExperimentBuilder
