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
    private readonly bool _scales;
    private readonly int _mostKnown;
    private readonly ImageItem[] _photos;
    private readonly HeldOutScores[] _unseen, _views;

    internal HeldOutFolds(CalibrationPlan plan, MethodOptions options, IReadOnlyList<ImageItem> photos)
    {
        (_plan, _scales) = (plan, options.ScoresFallWithPhotos);
        // Of many folds each shall cost little.
        (_mostKnown, Views) = plan.Trainings <= 2 ? (10, 4) : (2, 1);
        _photos = [.. photos.DistinctBy(photo => photo.Path)];
        (_unseen, _views) = (new HeldOutScores[plan.Trainings], new HeldOutScores[plan.Trainings]);
    }

    /// <summary>A score for each photo, in their order, one for a photo that occurs twice, as the model gave it that has not seen it.</summary>
    public HeldOutScores Scores => Times(_ => 1, _ => 1);

    /// <summary>How many views of each known photo are scored.</summary>
    internal int Views { get; }

    /// <summary>The scores on the final model's scale: each times the ratio of the geometric means of what the final model and the score's own say of views of photos that the latter has
    /// learnt from.</summary>
    /// <param name="final">The model of all photos.</param>
    /// <param name="seed">Its master seed.</param>
    /// <param name="imageScore">How an image gets its score, as for the scores themselves; null for the method's.</param>
    /// <param name="cancellation">Stops before the next image.</param>
    public HeldOutScores OnScaleOf(Detector final, MasterSeed seed, ImageScoreReducer? imageScore = null, CancellationToken cancellation = default)
    {
        if (!_scales)
            return Scores;
        ImageItem[] known = [.. _views.Index().SelectMany(fold => Known(fold.Index)).DistinctBy(photo => photo.Path)];
        var views = HeldOutCalibration.OfViews(final, known, seed, Views, imageScore: imageScore, cancellation: cancellation);
        return Times(fold => Ratio(fold, said => said.Scores), fold => Ratio(fold, said => said.PixelLevels));

        double Ratio(int fold, Func<HeldOutScores, IReadOnlyList<double>> values)
        {
            var own = values(_views[fold]);
            var shared = known.Zip(values(views).Chunk(Views)).IntersectBy(Known(fold), pair => pair.First).SelectMany(pair => pair.Second).ToArray();
            return own.Concat(shared).Min() > 0 ? Math.Exp(shared.Average(Math.Log) - own.Average(Math.Log)) : 1;
        }
    }

    /// <summary>The photos that a fold's model has not seen.</summary>
    internal ImageItem[] Unseen(int fold) => [.. _photos.Where((_, photo) => _plan.FoldOf(photo) == fold)];

    /// <summary>The photos that a fold's model has learnt from, as far as views of them are scored.</summary>
    internal ImageItem[] Known(int fold) => _scales ? [.. _photos.Where((_, photo) => _plan.FoldOf(photo) != fold).Take(_mostKnown)] : [];

    /// <summary>Takes what a fold's model says of the unseen photos, and of views of the known ones.</summary>
    internal void Add(int fold, HeldOutScores unseen, HeldOutScores views) => (_unseen[fold], _views[fold]) = (unseen, views);

    private HeldOutScores Times(Func<int, double> scores, Func<int, double> levels)
    {
        return new(_plan.Way, Of(said => said.Scores, scores), Of(said => said.PixelLevels, levels));

        double[] Of(Func<HeldOutScores, IReadOnlyList<double>> values, Func<int, double> ratio)
        {
            double[] ratios = [.. _unseen.Select((_, fold) => ratio(fold))];
            var next = new int[ratios.Length];
            return [.. _photos.Select((_, photo) => _plan.FoldOf(photo)).Select(fold => ratios[fold] * values(_unseen[fold])[next[fold]++])];
        }
    }
}
