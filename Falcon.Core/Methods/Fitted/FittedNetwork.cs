using System.Globalization;
using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;
using Falcon.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>A network that compares a patch embedding of each position with what it has seen of good images. A method says how a position is described, what is
/// kept of good ones, and how far another is from that; what is kept is saved by name.</summary>
/// <param name="options">Needs and smoothing.</param>
/// <param name="teacher">The frozen teacher.</param>
/// <param name="prefix">The state-dict prefix of what is kept.</param>
public abstract partial class FittedNetwork(FittedOptions options, Teacher teacher, string prefix = "fitted") : AnomalyNetwork(teacher, options.ScoringNeeds)
{
    private readonly FittedTensors _fitted = new();
    private Tensor? _inside;

    /// <summary>What <see cref="Fit(Tensor)"/> looks at where it takes long.</summary>
    protected CancellationToken Cancellation { get; private set; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<(string Prefix, nn.Module Module)> Parts => [(prefix, _fitted)];

    /// <summary>What <see cref="Fit(Tensor)"/> gave under a name, on the teacher's device.</summary>
    public Tensor Fitted(string name) => _fitted.get_buffer(name) ?? throw new InvalidOperationException($"There is no '{name}': nothing has been fitted.");

    /// <summary>Whether there is something of this name.</summary>
    protected bool Has(string name) => _fitted.get_buffer(name) is not null;

    /// <inheritdoc/>
    public sealed override void Load(WeightFile file)
    {
        var shapes = Shapes(name => file.Contains($"{prefix}.{name}"));
        if (shapes.Select(shape => Fault(file, shape.Name, shape.Sides)).FirstOrDefault(fault => fault is not null) is { } fault)
            throw new InvalidInputException($"is damaged: {fault}", file.FilePath, "Train it again.");
        using var scope = NewDisposeScope();
        (string Name, Tensor Value)[] held = [.. file.Names.Where(name => name.StartsWith($"{prefix}.", StringComparison.Ordinal)).Select(name => (name[(prefix.Length + 1)..], file.Tensor(name)))];
        if (held.FirstOrDefault(tensor => tensor.Value.is_floating_point() && !tensor.Value.isfinite().all().item<bool>()) is { Value: not null } odd)
            throw new InvalidInputException($"is damaged: numbers of '{prefix}.{odd.Name}' are not finite", file.FilePath, "Train it again.");
        Keep(held);
    }

    /// <summary>What a file must hold, as far as options and teacher say its shape: null for a side that they leave open. With others nothing could be computed.</summary>
    /// <param name="holds">Whether the file holds something of a name.</param>
    private protected virtual IReadOnlyList<(string Name, long?[] Sides)> Shapes(Func<string, bool> holds) => [];

    private string? Fault(WeightFile file, string name, long?[] sides)
    {
        if (!file.Contains($"{prefix}.{name}"))
            return $"it lacks '{prefix}.{name}'";
        var (type, shape) = file.Entry($"{prefix}.{name}");
        return type == ElementType.Float32 && shape.Count == sides.Length && shape.Zip(sides).All(side => side.First > 0 && (side.Second ?? side.First) == side.First)
            ? null
            : $"it holds '{prefix}.{name}' as {type} [{string.Join(", ", shape)}], and its options ask for [{string.Join(", ", sides.Select(side => side?.ToString(CultureInfo.InvariantCulture) ?? "…"))}]";
    }

    /// <inheritdoc/>
    public sealed override TrainingRun StartTraining(TrainingImages images, MasterSeed seed) => new FittedRun(cancellation => Keep(images, Fit, cancellation));

    /// <inheritdoc/>
    public sealed override void Absorb(TrainingImages images) => Keep(images, Extend, CancellationToken.None);

    /// <inheritdoc/>
    public sealed override Tensor Map(NetworkInput input) => Detect(input).Maps;

    /// <inheritdoc/>
    public sealed override (Tensor Maps, double[]? Scores) Detect(NetworkInput input)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var distances = Distances(Embed(input.Features));
        var smoothing = options.SmoothingSigma > 0 ? SmoothingKind.TwoDimensional : SmoothingKind.None;
        var map = GaussianSmoothing.Of(DistanceMaps.Enlarge(distances, options.InputSize), smoothing, options.SmoothingSigma);
        return (map.MoveToOuterDisposeScope(), input.Inside is { } inside ? ScoresWithin(distances, inside) : Scores(distances));
    }

