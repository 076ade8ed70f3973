using Falcon.Backbones;
using Falcon.Data;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The training of FDSL's head (specification, section 5). The patches of the normal images are read when a category first comes and stay; those of the test
/// images are read for each batch.</summary>
internal sealed class FdslHeadTraining(FdslHeadOptions options, FdslHeadNetwork network, AuxiliaryImages images, MasterSeed seed)
    : DistillationTraining(options, Adam(options, network.Head.parameters()))
{
    private readonly BackboneTap[] _taps = ClipTower.Taps(options.Backbone);
    private readonly Dictionary<AuxiliaryCategory, Tensor[]> _memories = [];
    private readonly DefectVariation _variation = new(options.Augmentation, images, seed);

    public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        var varied = batch.ToArray().Select(index => _variation.Of(moment, index)).ToArray();
        var residuals = Residuals(batch, varied);
        var masks = stack(varied.Zip(batch.ToArray(), (variation, index) => variation?.Mask ?? images.Mask(index)));
        return Losses(network.Head, residuals, options.InputSize.Height / ClipTower.Find(options.Backbone).PatchSize, masks, options.NeighbourAggregation).Named();
    }

    public override void Dispose()
    {
        foreach (var memory in _memories.Values.SelectMany(memory => memory))
            memory.Dispose();
        base.Dispose();
    }

    /// <summary>The losses of the classifiers' maps and, after each, of the aggregated one, all enlarged to the masks.</summary>
    /// <param name="head">The head.</param>
    /// <param name="residuals">(N, h·w, C) of each tap.</param>
    /// <param name="rows">h.</param>
    /// <param name="masks">(N, H, W), 1 where there is a defect.</param>
    /// <param name="aggregates">Whether there are aggregated maps.</param>
    internal static MapLosses Losses(FdslHead head, IReadOnlyList<Tensor> residuals, long rows, Tensor masks, bool aggregates = true)
    {
        var maps = residuals.SelectMany((residual, tap) =>
        {
            var own = head.Classify(tap, residual, rows);
            return aggregates ? [own, head.call(own)] : new[] { own };
        }).ToArray();
        return MapLosses.Of(maps, masks);
    }

    /// <summary>The residuals of a batch at each tap, (N, h·w, C).</summary>
    private Tensor[] Residuals(ReadOnlySpan<int> batch, VariedImage?[] varied)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        int[] indices = batch.ToArray();
        var plain = Enumerable.Range(0, indices.Length).Where(i => varied[i] is null).ToArray();
        var residuals = new Tensor[indices.Length][];
        if (plain.Length > 0)
            Compare(plain, images.Read([.. plain.Select(i => images[indices[i]].Item)], new(Pixels: false, _taps)).Features);
        if (plain.Length < indices.Length)
        {
            int[] others = [.. Enumerable.Range(0, indices.Length).Except(plain)];
            var features = network.Teacher.Features(cat([.. others.Select(i => varied[i]!.Pixels)]), _taps);
            Compare(others, new(_taps, features));
        }
        return [.. _taps.Select((_, tap) => cat([.. residuals.Select(ofImage => ofImage[tap])]).MoveToOuterDisposeScope())];

        void Compare(int[] places, TeacherFeatures features)
        {
            foreach (var (n, place) in places.Index())
            {
                var memory = Memory(images[indices[place]].Category);
                var own = features.At(n);
                residuals[place] = [.. _taps.Select((tap, i) => NormalPatches.Residuals(NormalPatches.Units(own[tap]), memory[i]))];
            }
        }
    }

    /// <summary>The patches of a category's normal images at each tap, (k·h·w, C).</summary>
    private Tensor[] Memory(AuxiliaryCategory category)
    {
        if (_memories.TryGetValue(category, out var known))
            return known;
        using var scope = NewDisposeScope();
        var features = images.Read(category.Normals, new(Pixels: false, _taps)).Features;
        return _memories[category] = [.. _taps.Select(tap => NormalPatches.Memory(features[tap], options.HalfMemory).DetachFromDisposeScope())];
    }
}
