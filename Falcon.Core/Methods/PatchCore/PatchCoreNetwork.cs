using Falcon.Backbones;
using Falcon.Engine;
using Falcon.Randomness;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>PatchCore's memory of patches of layer2 and layer3, of a transformer of the ends of the second and the last third.</summary>
internal sealed partial class PatchCoreNetwork : FittedNetwork
{
    private const string Bank = "bank";

    private readonly PatchCoreOptions _options;
    private readonly MasterSeed _seed;
    private readonly int _channels;
    private NearestPatches? _search;

    public PatchCoreNetwork(PatchCoreOptions options, Teacher teacher, MasterSeed seed) : base(options, teacher, "memory")
    {
        (_options, _seed) = (options, seed);
        _channels = options.ScoringNeeds.Taps.Sum(teacher.Form.Channels);
    }

    public override bool Absorbs => true;

    private protected override IReadOnlyList<(string Name, long?[] Sides)> Shapes(Func<string, bool> holds) => [(Bank, [null, _channels])];

    protected override Tensor Embed(TeacherFeatures features)
    {
        using var scope = NewDisposeScope();
        var size = features[features.Taps[0]].shape[2..];
        var pooled = features.Taps.Select(tap => avg_pool2d(features[tap], 3, stride: 1, padding: 1));
        return cat([.. pooled.Select(layer => interpolate(layer, size, mode: InterpolationMode.Bilinear, align_corners: false))], dim: 1)
            .MoveToOuterDisposeScope();
    }

    protected override Tensor Distances(Tensor embedding) =>
        stack(Enumerable.Range(0, (int)embedding.shape[0]).Select(i => Nearest(Rows(embedding.narrow(0, i, 1)), Fitted(Bank), _search).reshape(embedding.shape[2..])));

    /// <summary>Other devices compare all patches sooner than they search.</summary>
    protected override void Prepare() => _search = Teacher.Device.type == DeviceType.CPU ? new(Fitted(Bank)) : null;

    /// <summary>The patches that are kept, (rows, D).</summary>
    protected override IReadOnlyList<(string Name, Tensor Value)> Fit(Tensor embeddings)
    {
        var patches = LookedRows(embeddings);
        return [Choice(patches, Kept(embeddings, patches), Start(patches.shape[0]))];
    }

    /// <summary>The patches that were kept, and of the further ones as large a share: those that are farthest from all that are kept.</summary>
    protected override IReadOnlyList<(string Name, Tensor Value)> Extend(Tensor embeddings)
    {
        var (bank, patches) = (Fitted(Bank), LookedRows(embeddings));
        var known = (int)bank.shape[0];
        return [Choice(cat([bank, patches]), known + Kept(embeddings, patches), [.. Enumerable.Range(0, known).Select(row => (long)row)])];
    }

    /// <summary>The distance of each patch to the nearest kept one, (P) for (P, D): by their difference, which loses no digits where a patch is nearly one that is kept.</summary>
    internal static Tensor Nearest(Tensor patches, Tensor bank, NearestPatches? search)
    {
        using var scope = NewDisposeScope();
        var nearest = search?.Find(patches, bank) ?? cdist(patches, bank).min(1).indexes;
        return (patches - bank.index_select(0, nearest)).square().sum([1]).sqrt().MoveToOuterDisposeScope();
    }

    private (string Name, Tensor Value) Choice(Tensor patches, int count, params long[] first) =>
        (Bank, patches.index_select(0, tensor(GreedyCoreset.Choose(Projected(patches), count, first, Cancellation), device: patches.device)));

    /// <summary>The share of all positions, so that the few patches of a small region of interest are kept as they are: of a share of these every position would be as strange as a defect.</summary>
    private int Kept(Tensor embeddings, Tensor looked) => (int)Math.Clamp(_options.Share * embeddings.shape[0] * embeddings.shape[2] * embeddings.shape[3], 1, looked.shape[0]);

    private long Start(long patches) => _seed.Stream("coreset").NextInt(0, (int)patches - 1);

    /// <summary>By a Gaussian matrix, which keeps distances nearly (Johnson and Lindenstrauss).</summary>
    private Tensor Projected(Tensor patches)
    {
        if (_options.Projection == 0 || _options.Projection >= _channels)
            return patches;
        using var generator = new Generator(_seed.StreamSeed("coreset", "projection"));
        var matrix = empty(_channels, _options.Projection, device: CPU).normal_(0, 1 / Math.Sqrt(_options.Projection), generator);
        return patches.matmul(matrix.PlacedOn(patches.device));
    }
}
