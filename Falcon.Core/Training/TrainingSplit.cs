using Falcon.Randomness;

namespace Falcon.Training;

/// <summary>Which of the normal images train and which are held out to choose among epochs; both in ascending order.</summary>
/// <param name="Training">Indices of the images that steps use; never empty when there are images.</param>
/// <param name="Validation">Indices of the images held out.</param>
public sealed record TrainingSplit(IReadOnlyList<int> Training, IReadOnlyList<int> Validation)
{
    /// <summary>Nothing held out.</summary>
    public static TrainingSplit All(int count) => new([.. Enumerable.Range(0, count)], []);

    /// <summary>Holds out the first ⌊share · count⌋ images of a permutation from the stream <c>validation</c>.</summary>
    /// <param name="count">The number of images.</param>
    /// <param name="share">In [0, 1).</param>
    /// <param name="seed">The master seed.</param>
    public static TrainingSplit Of(int count, double share, MasterSeed seed)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        seed.Stream("validation").Shuffle<int>(order);
        var held = Held(count, share);
        return new([.. order[held..].Order()], [.. order[..held].Order()]);
    }

    /// <summary>How many of so many images are held out.</summary>
    internal static int Held(int count, double share) => (int)(share * count);
}
