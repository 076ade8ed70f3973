using Falcon.Backbones;
using Falcon.Randomness;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>PaDiM's Gaussians over channels drawn from layer1 to layer3.</summary>
internal sealed partial class PadimNetwork : FittedNetwork
{
    /// <summary>Positions whose matrices are computed at once.</summary>
    private const int Chunk = 256;

    private const string Samples = "samples", Mean = "mean", Precision = "precision", Centre = "centre", Basis = "basis", Weights = "weights";

    private readonly PadimOptions _options;
    private readonly long[] _channels;

    public PadimNetwork(PadimOptions options, Teacher teacher, MasterSeed seed) : base(options, teacher, "gaussians")
    {
        _options = options;
        int[] all = [.. Enumerable.Range(0, options.ScoringNeeds.Taps.Sum(teacher.Form.Channels))];
        seed.Stream("padim-channels").Shuffle<int>(all);
        _channels = [.. all.Take(options.Channels).Order()];
    }

    private protected override IReadOnlyList<(string Name, long?[] Sides)> Shapes(Func<string, bool> holds)
    {
        (string, long?[])[] samples = [(Samples, [null, _channels.Length, Height, Width])];
        (string, long?[])[] gaussians = [(Mean, [Height * Width, _channels.Length]), (Precision, [Height * Width, _channels.Length, _channels.Length])];
        return (holds(Samples), holds(Precision)) switch
        {
            (true, true) => [.. gaussians, .. samples],
            (false, true) => gaussians,
            _ => samples,
        };
    }

    private long Height => _options.InputSize.Height / Stride;

    private long Width => _options.InputSize.Width / Stride;

    /// <summary>Pixels to a position of the first layer, which the others are enlarged to.</summary>
    private int Stride => Teacher.Form is ResNetArchitecture ? ResNetArchitecture.Stride(Needs.Taps[0]) : Teacher.Form.InputUnit;

    protected override Tensor Embed(TeacherFeatures features)
    {
        using var scope = NewDisposeScope();
        var first = features[features.Taps[0]];
        var joined = features.Taps.Select(tap => interpolate(features[tap], first.shape[2..], mode: InterpolationMode.Nearest));
        return cat([.. joined], dim: 1).index_select(1, tensor(_channels, device: first.device)).MoveToOuterDisposeScope();
    }

    /// <summary>Whether the images that the Gaussians come from are kept, as long as they are no more than channels.</summary>
    public override bool Absorbs => Has(Samples);

    /// <summary>Whether there is a matrix for each position: of many images, and in files of earlier versions.</summary>
    private bool HasPrecision => Has(Precision);

    protected override IReadOnlyList<(string Name, Tensor Value)> Fit(Tensor embeddings) =>
        embeddings.shape[0] <= embeddings.shape[1] ? [.. AreFew(embeddings) ? [] : Gaussians(embeddings), (Samples, embeddings)] : Gaussians(embeddings);

    protected override IReadOnlyList<(string Name, Tensor Value)> Extend(Tensor embeddings)
    {
        var all = cat([Fitted(Samples), embeddings]);
        return [.. AreFew(all) && !HasPrecision ? [] : Gaussians(all), (Samples, all)];
    }

    protected override void Prepare()
    {
        if (HasPrecision)
            return;
        var (mean, basis, weights) = Spans(Fitted(Samples), _options.Regularisation);
        KeepUnsaved(Centre, mean);
        KeepUnsaved(Basis, basis);
        KeepUnsaved(Weights, weights);
    }

    protected override Tensor Distances(Tensor embedding) => HasPrecision
        ? Mahalanobis(embedding, Fitted(Mean), Fitted(Precision))
        : Mahalanobis(embedding, Fitted(Centre), Fitted(Basis), Fitted(Weights), _options.Regularisation);

    /// <summary>So few that they and what they span are small beside a matrix for each position.</summary>
    private static bool AreFew(Tensor embeddings) => 4 * embeddings.shape[0] <= embeddings.shape[1];

    private (string Name, Tensor Value)[] Gaussians(Tensor embeddings)
    {
        var (mean, precision) = Gaussians(embeddings, _options.Regularisation);
        return [(Mean, mean), (Precision, precision)];
    }

