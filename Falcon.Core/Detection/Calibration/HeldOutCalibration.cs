using System.Text.Json.Nodes;
using Falcon.Backbones;
using Falcon.Data;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Detection;

/// <summary>Scores good photos with models that have not seen them.</summary>
public static class HeldOutCalibration
{
    /// <summary>Trains what the plan says and throws it away again; the teacher sees each photo once.</summary>
    /// <param name="plan">How; not <see cref="CalibrationWay.Views"/> and <see cref="CalibrationWay.None"/>, which score with the final model.</param>
    /// <param name="options">The method.</param>
    /// <param name="teacher">The frozen teacher; it stays the caller's.</param>
    /// <param name="photos">All photos that the final model learns from, in their order.</param>
    /// <param name="seed">The final model's master seed.</param>
    /// <param name="inputs">Where the images come from; null to decode them on two threads.</param>
    /// <param name="progress">Told of each training's epochs.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    /// <returns>A score for each photo, in their order.</returns>
    public static HeldOutScores Run(
        CalibrationPlan plan, MethodOptions options, Teacher teacher, IReadOnlyList<ImageItem> photos, MasterSeed seed, IImageInputs? inputs = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var kept = new KeptInputs(inputs ?? new ComputedInputs(teacher, loaderWorkers: 2));
        var shortened = Shortened(options, plan.StepShare);
        var scores = new double[photos.Count];
        for (var fold = 0; fold < plan.Trainings; fold++)
        {
            var (seen, unseen) = (Of(photo => plan.FoldOf(photo) != fold), Of(photo => plan.FoldOf(photo) == fold));
            using var detector = Detector.Train(
                shortened, teacher, [.. seen.Select(photo => photos[photo])], seed, inputs: kept, progress: progress, cancellation: cancellation);
            var predictions = detector.Predict([.. unseen.Select(photo => photos[photo])], kept, cancellation);
            foreach (var (photo, prediction) in unseen.Zip(predictions))
                scores[photo] = prediction.Score;
        }
        return new(plan.Way, scores);

        int[] Of(Func<int, bool> belongs) => [.. Enumerable.Range(0, photos.Count).Where(belongs)];
    }

    /// <summary>Scores of changed views of the photos that a detector has learnt from: the other photos of the same part that a single photo stands for.</summary>
    /// <param name="detector">The final model.</param>
    /// <param name="photos">The photos.</param>
    /// <param name="seed">The model's master seed; views come from its stream <c>calibration-views</c>.</param>
    /// <param name="views">Views of each photo.</param>
    /// <param name="loaderWorkers">Threads that decode images; they do not change the result.</param>
    public static HeldOutScores OfViews(Detector detector, IReadOnlyList<ImageItem> photos, MasterSeed seed, int views = 4, int loaderWorkers = 2)
    {
        var (method, teacher) = (detector.Card.Method, detector.Network.Teacher);
        var seen = ImageLoader.Load(photos, method.Preprocessing, loaderWorkers).SelectMany(image => Views(image));
        return new(CalibrationWay.Views, [.. ImageScoring.Score(method, detector.Network, seen).Select(prediction => prediction.Score)]);

        IEnumerable<ImageInput> Views(LoadedImage image)
        {
            using var pixels = image.Pixels.unsqueeze(0);
            image.Pixels.Dispose();
            for (var view = 0; view < views; view++)
            {
                using var scope = NewDisposeScope();
                var changed = ChangedView.Of(pixels, method.Preprocessing, seed.Stream("calibration-views", $"{image.Item.RelativeName} {view}"));
                var needs = detector.Network.Needs;
                var features = teacher.SharedFeatures(changed, needs.Taps).Detached();
                yield return new(
                    image.Item, needs.Pixels ? changed.DetachFromDisposeScope() : null, features, TrainingImages.Prepare(needs.Preparation, teacher, changed),
                    image.Width, image.Height);
            }
        }
    }

    /// <summary>The method with fewer passes, or steps where it counts these; at least one.</summary>
    private static MethodOptions Shortened(MethodOptions options, double share)
    {
        if (share == 1)
            return options;
        var name = options.Plan.Steps is null ? "epochs" : "steps";
        var all = options.Plan.Steps ?? options.Plan.Epochs;
        return MethodJson.Set(options, name, JsonValue.Create(Math.Max(1, (long)Math.Round(all * share))));
    }
}
