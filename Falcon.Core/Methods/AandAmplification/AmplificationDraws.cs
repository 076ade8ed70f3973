using Falcon.Backbones;
using Falcon.Engine;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>What a step of AAND's first stage sees.</summary>
/// <param name="Levels">The teacher's features of images with synthetic defects, (N, C, h, w) for each level.</param>
/// <param name="Masks">What their positions show.</param>
internal sealed record AmplificationSample(IReadOnlyList<Tensor> Levels, IReadOnlyList<LevelMasks> Masks)
{
    /// <param name="levels">As above.</param>
    /// <param name="defect">(N, 1, H, W) of zeros and ones.</param>
    /// <param name="foreground">(N, 1, H, W) of zeros and ones.</param>
    public static AmplificationSample Of(IReadOnlyList<Tensor> levels, Tensor defect, Tensor foreground) =>
        new(levels, [.. levels.Select(level => LevelMasks.Of(defect, foreground, level.shape[2], level.shape[3]))]);
}

/// <summary>Where the samples of a training come from.</summary>
internal interface IAmplificationDraws
{
    /// <summary>The sample of a batch.</summary>
    AmplificationSample Draw(TrainingMoment moment, ReadOnlySpan<int> batch);

    /// <summary>At most so many of some positions, in any order.</summary>
    /// <param name="moment">The step.</param>
    /// <param name="kind">Tells draws of one step apart.</param>
    /// <param name="positions">Indices.</param>
    /// <param name="most">How many may stay.</param>
    long[] Choose(TrainingMoment moment, string kind, long[] positions, int most);
}

/// <summary>Draws defects and positions from streams of the master seed, and runs the teacher on the defective images.</summary>
internal sealed class AmplificationDraws(AandStageOptions options, Teacher teacher, TrainingImages images, MasterSeed seed) : IAmplificationDraws
{
    private readonly DefectSynthesis _synthesis = new(options, images);

    public AmplificationSample Draw(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        using var frozen = no_grad();
        var (drawn, foregrounds) = (new List<DefectiveImage>(), new List<Tensor>());
        foreach (var index in batch)
        {
            drawn.Add(_synthesis.Draw(index, seed.Stream("aand/defect", $"{images.Names[index]}/{moment.Step}")));
            foregrounds.Add(_synthesis.Foreground(index));
        }
        var device = images.Pixels!.device;
        var levels = teacher.Features(stack(drawn.Select(image => image.Image)), options.ScoringNeeds.Taps);
        return AmplificationSample.Of(levels, Masks(drawn.Select(image => image.Mask)), Masks(foregrounds));

        Tensor Masks(IEnumerable<Tensor> masks) => stack(masks).unsqueeze(1).PlacedOn(device);
    }

    public long[] Choose(TrainingMoment moment, string kind, long[] positions, int most)
    {
        if (positions.Length <= most)
            return positions;
        long[] order = [.. positions];
        seed.Stream("aand/positions", $"{moment.Step}/{kind}").Shuffle(order.AsSpan());
        return order[..most];
    }
}
