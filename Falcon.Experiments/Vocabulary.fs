namespace Falcon.Experiments

open Falcon.Data
open Falcon.Metrics

/// Width and height of a network's input: `InputSize = InputSize(384, 256)`; a number is a square.
type InputSize = Falcon.Data.InputSize

/// How an anomaly map becomes the score of its image: `imageScore (ImageScoreReducer.TopMean 1.0)`.
type ImageScoreReducer = Falcon.Protocol.ImageScoreReducer

/// The size at which maps meet masks: `evaluationSize (EvaluationSize.Of(256, 256))`.
type EvaluationSize = Falcon.Protocol.EvaluationSize

/// The numbers in which a teacher computes: `features { FeatureFormat.exact with Precision = Precision.BFloat16 }`.
type Precision = Falcon.Backbones.Precision

/// The metrics under the names that a study writes.
[<AutoOpen>]
module MetricNames =
    /// Area under the ROC curve over images.
    ///
    ///     metrics [ ImageAuroc ]
    let ImageAuroc = Metric.ImageAuroc

    /// Average precision over images.
    ///
    ///     metrics [ ImageAp ]
    let ImageAp = Metric.ImageAp

    /// Best F1 score over images, over all thresholds.
    ///
    ///     metrics [ ImageF1Max ]
    let ImageF1Max = Metric.ImageF1Max

    /// Area under the ROC curve over pixels.
    ///
    ///     metrics [ PixelAuroc ]
    let PixelAuroc = Metric.PixelAuroc

    /// Average precision over pixels.
    ///
    ///     metrics [ PixelAp ]
    let PixelAp = Metric.PixelAp

    /// Best F1 score over pixels, over all thresholds.
    ///
    ///     metrics [ PixelF1Max ]
    let PixelF1Max = Metric.PixelF1Max

    /// Area under the per-region overlap curve up to a false-positive rate in (0, 1]; 0.3 is usual.
    ///
    ///     metrics [ Aupro 0.3 ]
    let Aupro limit = Metric.Aupro limit

    /// Area under the per-image overlap curve over the shared false-positive rates from 1e-5 to 1e-4 (AUPIMO).
    ///
    ///     metrics [ Aupimo ]
    let Aupimo = Metric.Aupimo()

    /// The share of good images above the detector's own threshold, which comes from photos that were held out.
    ///
    ///     metrics [ FalseAlarms; Misses; BalancedAccuracy ]
    let FalseAlarms = Metric.FalseAlarms()

    /// The share of anomalous images that the detector's own threshold misses.
    ///
    ///     metrics [ FalseAlarms; Misses ]
    let Misses = Metric.Misses()

    /// The mean of the shares of good images that pass the detector's own threshold and of anomalous ones that do not. For other rates of false alarms than 5 %:
    /// `Metric.BalancedAccuracy 0.01`.
    ///
    ///     metrics [ ImageAuroc; BalancedAccuracy ]
    let BalancedAccuracy = Metric.BalancedAccuracy()

    /// Mean overlap per region at the threshold of the best pixel F1 score.
    ///
    ///     metrics [ RegionOverlap ]
    let RegionOverlap = Metric.RegionOverlap()

/// How the few training images are chosen.
module Sampler =
    /// The first k of a seeded permutation of the sorted names; fewer shots are the first ones of more. The default.
    ///
    ///     sampler Sampler.seededPermutation
    let seededPermutation = ShotSampler.Default

    /// Images seed·k to (seed + 1)·k of the sorted names: seeds that count from 0 share no image.
    ///
    ///     sampler Sampler.sortedSlice
    let sortedSlice: ShotSampler = ShotSampler.SortedSlice()

    /// k seeded draws with replacement; tables mark it.
    ///
    ///     sampler Sampler.withReplacement
    let withReplacement: ShotSampler = ShotSampler.WithReplacement()

    /// The first k that a CSV file of published support images names: columns category and image, perhaps shots and seed.
    ///
    ///     sampler (Sampler.listed "support.csv")
    let listed file : ShotSampler = ShotSampler.Listed file

    /// Every image.
    ///
    ///     sampler Sampler.allImages
    let allImages: ShotSampler = ShotSampler.AllImages()

    /// The images that FALCON's public code chooses, whatever the seeds of the study.
    ///
    ///     sampler Sampler.falcon616
    let falcon616: ShotSampler = ShotSampler.SeededPermutation 616L

    /// The two images that PCSNet's public code draws for its first category, whatever the seeds of the study.
    ///
    ///     sampler Sampler.pcsnet512
    let pcsnet512: ShotSampler = ShotSampler.WithReplacement 512L