    /// <summary>Mean and inverse covariance (over N − 1, in float64) of each position: (h·w, D) and (h·w, D, D).</summary>
    /// <param name="embeddings">(N, D, h, w).</param>
    /// <param name="regularisation">Added to the diagonal of each covariance.</param>
    internal static (Tensor Mean, Tensor Precision) Gaussians(Tensor embeddings, double regularisation)
    {
        var (positions, images, channels) = (embeddings.shape[2] * embeddings.shape[3], embeddings.shape[0], embeddings.shape[1]);
        if (sizeof(float) * positions * channels * channels > Array.MaxLength)
            throw new InvalidInputException(
                $"{positions} positions of {channels} channels each take {sizeof(float) * positions * channels * channels >> 30} GiB, and a model file has room for 2", "PaDiM option Channels",
                "Take fewer channels or a smaller input.");
        var added = eye(channels, dtype: ScalarType.Float64, device: embeddings.device) * regularisation;
        return OfPositions(embeddings, channels, channels, centred => (centred.transpose(1, 2).matmul(centred) / Math.Max(1, images - 1) + added).inverse());
    }

    /// <summary>What few images span at each position: their mean, (h·w, D), an orthonormal basis of their differences from it, (h·w, N, D), with rows of zeros where they span less, and the inverse
    /// variance along each, (h·w, N). Beside it the variance is the regularisation alone, so that no D × D matrix is needed.</summary>
    /// <inheritdoc cref="Gaussians(Tensor, double)" path="/param"/>
    internal static (Tensor Mean, Tensor Basis, Tensor Weights) Spans(Tensor embeddings, double regularisation)
    {
        const double Nothing = 1e-9;
        var (images, channels) = (embeddings.shape[0], embeddings.shape[1]);
        var (mean, found) = OfPositions(embeddings, images, channels + 1, centred =>
        {
            var (squares, directions) = linalg.eigh(centred.matmul(centred.transpose(1, 2)));
            var spans = squares > squares.amax([1], keepdim: true) * Nothing;
            var basis = directions.transpose(1, 2).matmul(centred) * where(spans, squares.rsqrt(), zeros_like(squares)).unsqueeze(2);
            var weights = 1 / (squares / Math.Max(1, images - 1) + regularisation);
            return cat([basis, weights.unsqueeze(2)], dim: 2);
        });
        return (mean, found.narrow(2, 0, channels), found.select(2, channels));
    }

    private static (Tensor Mean, Tensor Matrices) OfPositions(Tensor embeddings, long rows, long columns, Func<Tensor, Tensor> matrices)
    {
        var samples = Positions(embeddings);
        var (positions, channels) = (samples.shape[0], samples.shape[2]);
        var (means, found) = (empty(positions, channels, device: embeddings.device), empty(positions, rows, columns, device: embeddings.device));
        for (var first = 0L; first < positions; first += Chunk)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(Chunk, positions - first);
            var x = samples.narrow(0, first, count).to(ScalarType.Float64);
            var mean = x.mean([1], keepdim: true);
            means.narrow(0, first, count).copy_(mean.squeeze(1));
            found.narrow(0, first, count).copy_(matrices(x - mean));
        }
        return (means, found);
    }

    /// <summary>The Mahalanobis distance of each position, (N, h, w) for (N, D, h, w).</summary>
    internal static Tensor Mahalanobis(Tensor embedding, Tensor mean, Tensor precision)
    {
        using var scope = NewDisposeScope();
        var centred = Positions(embedding) - mean.unsqueeze(1);
        return Roots((centred.matmul(precision) * centred).sum([2]), embedding).MoveToOuterDisposeScope();
    }

    /// <summary>As above, by what <see cref="Spans"/> gave.</summary>
    internal static Tensor Mahalanobis(Tensor embedding, Tensor mean, Tensor basis, Tensor weights, double regularisation)
    {
        using var scope = NewDisposeScope();
        var centred = Positions(embedding) - mean.unsqueeze(1);
        var along = centred.matmul(basis.transpose(1, 2));
        var beside = centred - along.matmul(basis);
        return Roots((along.square() * weights.unsqueeze(1)).sum([2]) + beside.square().sum([2]) / regularisation, embedding).MoveToOuterDisposeScope();
    }

    private static Tensor Roots(Tensor squared, Tensor embedding) => squared.clamp(min: 0).sqrt().t().reshape(embedding.shape[0], embedding.shape[2], embedding.shape[3]);

    /// <summary>(N, D, h, w) as (h·w, N, D).</summary>
    private static Tensor Positions(Tensor embedding) => embedding.flatten(2).permute(2, 0, 1);
}
