using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>FALCON's training: noise is pasted onto the object, the teacher sees the noised image, and the modules learn one step.</summary>
internal sealed class FalconTraining : TrainingRun
{
    private readonly FalconNetwork _network;
    private readonly FalconOptions _options;
    private readonly TrainingImages _images;
    private readonly MasterSeed _seed;
    private readonly FalconOptimiser _optimiser;
    private readonly PreparedImage[] _prepared;
    private readonly NoisedFeatures[][] _pool;

    public FalconTraining(FalconOptions options, FalconNetwork network, TrainingImages images, MasterSeed seed)
    {
        (_network, _options, _images, _seed) = (network, options, images, seed);
        _optimiser = new(network, options);
        _prepared = options.AugmentedViews ? [] : [.. Enumerable.Range(0, images.Count).Select(i => Prepare(images.Images[i].unsqueeze(0)))];
        _pool = [.. _prepared.Select((image, i) => Enumerable.Range(0, options.NoisePool)
            .Select(variant => Noise(image, seed.Stream("noise", $"{images.Names[i]}/pool/{variant}"), kept: true, new()))
            .ToArray())];
    }

    public override IReadOnlyList<(string Name, double Value)> Step(int epoch, ReadOnlySpan<int> batch, StepClock clock)
    {
        using var scope = NewDisposeScope();
        var clean = new List<TeacherFeatures>();
        var noised = new List<NoisedFeatures>();
        foreach (var index in batch)
        {
            var noise = _seed.Stream("noise", $"{_images.Names[index]}/{epoch}");
            var image = _options.AugmentedViews ? View(index, epoch, clock) : _prepared[index];
            clean.Add(image.Clean);
            noised.Add(_options.NoisePool > 0 ? _pool[index][noise.NextInt(0, _options.NoisePool - 1)] : Noise(image, noise, kept: false, clock));
        }
        var losses = _optimiser.Step(
            TeacherFeatures.Join(clean), TeacherFeatures.Join([.. noised.Select(n => n.Features)]), cat([.. noised.Select(n => n.Mask)]), clock);
        if (_options.AugmentedViews)
            foreach (var features in clean)
                features.Dispose();
        return losses.Named;
    }

    public override void EndEpoch() => _optimiser.EndEpoch();

    public override void Dispose()
    {
        _optimiser.Dispose();
        foreach (var image in _prepared)
            image.Dispose();
        foreach (var variant in _pool.SelectMany(p => p))
            variant.Dispose();
    }

    private PreparedImage Prepare(Tensor image) => PreparedImage.Of(_network.Teacher, image, _options.CamWeights);

    private PreparedImage View(int index, int epoch, StepClock clock)
    {
        using (clock.Time("teacher"))
            return Prepare(AugmentedView.Of(_images.Images[index].unsqueeze(0), _seed.Stream("view", $"{_images.Names[index]}/{epoch}")));
    }

    private NoisedFeatures Noise(PreparedImage image, RandomStream noise, bool kept, StepClock clock)
    {
        using var scope = NewDisposeScope();
        Tensor pixels, mask;
        using (clock.Time("synthesis"))
        {
            var patches = new NoiseSampler(noise.NextInt, _options.Patterns).Draw(image.Object);
            var noised = image.Noised(patches, _options.MaskRounding);
            pixels = tensor(noised.Pixels, [1, 3, noised.Height, noised.Width], device: _images.Images.device);
            mask = tensor(noised.Mask, [1, 1, noised.MaskHeight, noised.MaskWidth], device: _images.Images.device);
        }
        using (clock.Time("teacher"))
        {
            var features = _network.Teacher.Features(pixels, [BackboneTap.Layer2, BackboneTap.Layer3]);
            Tensor[] result = [features[0], features[1], mask];
            foreach (var t in result)
                _ = kept ? t.DetachFromDisposeScope() : t.MoveToOuterDisposeScope();
            return new(new(result[0], result[1]), result[2]);
        }
    }

    /// <summary>Teacher features of a noised image and its quarter-size noise mask (1, 1, H/4, W/4).</summary>
    private sealed record NoisedFeatures(TeacherFeatures Features, Tensor Mask) : IDisposable
    {
        public void Dispose()
        {
            Features.Dispose();
            Mask.Dispose();
        }
    }
}
