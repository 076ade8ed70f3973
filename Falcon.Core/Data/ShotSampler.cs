using Falcon.Randomness;
using static TorchSharp.torch;

namespace Falcon.Data;

/// <summary>How the few training images are chosen. Its text is printed under tables: numbers of different samplers do not compare.</summary>
public abstract record ShotSampler
{
    private ShotSampler()
    {
    }

    /// <summary>The usual one: <see cref="SeededPermutation"/>.</summary>
    public static ShotSampler Default { get; } = new SeededPermutation();

    /// <summary>The chosen images in the order of choice.</summary>
    /// <param name="images">All training images, sorted.</param>
    /// <param name="shots">How many to choose, from 1 to the number of images; <see cref="AllImages"/> does not look at it.</param>
    /// <param name="seed">The master seed.</param>
    /// <exception cref="InvalidInputException">There are fewer images than shots.</exception>
    public IReadOnlyList<ImageItem> Select(IReadOnlyList<ImageItem> images, int shots, MasterSeed seed)
    {
        if (this is AllImages)
            return images;
        ArgumentOutOfRangeException.ThrowIfLessThan(shots, 1);
        return shots <= images.Count
            ? Choose(images, shots, seed)
            : throw new InvalidInputException($"has {images.Count} training images, fewer than {shots} shots", "the training set", "Ask for fewer shots.");
    }

    /// <summary>The choice itself; counts have been checked.</summary>
    protected abstract IReadOnlyList<ImageItem> Choose(IReadOnlyList<ImageItem> images, int shots, MasterSeed seed);

    /// <summary>The first k of PyTorch's <c>randperm(n)</c> from a CPU generator seeded with the master seed, over the sorted names: FALCON's public
    /// code does the same, so the same seed chooses the same images.</summary>
    public sealed record SeededPermutation : ShotSampler
    {
        /// <inheritdoc/>
        public override string ToString() => "first k of a seeded permutation";

        /// <inheritdoc/>
        protected override IReadOnlyList<ImageItem> Choose(IReadOnlyList<ImageItem> images, int shots, MasterSeed seed)
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator((ulong)seed.Value);
            return [.. randperm(images.Count, generator: generator).data<long>().ToArray().Take(shots).Select(i => images[(int)i])];
        }
    }

    /// <summary>Every image in the order of names, whatever the number of shots: the full-data setting.</summary>
    public sealed record AllImages : ShotSampler
    {
        /// <inheritdoc/>
        public override string ToString() => "all images";

        /// <inheritdoc/>
        protected override IReadOnlyList<ImageItem> Choose(IReadOnlyList<ImageItem> images, int shots, MasterSeed seed) => images;
    }
}
