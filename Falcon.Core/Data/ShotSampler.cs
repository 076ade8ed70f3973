using Falcon.Protocol;
using Falcon.Randomness;

namespace Falcon.Data;

/// <summary>How the few training images are chosen. Its text is printed under tables: numbers of different samplers do not compare.</summary>
/// <example>F#: <code>
/// { new ShotSampler("the first and the last image") with
///     override _.Choose(category, shots, seed) = [| category.TrainImages[0]; Seq.last category.TrainImages |] }
/// </code></example>
public abstract class ShotSampler : IEquatable<ShotSampler>
{
    private readonly string _text;

    /// <param name="text">A few words, as they shall stand under tables.</param>
    protected ShotSampler(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw new InvalidInputException("a sampler has no name", "sampler", "Give a few words, as they shall stand under tables.");
        _text = text;
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
        if (shots > category.TrainImages.Count)
            throw new InvalidInputException(
                $"category {category.Name} has {category.TrainImages.Count} training images, fewer than {shots} shots", category.Folder, "Ask for fewer shots.");
        var chosen = Choose(category, shots, seed);
        return Fault(category, shots, chosen) is { } fault
            ? throw new InvalidInputException(fault, $"sampler '{this}', category {category.Name}", "Choose as many different training images of the category as there are shots.")
            : chosen;
    }

    private string? Fault(Category category, int shots, IReadOnlyList<ImageItem>? chosen)
    {
        if (chosen is null || chosen.Count != shots)
            return $"gives {chosen?.Count ?? 0} images for {shots} shots";
        var training = category.TrainImages.ToHashSet();
        if (chosen.FirstOrDefault(image => !training.Contains(image)) is { } other)
            return $"gives {other.RelativeName}, which is no training image";
        return !Repeats && chosen.Distinct().Count() < chosen.Count ? "gives an image twice" : null;
    }

    /// <summary>The choice itself: training images of the category, in the order of choice. The same arguments must give the same images.</summary>
    /// <param name="category">The category, whose training images are sorted; there are enough.</param>
    /// <param name="shots">How many to choose.</param>
    /// <param name="seed">The master seed.</param>
    public abstract IReadOnlyList<ImageItem> Choose(Category category, int shots, MasterSeed seed);

    /// <summary>What tells it from others: its text, with whatever else it chooses by.</summary>
    protected virtual string Identity => _text;

    /// <inheritdoc/>
    public bool Equals(ShotSampler? other) => other is not null && other.Identity == Identity;

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as ShotSampler);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => Identity.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public sealed override string ToString() => _text;

    private static string Fixed(long? seed) => seed is null ? "" : $", seed {seed} in every cell";

    /// <summary>The first k of PyTorch's <c>randperm(n)</c> from a seeded CPU generator over the sorted names: FALCON's public code does the same, with the seed
    /// 616, so the same seed chooses the same images. Fewer shots are the first ones of more shots.</summary>
    /// <param name="fixedSeed">A seed instead of the cell's, so that all seeds learn from the same images.</param>
    public sealed class SeededPermutation(long? fixedSeed = null) : ShotSampler($"first k of a seeded permutation{Fixed(fixedSeed)}")
    {
        /// <inheritdoc/>
        public override string Lineage => "PyTorch's randperm, as the public code of FALCON";

        /// <inheritdoc/>
        public override IReadOnlyList<ImageItem> Choose(Category category, int shots, MasterSeed seed) =>
            [.. new TorchDraws(fixedSeed ?? seed.Value).Permutation(category.TrainImages.Count, shots).Select(i => category.TrainImages[i])];
    }

    /// <summary>Images seed·k to (seed + 1)·k of the sorted names: seeds that count from 0 share no image.</summary>
    public sealed class SortedSlice() : ShotSampler("images seed·k to (seed+1)·k by name")
    {
        /// <inheritdoc/>
        public override IReadOnlyList<ImageItem> Choose(Category category, int shots, MasterSeed seed)
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
    /// <param name="fixedSeed">A seed instead of the cell's, so that all seeds learn from the same images.</param>
    public sealed class WithReplacement(long? fixedSeed = null) : ShotSampler($"k draws with replacement{Fixed(fixedSeed)}")
    {
        /// <inheritdoc/>
        public override string Lineage => "PyTorch's randint, as the public code of PCSNet";

        /// <inheritdoc/>
        public override bool Repeats => true;

        /// <inheritdoc/>
        public override IReadOnlyList<ImageItem> Choose(Category category, int shots, MasterSeed seed) =>
            [.. new TorchDraws(fixedSeed ?? seed.Value).Integers(category.TrainImages.Count, shots).Select(i => category.TrainImages[i])];
    }

    /// <summary>The first k that a published list of support images names for the category; see <see cref="SupportList"/>.</summary>
    /// <param name="path">The list.</param>
    public sealed class Listed(string path) : ShotSampler("first k of a fixed list")
    {
        /// <inheritdoc/>
        public override string Lineage => $"the list {Path.GetFileName(path)}";

        /// <inheritdoc/>
        protected override string Identity => $"{this}: {Path.GetFullPath(path)}";

        /// <inheritdoc/>
        public override IReadOnlyList<ImageItem> Choose(Category category, int shots, MasterSeed seed) => SupportList.Read(path).Choose(category, shots, seed.Value);
    }

    /// <summary>Every image in the order of names, whatever the number of shots: the full-data setting.</summary>
    public sealed class AllImages() : ShotSampler("all images")
    {
        /// <inheritdoc/>
        public override IReadOnlyList<ImageItem> Choose(Category category, int shots, MasterSeed seed) => category.TrainImages;
    }
}