    /// <summary>Keeps, until something else is fitted, what <see cref="Prepare"/> has computed of it, so that no file holds it.</summary>
    private protected void KeepUnsaved(string name, Tensor value) => _fitted.Keep(name, value, Teacher.Device, persistent: false);

    /// <summary>Describes each position: (N, D, h, w) float32.</summary>
    /// <param name="features">What <see cref="MethodOptions.ScoringNeeds"/> names.</param>
    protected abstract Tensor Embed(TeacherFeatures features);

    /// <summary>What is kept of good images, by name.</summary>
    /// <param name="embeddings">Of all training images, (N, D, h, w).</param>
    protected abstract IReadOnlyList<(string Name, Tensor Value)> Fit(Tensor embeddings);

    /// <summary>What is kept of good images when further ones join those that have been fitted, of a method that <see cref="AnomalyNetwork.Absorbs"/>; any other is fitted to
    /// all of them again.</summary>
    /// <param name="embeddings">Of the further images, (M, D, h, w).</param>
    protected virtual IReadOnlyList<(string Name, Tensor Value)> Extend(Tensor embeddings) =>
        throw new InvalidOperationException($"{GetType().Name} is fitted to all images at once.");

    /// <summary>Prepares what has been fitted or loaded for <see cref="Distances"/>.</summary>
    protected virtual void Prepare()
    {
    }

    /// <summary>How far each position is from good ones: (N, h, w) for (N, D, h, w).</summary>
    protected abstract Tensor Distances(Tensor embedding);

    /// <summary>The images' scores where they are not their maps' maxima (<see cref="Protocol.ImageScoreReducer.Own"/>); null otherwise.</summary>
    /// <param name="distances">What <see cref="Distances"/> gave; of an image with a region of interest the inside alone, (1, 1, patches).</param>
    protected virtual double[]? Scores(Tensor distances) => null;

    /// <summary>The descriptions of all positions, one after the other: (N·h·w, D) for (N, D, h, w).</summary>
    protected static Tensor Rows(Tensor embedding) => embedding.permute(0, 2, 3, 1).reshape(-1, embedding.shape[1]);

    /// <summary>As above, of what was looked at: the positions of training images in whose patches a pixel lies inside of the region of interest.</summary>
    /// <param name="embeddings">What <see cref="Embeddings"/> gave.</param>
    protected Tensor LookedRows(Tensor embeddings)
    {
        var rows = Rows(embeddings);
        return _inside is { } inside ? rows.index_select(0, Positions(inside, embeddings.shape[2..]).flatten().nonzero().squeeze(1)) : rows;
    }

    /// <summary>Which pixels of the images that <see cref="Embeddings"/> describes were looked at, (M, H, W) bool; null for all.</summary>
    protected virtual Tensor? Looked(TrainingImages images) => images.Inside;

    /// <summary>What is fitted to, (M, D, h, w): the positions of all images, and of views of them that a method makes.</summary>
    protected virtual Tensor Embeddings(TrainingImages images)
    {
        using var scope = NewDisposeScope();
        return cat([.. Enumerable.Range(0, images.Count).Select(i => Embed(images.Features.At(i)))]).MoveToOuterDisposeScope();
    }

    private void Keep(TrainingImages images, Func<Tensor, IReadOnlyList<(string Name, Tensor Value)>> fit, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        try
        {
            (_inside, Cancellation) = (Looked(images), cancellation);
            Keep(fit(Embeddings(images)));
        }
        finally
        {
            (_inside, Cancellation) = (null, default);
        }
    }

    private double[]? ScoresWithin(Tensor distances, Tensor inside)
    {
        var looked = Positions(inside, distances.shape[1..]);
        var scores = Enumerable.Range(0, (int)distances.shape[0]).Select(i => Scores(distances[i].masked_select(looked[i]).reshape(1, 1, -1))).ToArray();
        return scores.Any(score => score is null) ? null : [.. scores.Select(score => score![0])];
    }

    /// <summary>The positions in whose part of the input a pixel lies inside: (N, h, w) bool for (N, H, W).</summary>
    internal static Tensor Positions(Tensor inside, ReadOnlySpan<long> size) =>
        adaptive_max_pool2d(inside.unsqueeze(1).to(ScalarType.Float32), [size[0], size[1]]).squeeze(1).gt(0);

    private void Keep(IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        foreach (var (name, value) in tensors)
            _fitted.Keep(name, value, Teacher.Device);
        Prepare();
    }
}
