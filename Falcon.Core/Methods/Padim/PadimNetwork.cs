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

    private const string Samples = "samples";

    private readonly PadimOptions _options;
    private readonly long[] _channels;

    public PadimNetwork(PadimOptions options, Teacher teacher, MasterSeed seed) : base(options, teacher, "gaussians")
    {
        _options = options;
        int[] all = [.. Enumerable.Range(0, options.ScoringNeeds.Taps.Sum(teacher.Form.Channels))];
        seed.Stream("padim-channels").Shuffle<int>(all);
        _channels = [.. all.Take(options.Channels).Order()];
    }

    private protected override IReadOnlyList<(string Name, long?[] Sides)> Shapes =>
        [("mean", [Height * Width, _channels.Length]), ("precision", [Height * Width, _channels.Length, _channels.Length])];

    private protected override IReadOnlyList<(string Name, long?[] Sides)> OptionalShapes => [(Samples, [null, _channels.Length, Height, Width])];

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

    /// <summary>Whether the images that the Gaussians come from are kept: of few they are small beside the matrices, and say what these do not.</summary>
    public override bool Absorbs => Has(Samples);

    protected override IReadOnlyList<(string Name, Tensor Value)> Fit(Tensor embeddings) =>
        embeddings.shape[0] <= embeddings.shape[1] ? [.. Gaussians(embeddings), (Samples, embeddings)] : Gaussians(embeddings);

    protected override IReadOnlyList<(string Name, Tensor Value)> Extend(Tensor embeddings)
    {
        var all = cat([Fitted(Samples), embeddings]);
        return [.. Gaussians(all), (Samples, all)];
    }

    protected override Tensor Distances(Tensor embedding) => Mahalanobis(embedding, Fitted("mean"), Fitted("precision"));

    private (string Name, Tensor Value)[] Gaussians(Tensor embeddings)
    {
        var (mean, precision) = Gaussians(embeddings, _options.Regularisation);
        return [("mean", mean), ("precision", precision)];
    }

    /// <summary>Mean and inverse covariance (over N − 1, in float64) of each position: (h·w, D) and (h·w, D, D).</summary>
    /// <param name="embeddings">(N, D, h, w).</param>
    /// <param name="regularisation">Added to the diagonal of each covariance.</param>
    internal static (Tensor Mean, Tensor Precision) Gaussians(Tensor embeddings, double regularisation)
    {
        var samples = Positions(embeddings);
        var (positions, images, channels) = (samples.shape[0], samples.shape[1], samples.shape[2]);
        if (sizeof(float) * positions * channels * channels > Array.MaxLength)
            throw new InvalidInputException(
                $"{positions} positions of {channels} channels each take {sizeof(float) * positions * channels * channels >> 30} GiB, and a model file has room for 2", "PaDiM option Channels",
                "Take fewer channels or a smaller input.");
        var few = images <= channels;
        var unit = Unit(few ? images : channels);
        var unitOfChannels = Unit(channels);
        var means = empty(positions, channels, device: embeddings.device);
        var precisions = empty(positions, channels, channels, device: embeddings.device);
        for (var first = 0L; first < positions; first += Chunk)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(Chunk, positions - first);
            var x = samples.narrow(0, first, count).to(ScalarType.Float64);
            var mean = x.mean([1], keepdim: true);
            var centred = x - mean;
            means.narrow(0, first, count).copy_(mean.squeeze(1));
            precisions.narrow(0, first, count).copy_(few ? FromKernel(centred) : FromCovariance(centred));
        }
        return (means, precisions);

        Tensor Unit(long size) => eye(size, dtype: ScalarType.Float64, device: embeddings.device);

        Tensor FromCovariance(Tensor centred) =>
            (centred.transpose(1, 2).matmul(centred) / Math.Max(1, images - 1) + unit * regularisation).inverse();

        // Woodbury's identity: of few images only an N × N matrix is inverted.
        Tensor FromKernel(Tensor centred)
        {
            var kernel = centred.matmul(centred.transpose(1, 2)) + unit * (regularisation * Math.Max(1, images - 1));
            return (unitOfChannels - centred.transpose(1, 2).matmul(kernel.inverse()).matmul(centred)) / regularisation;
        }
    }

    /// <summary>The Mahalanobis distance of each position, (N, h, w) for (N, D, h, w).</summary>
    internal static Tensor Mahalanobis(Tensor embedding, Tensor mean, Tensor precision)
    {
        using var scope = NewDisposeScope();
        var (images, height, width) = (embedding.shape[0], embedding.shape[2], embedding.shape[3]);
        var centred = Positions(embedding) - mean.unsqueeze(1);
        var squared = (centred.matmul(precision) * centred).sum([2]);
        return squared.clamp(min: 0).sqrt().t().reshape(images, height, width).MoveToOuterDisposeScope();
    }

    /// <summary>(N, D, h, w) as (h·w, N, D).</summary>
    private static Tensor Positions(Tensor embedding) => embedding.flatten(2).permute(2, 0, 1);
}
