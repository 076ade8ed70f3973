using Falcon.Protocol;
using Falcon.Randomness;

namespace Falcon.Data;

/// <summary>How the few training images are chosen. Its text is printed under tables: numbers of different samplers do not compare.</summary>
public abstract record ShotSampler
{
    private ShotSampler()
    {
    }

    /// <summary>The usual one: <see cref="SeededPermutation"/>.</summary>
    public static ShotSampler Default { get; } = new SeededPermutation();

    /// <summary>Whose choice it repeats; null when it is nobody's.</summary>
    public virtual string? Lineage => null;

    /// <summary>Whether an image may be chosen twice, so that there are fewer images than shots: tables mark it.</summary>
    public virtual bool Repeats => false;

    /// <summary>What chooses so many images: this, or <see cref="AllImages"/> where all are wanted.</summary>
    public ShotSampler For(ShotCount shots) => shots == ShotCount.All ? new AllImages() : this;

    /// <summary>The chosen images in the order of choice.</summary>
    /// <param name="category">The category, whose training images are sorted.</param>
    /// <param name="shots">How many to choose, from 1 to the number of images; <see cref="AllImages"/> does not look at it.</param>
    /// <param name="seed">The master seed.</param>
    /// <exception cref="InvalidInputException">There are fewer images than shots, or what the sampler reads is missing or wrong.</exception>
    public IReadOnlyList<ImageItem> Select(Category category, int shots, MasterSeed seed)
    {
        if (this is AllImages)
            return category.TrainImages;
        ArgumentOutOfRangeException.ThrowIfLessThan(shots, 1);
        return shots <= category.TrainImages.Count ? Choose(category, shots, seed) : throw new InvalidInputException(
            $"category {category.Name} has {category.TrainImages.Count} training images, fewer than {shots} shots", category.Folder, "Ask for fewer shots.");
    }

    /// <summary>The choice itself; there are enough images.</summary>
    protected abstract IReadOnlyList<ImageItem> Choose(Category category, int shots, MasterSeed seed);

    private static string Fixed(long? seed) => seed is null ? "" : $", seed {seed} in every cell";

    /// <summary>The first k of PyTorch's <c>randperm(n)</c> from a seeded CPU generator over the sorted names: FALCON's public code does the same, with the seed
    /// 616, so the same seed chooses the same images. Fewer shots are the first ones of more shots.</summary>
    /// <param name="FixedSeed">A seed instead of the cell's, so that all seeds learn from the same images.</param>
    public sealed record SeededPermutation(long? FixedSeed = null) : ShotSampler
    {
        /// <inheritdoc/>
        public override string Lineage => "PyTorch's randperm, as the public code of FALCON";

        /// <inheritdoc/>
        public override string ToString() => $"first k of a seeded permutation{Fixed(FixedSeed)}";

        /// <inheritdoc/>
        protected override IReadOnlyList<ImageItem> Choose(Category category, int shots, MasterSeed seed) =>
            [.. new TorchDraws(FixedSeed ?? seed.Value).Permutation(category.TrainImages.Count, shots).Select(i => category.TrainImages[i])];
    }

    /// <summary>Images seed·k to (seed + 1)·k of the sorted names: seeds that count from 0 share no image.</summary>
    public sealed record SortedSlice : ShotSampler
    {
        /// <inheritdoc/>
        public override string ToString() => "images seed·k to (seed+1)·k by name";

        /// <inheritdoc/>
        protected override IReadOnlyList<ImageItem> Choose(Category category, int shots, MasterSeed seed)
        {
            var most = category.TrainImages.Count / shots;
            return seed.Value >= 0 && seed.Value < most ? [.. category.TrainImages.Skip((int)seed.Value * shots).Take(shots)] : throw new InvalidInputException(
                $"category {category.Name} has {category.TrainImages.Count} training images, which are {most} slices of {shots}, and none for seed {seed.Value}",
                category.Folder,
                $"Use seeds from 0 to {most - 1}.");
        }
    }

    /// <summary>k draws of PyTorch's <c>randint(0, n)</c> from a seeded CPU generator over the sorted names; an image may be drawn twice. PCSNet's public code does
    /// so for its first category, with the seed 512 and two draws whatever k; FDSL's does so on a generator in an unknown state.</summary>
    /// <param name="FixedSeed">A seed instead of the cell's, so that all seeds learn from the same images.</param>
    public sealed record WithReplacement(long? FixedSeed = null) : ShotSampler
    {
        /// <inheritdoc/>
        public override string Lineage => "PyTorch's randint, as the public code of PCSNet";

        /// <inheritdoc/>
        public override bool Repeats => true;

        /// <inheritdoc/>
        public override string ToString() => $"k draws with replacement{Fixed(FixedSeed)}";

        /// <inheritdoc/>
        protected override IReadOnlyList<ImageItem> Choose(Category category, int shots, MasterSeed seed) =>
            [.. new TorchDraws(FixedSeed ?? seed.Value).Integers(category.TrainImages.Count, shots).Select(i => category.TrainImages[i])];
    }

    /// <summary>The first k that a published list of support images names for the category; see <see cref="SupportList"/>.</summary>
    /// <param name="Path">The list.</param>
    public sealed record Listed(string Path) : ShotSampler
    {
        /// <inheritdoc/>
        public override string Lineage => $"the list {System.IO.Path.GetFileName(Path)}";

        /// <inheritdoc/>
        public override string ToString() => "first k of a fixed list";

        /// <inheritdoc/>
        protected override IReadOnlyList<ImageItem> Choose(Category category, int shots, MasterSeed seed) => SupportList.Read(Path).Choose(category, shots, seed.Value);
    }

    /// <summary>Every image in the order of names, whatever the number of shots: the full-data setting.</summary>
    public sealed record AllImages : ShotSampler
    {
        /// <inheritdoc/>
        public override string ToString() => "all images";

        /// <inheritdoc/>
        protected override IReadOnlyList<ImageItem> Choose(Category category, int shots, MasterSeed seed) => category.TrainImages;
    }
}
