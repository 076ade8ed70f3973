using Falcon.Backbones;
using Falcon.Data;
using Falcon.Methods;
using Falcon.Metrics;
using Falcon.Randomness;
using Falcon.Training;

namespace Falcon.Detection;

/// <summary>Trains detectors whose threshold holds for photos that they have not seen.</summary>
public static class CalibratedTraining
{
    /// <summary>Scores held-out photos with models that are thrown away, trains the detector on all photos, and takes its threshold from these scores, brought to the detector's scale
    /// (<see cref="HeldOutFolds.OnScaleOf"/>). The result is <see cref="Detector.Train"/>'s to the bit but for the threshold.</summary>
    /// <param name="options">The method.</param>
    /// <param name="teacher">The frozen teacher; it stays the caller's and must outlive the detector.</param>
    /// <param name="photos">The photos of good parts.</param>
    /// <param name="seed">The master seed.</param>
    /// <param name="plan">How photos are held out; null for what suits the method.</param>
    /// <param name="falseAlarms">The probability that a good part exceeds the threshold, in (0, 0.5).</param>
    /// <param name="source">Where the photos come from, for the record; null for no record.</param>
    /// <param name="inputs">Where the images come from; null to decode them on two threads.</param>
    /// <param name="progress">Told after each epoch; the images seen are those of all trainings so far, <see cref="CalibrationPlan.ImagesSeen"/> at the end.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    /// <param name="foundation">As for <see cref="Detector.Train"/>.</param>
    /// <param name="doubts">Told of photos that may show no good part (<see cref="DoubtfulPhotos"/>), before the final training, if there are any; null not to look. No photo is
    /// left out by itself: throw to stop.</param>
    /// <param name="keepPhotos">Whether the detector keeps its photos if it needs them to learn further (<see cref="Detector.Keep"/>).</param>
    /// <param name="checkpoint">Continues an interrupted run, with the same result to the bit; null to start anew. Its folder is for this run alone.</param>
    /// <exception cref="InvalidInputException">As for <see cref="Detector.Train"/>, or the plan cannot hold these photos out.</exception>
    public static Detector Run(
        MethodOptions options, Teacher teacher, IReadOnlyList<ImageItem> photos, MasterSeed seed, CalibrationPlan? plan = null,
        double falseAlarms = FalseAlarmLimit.UsualRate, DetectorSource? source = null, IImageInputs? inputs = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default, Detector? foundation = null,
        Action<IReadOnlyList<Finding>>? doubts = null, bool keepPhotos = true, TrainingCheckpoint? checkpoint = null)
    {
        plan ??= CalibrationPlan.Of(options, photos);
        inputs ??= new ComputedInputs(teacher, loaderWorkers: 2);
        using var kept = new KeptInputs(inputs);
        var all = new TrainingsInTurn(progress);
        var folds = plan.Trainings == 0
            ? null
            : HeldOutCalibration.Run(plan, options, teacher, photos, seed, kept, all, cancellation, foundation, checkpoint: checkpoint);
        if (doubts is not null && DoubtfulPhotos.Find(photos, folds?.Scores, options.Preprocessing) is { Count: > 0 } found)
            doubts(found);
        all.Next();
        var final = Detector.TrainUncalibrated(options, teacher, photos, seed, source, kept, checkpoint, all, cancellation, foundation)
            .CalibratedBy(Scores, falseAlarms);
        if (keepPhotos)
            final.Keep(photos);
        return final;

        HeldOutScores Scores(Detector detector) => folds is null
            ? HeldOutCalibration.OfKnown(plan.Way, detector, photos, seed, kept, cancellation: cancellation)
            : folds.OnScaleOf(detector, cancellation);
    }
}
