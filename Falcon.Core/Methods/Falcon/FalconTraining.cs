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
        using var scope = NewDisposeScope();
        (_network, _options, _images, _seed) = (network, options, images, seed);
        _optimiser = new(network, options);
        _prepared = options.AugmentedViews
            ? []
            : [.. images.Prepared.Select((prepared, i) => PreparedImage.Of(Pixels(i), images.Features.At(i).Detached(), prepared))];
        _pool = [.. _prepared.Select((image, i) => Enumerable.Range(0, options.NoisePool)
            .Select(variant => Noise(image, seed.Stream("noise", $"{images.Names[i]}/pool/{variant}"), kept: true, new()))
            .ToArray())];
    }

    public override IReadOnlyList<Optimiser> Optimisers => _optimiser.Both;

    public override IReadOnlyList<(string Name, double Value)> Step(TrainingMoment moment, ReadOnlySpan<int> batch, StepClock clock)
    {
        using var scope = NewDisposeScope();
        var clean = new List<TeacherFeatures>();
        var noised = new List<NoisedFeatures>();
        foreach (var index in batch)
        {
            var noise = _seed.Stream("noise", $"{_images.Names[index]}/{moment.Epoch}");
            var image = _options.AugmentedViews ? View(index, moment.Epoch, clock) : _prepared[index];
            clean.Add(image.Clean);
            noised.Add(_options.NoisePool > 0 ? _pool[index][noise.NextInt(0, _options.NoisePool - 1)] : Noise(image, noise, kept: false, clock));
        }
        var mask = cat([.. noised.Select(n => n.Mask)]);
        return _optimiser.Step(moment, TeacherFeatures.Join(clean), TeacherFeatures.Join([.. noised.Select(n => n.Features)]), mask, clock).Named;
    }

    public override void Dispose()
    {
        _optimiser.Dispose();
        foreach (var image in _prepared)
            image.Clean.Dispose();
        foreach (var variant in _pool.SelectMany(p => p))
            variant.Dispose();
    }

    private Tensor Pixels(int index) => _images.Pixels!.narrow(0, index, 1);

    /// <summary>A random view of an image; nothing about it is known before.</summary>
    private PreparedImage View(int index, int epoch, StepClock clock)
    {
        using (clock.Time("teacher"))
        {
            var view = AugmentedView.Of(Pixels(index), _seed.Stream("view", $"{_images.Names[index]}/{epoch}"));
            var prepared = TrainingImages.Prepare(_options.Cam, _network.Teacher, view);
            return PreparedImage.Of(view, _network.Teacher.SharedFeatures(view, FalconNetwork.Taps), prepared);
        }
    }

    private NoisedFeatures Noise(PreparedImage image, RandomStream noise, bool kept, StepClock clock)
    {
        using var scope = NewDisposeScope();
        Tensor pixels, mask;
        using (clock.Time("synthesis"))
        {
            var patches = new NoiseSampler(noise.NextInt, _options.Patterns).Draw(image.Object);
            var noised = image.Noised(patches, _options.MaskRounding);
            var device = _images.Pixels!.device;
            pixels = tensor(noised.Pixels, [1, 3, noised.Height, noised.Width], device: device);
            mask = tensor(noised.Mask, [1, 1, noised.MaskHeight, noised.MaskWidth], device: device);
        }
        using (clock.Time("teacher"))
        {
            var features = _network.Teacher.Features(pixels, FalconNetwork.Taps);
            foreach (var t in features.Append(mask))
                _ = kept ? t.DetachFromDisposeScope() : t.MoveToOuterDisposeScope();
            return new(new(FalconNetwork.Taps, features), mask);
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
