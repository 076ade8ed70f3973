using Falcon.Backbones;
using Falcon.Randomness;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>PaDiM's Gaussians over channels drawn from layer1 to layer3.</summary>
internal sealed partial class PadimNetwork : FittedNetwork
{
    /// <summary>Positions whose matrices are inverted at once.</summary>
    private const int Chunk = 256;

    private const string Samples = "samples", Mean = "mean", Precision = "precision", Centre = "centre", Span = "span";

    private readonly PadimOptions _options;
    private readonly long[] _channels;

    public PadimNetwork(PadimOptions options, Teacher teacher, MasterSeed seed) : base(options, teacher, "gaussians")
    {
        _options = options;
        int[] all = [.. Enumerable.Range(0, options.ScoringNeeds.Taps.Sum(teacher.Form.Channels))];
        seed.Stream("padim-channels").Shuffle<int>(all);
        _channels = [.. all.Take(options.Channels).Order()];
    }

    private protected override IReadOnlyList<(string Name, long?[] Sides)> Shapes(Func<string, bool> holds) =>
    [
        .. holds(Samples) ? new (string, long?[])[] { (Samples, [null, _channels.Length, Height, Width]) } : [],
        .. holds(Samples) && !holds(Precision)
            ? new (string, long?[])[] { }
            : [(Mean, [Height * Width, _channels.Length]), (Precision, [Height * Width, _channels.Length, _channels.Length])],
    ];

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

    /// <summary>Whether the images that the Gaussians come from are kept: where they are no more than channels, they are the model.</summary>
    public override bool Absorbs => Has(Samples);

    /// <summary>Whether the images are too many, or the file too old, to do without a matrix for each position.</summary>
    private bool HasPrecision => Has(Precision);

    protected override IReadOnlyList<(string Name, Tensor Value)> Fit(Tensor embeddings) => AreFew(embeddings) ? [(Samples, embeddings)] : Gaussians(embeddings);

    protected override IReadOnlyList<(string Name, Tensor Value)> Extend(Tensor embeddings)
    {
        var all = cat([Fitted(Samples), embeddings]);
        return AreFew(all) && !HasPrecision ? [(Samples, all)] : [.. Gaussians(all), (Samples, all)];
    }

    protected override void Prepare()
    {
        if (HasPrecision)
            return;
        var (mean, span) = Spans(Fitted(Samples), _options.Regularisation);
        KeepUnsaved(Centre, mean);
        KeepUnsaved(Span, span);
    }

    protected override Tensor Distances(Tensor embedding) => HasPrecision
        ? Mahalanobis(embedding, Fitted(Mean), Fitted(Precision))
        : Mahalanobis(embedding, Fitted(Centre), Fitted(Span), _options.Regularisation);

    private static bool AreFew(Tensor embeddings) => embeddings.shape[0] <= embeddings.shape[1];

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
        return OfPositions(embeddings, channels, centred => (centred.transpose(1, 2).matmul(centred) / Math.Max(1, images - 1) + added).inverse());
    }

    /// <summary>Mean of each position, (h·w, D), and rows W, (h·w, N, D), by which its inverse covariance is (I − WᵀW) / regularisation (Woodbury's identity): of few images only an N × N matrix
    /// is inverted, and no D × D matrix is kept.</summary>
    /// <inheritdoc cref="Gaussians(Tensor, double)" path="/param"/>
    internal static (Tensor Mean, Tensor Span) Spans(Tensor embeddings, double regularisation)
    {
        var images = embeddings.shape[0];
        var added = eye(images, dtype: ScalarType.Float64, device: embeddings.device) * (regularisation * Math.Max(1, images - 1));
        return OfPositions(embeddings, images, centred => linalg.cholesky(centred.matmul(centred.transpose(1, 2)) + added).inverse().matmul(centred));
    }

    private static (Tensor Mean, Tensor Matrices) OfPositions(Tensor embeddings, long rows, Func<Tensor, Tensor> matrices)
    {
        var samples = Positions(embeddings);
        var (positions, channels) = (samples.shape[0], samples.shape[2]);
        var (means, found) = (empty(positions, channels, device: embeddings.device), empty(positions, rows, channels, device: embeddings.device));
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
    internal static Tensor Mahalanobis(Tensor embedding, Tensor mean, Tensor span, double regularisation)
    {
        using var scope = NewDisposeScope();
        var centred = Positions(embedding) - mean.unsqueeze(1);
        return Roots((centred.square().sum([2]) - centred.matmul(span.transpose(1, 2)).square().sum([2])) / regularisation, embedding).MoveToOuterDisposeScope();
    }

    private static Tensor Roots(Tensor squared, Tensor embedding) => squared.clamp(min: 0).sqrt().t().reshape(embedding.shape[0], embedding.shape[2], embedding.shape[3]);

    /// <summary>(N, D, h, w) as (h·w, N, D).</summary>
    private static Tensor Positions(Tensor embedding) => embedding.flatten(2).permute(2, 0, 1);
}
