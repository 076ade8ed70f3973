using Falcon.Data;
using Falcon.Methods;
using Falcon.Protocol;
using Falcon.Randomness;

namespace Falcon.Detection;

/// <summary>What models that learnt from some of the photos say of the others, and of views of those that they know.</summary>
/// <remarks>A model of half of the photos has taken half of the steps, too: its scores of anything are higher than the final model's. By how much, views tell of photos that both models
/// know.</remarks>
public sealed class HeldOutFolds
{
    /// <summary>Of a fold's further photos no views are scored.</summary>
    private const int MostKnown = 10;

    private readonly CalibrationPlan _plan;
    private readonly bool _scales;
    private readonly ImageItem[] _photos;
    private readonly HeldOutScores[] _unseen, _views;

    internal HeldOutFolds(CalibrationPlan plan, MethodOptions options, IReadOnlyList<ImageItem> photos)
    {
        (_plan, _scales) = (plan, Scales(options));
        _photos = [.. photos.DistinctBy(photo => photo.Path)];
        (_unseen, _views) = (new HeldOutScores[plan.Trainings], new HeldOutScores[plan.Trainings]);
    }

    /// <summary>Whether scores of a method are brought to the final model's scale: where training takes steps. A memory of fewer photos has no other scale.</summary>
    /// <param name="options">The method.</param>
    internal static bool Scales(MethodOptions options) => options.Plan.TakesSteps;

    /// <summary>A score for each photo, in their order, one for a photo that occurs twice, as the model gave it that has not seen it.</summary>
    public HeldOutScores Scores => Times(_ => 1, _ => 1);

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
        var views = HeldOutCalibration.OfViews(final, known, seed, imageScore: imageScore, cancellation: cancellation);
        return Times(fold => Ratio(fold, said => said.Scores), fold => Ratio(fold, said => said.PixelLevels));

        double Ratio(int fold, Func<HeldOutScores, IReadOnlyList<double>> values)
        {
            var own = values(_views[fold]);
            var shared = known.Zip(values(views).Chunk(HeldOutCalibration.ViewsOfPhoto)).IntersectBy(Known(fold), pair => pair.First).SelectMany(pair => pair.Second).ToArray();
            return own.Concat(shared).Min() > 0 ? Math.Exp(shared.Average(Math.Log) - own.Average(Math.Log)) : 1;
        }
    }

    /// <summary>The photos that a fold's model has not seen.</summary>
    internal ImageItem[] Unseen(int fold) => [.. _photos.Where((_, photo) => _plan.FoldOf(photo) == fold)];

    /// <summary>The photos that a fold's model has learnt from, as far as views of them are scored.</summary>
    internal ImageItem[] Known(int fold) => _scales ? [.. _photos.Where((_, photo) => _plan.FoldOf(photo) != fold).Take(MostKnown)] : [];

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
