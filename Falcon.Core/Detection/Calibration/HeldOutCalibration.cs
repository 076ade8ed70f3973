using Falcon.Backbones;
using Falcon.Data;
using Falcon.Methods;
using Falcon.Protocol;
using Falcon.Randomness;
using Falcon.Training;

namespace Falcon.Detection;

/// <summary>Scores good photos with models that have not seen them.</summary>
public static class HeldOutCalibration
{
    /// <summary>Trains what the plan says and throws it away again.</summary>
    /// <param name="plan">How; not <see cref="CalibrationWay.Views"/> and <see cref="CalibrationWay.None"/>, which score with the final model.</param>
    /// <param name="options">The method.</param>
    /// <param name="teacher">The frozen teacher; it stays the caller's.</param>
    /// <param name="photos">All photos that the final model learns from, in their order.</param>
    /// <param name="seed">The final model's master seed.</param>
    /// <param name="inputs">Where the images come from; null to decode them on two threads.</param>
    /// <param name="progress">Told of each training's epochs.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    /// <param name="foundation">What the method builds on, if that has learnt from defects elsewhere; what it learns of the same photos is learnt anew without those that are
    /// held out.</param>
    /// <param name="imageScore">How an image gets its score; null for the method's.</param>
    /// <param name="checkpoint">Continues interrupted trainings, and keeps the scores of those that are done; null to start anew.</param>
    public static HeldOutFolds Run(
        CalibrationPlan plan, MethodOptions options, Teacher teacher, IReadOnlyList<ImageItem> photos, MasterSeed seed, IImageInputs? inputs = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default, Detector? foundation = null,
        ImageScoreReducer? imageScore = null, TrainingCheckpoint? checkpoint = null)
    {
        inputs ??= new ComputedInputs(teacher, loaderWorkers: 2);
        var folds = new HeldOutFolds(plan, options, photos, seed, imageScore);
        // Of two folds no model knows what the other knows.
        using var changed = new KeptInputs(new ChangedViews(teacher, seed, loaderWorkers: 2), folds.IsOfMany ? KeptInputs.MostBytes : 0);
        for (var fold = 0; fold < plan.Trainings; fold++)
        {
            var part = $"held-out-{fold}";
            var (heldOut, known) = (folds.Held(fold), folds.Known(fold));
            (progress as TrainingsInTurn)?.Next();
            if (checkpoint?.Kept(part) is { } kept && kept.Length == 2 * (heldOut.Length + folds.ViewsOfPhoto * known.Length))
            {
                folds.Add(fold, Of(plan.Way, kept[..(2 * heldOut.Length)]), Of(CalibrationWay.Views, kept[(2 * heldOut.Length)..]));
                progress?.Report(new(options.Epochs, options.Epochs, plan.ImagesWithout(fold, options), []));
                continue;
            }
            var seen = photos.Where(photo => !heldOut.Any(other => other.Path == photo.Path));
            using var detector = Detector.TrainUncalibrated(
                options, teacher, [.. seen], seed, null, inputs, checkpoint?.Of(part), progress, cancellation,
                foundation is { Card.Method.LearnsFromDefects: true } ? foundation : null);
            var unseen = HeldOutScores.Of(plan.Way, detector.Predict(heldOut, inputs, cancellation, imageScore));
            var views = OfViews(detector, known, folds.ViewsOfPhoto, changed, imageScore, cancellation);
            folds.Add(fold, unseen, views);
            checkpoint?.Keep(part, [.. Numbers(unseen), .. Numbers(views)]);
        }
        return folds;

        IEnumerable<double> Numbers(HeldOutScores scores) => scores.Scores.Zip(scores.PixelLevels).SelectMany(pair => new[] { pair.First, pair.Second });

        HeldOutScores Of(CalibrationWay way, double[] numbers) =>
            new(way, [.. numbers.Where((_, i) => i % 2 == 0)], [.. numbers.Where((_, i) => i % 2 == 1)]);
    }

    /// <summary>Scores of photos that a detector has learnt from, or of views of them, as the way says.</summary>
    /// <param name="way"><see cref="CalibrationWay.Views"/> or <see cref="CalibrationWay.None"/>.</param>
    /// <param name="detector">The final model.</param>
    /// <param name="photos">The photos.</param>
    /// <param name="seed">The model's master seed.</param>
    /// <param name="inputs">Where the photos come from when they are scored as they are; null to decode them on two threads.</param>
    /// <param name="imageScore">How an image gets its score; null for the method's.</param>
    /// <param name="cancellation">Stops before the next image.</param>
    public static HeldOutScores OfKnown(CalibrationWay way, Detector detector, IReadOnlyList<ImageItem> photos, MasterSeed seed, IImageInputs? inputs = null,
        ImageScoreReducer? imageScore = null, CancellationToken cancellation = default) =>
        way == CalibrationWay.Views
            ? OfViews(detector, photos, seed, imageScore: imageScore, cancellation: cancellation)
            : HeldOutScores.Of(CalibrationWay.None, detector.Predict(photos, inputs, cancellation, imageScore));

    /// <summary>Scores of changed views of the photos that a detector has learnt from: the other photos of the same part that a single photo stands for.</summary>
    /// <param name="detector">The final model.</param>
    /// <param name="photos">The photos.</param>
    /// <param name="seed">The model's master seed; views come from its stream <c>calibration-views</c>.</param>
    /// <param name="views">Views of each photo.</param>
    /// <param name="loaderWorkers">Threads that decode images; they do not change the result.</param>
    /// <param name="imageScore">How an image gets its score; null for the method's.</param>
    /// <param name="cancellation">Stops before the next image.</param>
    public static HeldOutScores OfViews(Detector detector, IReadOnlyList<ImageItem> photos, MasterSeed seed, int views = 4, int loaderWorkers = 2,
        ImageScoreReducer? imageScore = null, CancellationToken cancellation = default) =>
        OfViews(detector, photos, views, new ChangedViews(detector.Network.Teacher, seed, loaderWorkers), imageScore, cancellation);

    private static HeldOutScores OfViews(
        Detector detector, IReadOnlyList<ImageItem> photos, int views, IImageInputs inputs, ImageScoreReducer? imageScore, CancellationToken cancellation) =>
        HeldOutScores.Of(CalibrationWay.Views, detector.Predict(ChangedViews.Of(photos, views), inputs, cancellation, imageScore));
}
