using System.Diagnostics;
using Falcon.Data;
using Falcon.Randomness;
using Falcon.Training;

namespace Falcon.Detection;

/// <summary>Makes good photos of false alarms: a detector learns them after its training.</summary>
public static class Teaching
{
    /// <summary>By how much, in shares of its score, the threshold exceeds a photo that does not pass otherwise: another machine may round otherwise.</summary>
    private const double Margin = 1e-4;

    /// <summary>Teaches a detector, in place. Methods that fit take the photos into what they keep; methods that train go on from their weights, with the photos that they know and
    /// the new ones, of which as many are shown, in short trainings until the new ones pass. The threshold stays, unless a photo exceeds it although it has been learnt: then it is raised to that photo's
    /// score.</summary>
    /// <param name="detector">If this throws after the work has begun, it is unusable.</param>
    /// <param name="photos">The good photos. What is given more than once is taught once, and what was taught before is not taught again.</param>
    /// <param name="defects">Photos of defective parts, which are scored before and after, and whose scores are remembered; null for none.</param>
    /// <param name="known">Photos among which are those that the detector was trained on, by the names that they had then; null to take those that it keeps. Methods that fit do
    /// without.</param>
    /// <param name="epochs">Passes of one training, in place of short ones until the photos pass.</param>
    /// <param name="inputs">Where images come from; null to decode them on two threads.</param>
    /// <param name="progress">Told after each epoch; the images seen are those of all short trainings so far.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    /// <exception cref="InvalidInputException">A photo cannot be read, is smaller than a tile, or is called both good and defective; none is new; or those are wanted that the
    /// detector was trained on, and are not there.</exception>
    public static TeachingOutcome Run(
        Detector detector, IReadOnlyList<ImageItem> photos, IReadOnlyList<ImageItem>? defects = null, IReadOnlyList<ImageItem>? known = null, int? epochs = null,
        IImageInputs? inputs = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var (card, network) = (detector.Card, detector.Network);
        var (method, threshold) = (card.Method, card.Threshold);
        using var kept = new KeptInputs(inputs ?? new ComputedInputs(network.Teacher, loaderWorkers: 2));
        if (method.Preprocessing.Misfits(photos.Concat(defects ?? [])).ToArray() is { Length: > 0 } misfits)
            throw new InvalidInputException(misfits);
        var seen = new KnownDefects(card, defects ?? []);
        var given = NewPhotos.Of(card, photos, seen.Digests);
        var held = network.Absorbs || known is not null ? null : detector.Photos;
        var others = network.Absorbs || held is not null ? [] : given.Known(card, known);
        // Among the steps of many that are known, those of a further photo would hardly count.
        var copies = method.Plan.TakesSteps ? Math.Max(1, card.TrainingImages.Count / given.Photos.Count) : 1;

        var defectsBefore = Scores(seen.Photos);
        var clock = Stopwatch.StartNew();
        var before = Scores(given.Photos);
        using var images = Detector.Collect(Inputs(), method.Preprocessing, network.Teacher.Device);
        var draws = new MasterSeed(card.Seed).StreamSeed("lesson", $"{(card.Lessons ?? []).Count}");
        var learning = new FurtherLearning(network, method.Plan, new(unchecked((long)draws)), progress, cancellation);
        var losses = learning.Run(images, epochs, () => Scores(given.Photos).Max() <= threshold);
        var after = Scores(given.Photos);
        var raised = after.Max() is var highest && highest > threshold ? highest + Margin * Math.Abs(highest) : threshold;
        clock.Stop();

        Lesson[] lessons = [.. given.Photos.Select((photo, i) => new Lesson(photo.RelativeName, given.Digests[i], before[i], after[i], threshold, raised))];
        var checks = seen.Checks(defectsBefore, Scores(seen.Photos), raised);
        detector.Photos = detector.Photos?.With(KeptPhotos.Of(given.Photos, method.Preprocessing));
        detector.Change(_ => card with
        {
            TrainingImages = [.. card.TrainingImages, .. given.Photos.Select(photo => photo.RelativeName)],
            Epochs = [.. card.Epochs, .. losses],
            Threshold = raised,
            FalseAlarms = raised > threshold ? null : card.FalseAlarms,
            Lessons = [.. card.Lessons ?? [], .. lessons],
            KnownDefects = seen.Remembered(checks),
        });
        return new(lessons, [.. given.Earlier.Select(photo => photo.RelativeName)], checks, threshold, raised, losses.Count, clock.Elapsed);

        double[] Scores(IReadOnlyList<ImageItem> items) => [.. detector.Predict(items, kept, cancellation).Select(prediction => prediction.Score)];

        IEnumerable<ImageInput> Inputs() =>
        [
            .. held?.Load(method.Preprocessing, network.Teacher, method.TrainingNeeds) ?? [],
            .. kept.Load(
                [.. others, .. Enumerable.Repeat(given.Photos, copies).SelectMany(photo => photo)], method.Preprocessing, method.TrainingNeeds, cancellation),
        ];
    }
}
