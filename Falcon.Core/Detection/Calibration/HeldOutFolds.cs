using Falcon.Data;
using Falcon.Methods;
using Falcon.Protocol;
using Falcon.Randomness;

namespace Falcon.Detection;

/// <summary>What models that learnt from some of the photos say of the others, and of views of those that they know.</summary>
/// <remarks>Where <see cref="MethodOptions.ScoresFallWithPhotos"/>, a model of some photos scores everything higher than one of all of them. By how much, views tell of photos that both know.
/// </remarks>
public sealed class HeldOutFolds
{
    private readonly CalibrationPlan _plan;
    private readonly MasterSeed _seed;
    private readonly ImageScoreReducer? _imageScore;
    private readonly ImageItem[] _photos;
    private readonly HeldOutScores[] _unseen, _views;
    private readonly int _knownOfFold, _levels;
    private readonly double _share;

    internal HeldOutFolds(CalibrationPlan plan, MethodOptions options, IReadOnlyList<ImageItem> photos, MasterSeed seed, ImageScoreReducer? imageScore)
    {
        (_plan, _seed, _imageScore) = (plan, seed, imageScore);
        _photos = [.. photos.DistinctBy(photo => photo.Path)];
        (_unseen, _views) = (new HeldOutScores[plan.Trainings], new HeldOutScores[plan.Trainings]);
        _levels = options.ScoresFallWithPhotos && plan.Way == CalibrationWay.Folds ? plan.Trainings : 1;
        // On the final model's scale itself the few photos of a network that takes steps show too little of how other good parts differ (docs/methods.md): half of the way there.
        _share = options.Plan.TakesSteps ? 0.5 : 1;
        // Of many folds each shall cost little: all of them tell together.
        (_knownOfFold, ViewsOfPhoto) = (options.ScoresFallWithPhotos, IsOfMany) switch
        {
            (false, _) => (0, 0),
            (_, true) => (2, 1),
            _ => (10, 4),
        };
    }

    /// <summary>A score for each photo, in their order, one for a photo that occurs twice, as the model gave it that has not seen it.</summary>
    public HeldOutScores Scores => Times([.. _unseen.Select(_ => 1.0)], [.. _unseen.Select(_ => 1.0)]);

    /// <summary>Whether models of different folds know the same photos.</summary>
    internal bool IsOfMany => _plan.Trainings > 2;

    /// <summary>How many views of each known photo are scored.</summary>
    internal int ViewsOfPhoto { get; }

    /// <summary>The scores on the final model's scale: each times the ratio of the geometric means of what the final model and the score's own say of views of photos that the latter has
    /// learnt from, or the ratio's square root where training takes steps; models of as many photos share a ratio. As they are where a view has a score that is not above 0, since then scores are no multiples of one another.</summary>
    /// <param name="final">The model of all photos.</param>
    /// <param name="cancellation">Stops before the next image.</param>
    public HeldOutScores OnScaleOf(Detector final, CancellationToken cancellation = default)
    {
        if (ViewsOfPhoto == 0)
            return Scores;
        ImageItem[] known = [.. _views.Index().SelectMany(fold => Known(fold.Index)).DistinctBy(photo => photo.Path)];
        var said = HeldOutCalibration.OfViews(final, known, _seed, ViewsOfPhoto, imageScore: _imageScore, cancellation: cancellation);
        return _views.Append(said).All(views => views.Scores.Min() > 0 && views.PixelLevels.Min() > 0)
            ? Times(Ratios(views => views.Scores), Ratios(views => views.PixelLevels))
            : Scores;

        double[] Ratios(Func<HeldOutScores, IReadOnlyList<double>> values)
        {
            var shared = known.Zip(values(said).Chunk(ViewsOfPhoto)).ToDictionary(pair => pair.First.Path, pair => pair.Second);
            double[] falls = [.. _views.Select((own, fold) => Known(fold).SelectMany(photo => shared[photo.Path]).Average(Math.Log) - values(own).Average(Math.Log))];
            return [.. falls.Select((_, fold) => Math.Exp(_share * falls.Where((_, other) => Unseen(other).Length == Unseen(fold).Length).Average()))];
        }
    }

    /// <summary>The photos that a fold's model has not seen.</summary>
    internal ImageItem[] Held(int fold) => [.. Unseen(fold).Select(photo => _photos[photo])];

    /// <summary>The photos that a fold's model has learnt from, as far as views of them are scored: those behind its own, and on from the first.</summary>
    internal ImageItem[] Known(int fold) =>
        [.. Enumerable.Range(fold + 1, _photos.Length).Select(photo => photo % _photos.Length).Where(photo => _plan.FoldOf(photo) != fold).Take(_knownOfFold).Select(photo => _photos[photo])];

    /// <summary>Takes what a fold's model says of the photos that it has not seen, and of views of those that it knows.</summary>
    internal void Add(int fold, HeldOutScores unseen, HeldOutScores views) => (_unseen[fold], _views[fold]) = (unseen, views);

    private int[] Unseen(int fold) => [.. Enumerable.Range(0, _photos.Length).Where(photo => _plan.FoldOf(photo) == fold)];

    private HeldOutScores Times(double[] ofScores, double[] ofLevels)
    {
        var (scores, levels) = (new double[_photos.Length], new double[_photos.Length]);
        foreach (var (fold, said) in _unseen.Index())
            foreach (var (i, photo) in Unseen(fold).Index())
                (scores[photo], levels[photo]) = (ofScores[fold] * said.Scores[i], ofLevels[fold] * said.PixelLevels[i]);
        return new(_plan.Way, scores, levels, _levels);
    }
}
