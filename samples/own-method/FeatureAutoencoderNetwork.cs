using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace OwnMethod;

/// <summary>The autoencoder around a frozen teacher.</summary>
internal sealed class FeatureAutoencoderNetwork : AnomalyNetwork
{
    private readonly FeatureAutoencoderOptions _options;

    public FeatureAutoencoderNetwork(FeatureAutoencoderOptions options, Teacher teacher, MasterSeed seed) : base(teacher, options.ScoringNeeds)
    {
        _options = options;
        var channels = teacher.Architecture.Channels(BackboneTap.Layer2);
        Autoencoder = Sequential(Conv2d(channels, options.CodeChannels, 1), ReLU(), Conv2d(options.CodeChannels, channels, 3, padding: 1));
        InitialWeights.PyTorch(Autoencoder, seed, "autoencoder");
    }

    public Sequential Autoencoder { get; }

    public override IReadOnlyList<(string Prefix, Module Module)> Parts => [("autoencoder", Autoencoder)];

    public override TrainingRun StartTraining(TrainingImages images, MasterSeed seed) => new FeatureAutoencoderTraining(_options, this, images);

    public override Tensor Map(NetworkInput input)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var map = DistanceMaps.Enlarge(Distances(input.Features), _options.InputSize);
        return GaussianSmoothing.Of(map, _options.Smoothing, _options.SmoothingSigma).MoveToOuterDisposeScope();
    }

    /// <summary>The squared distance of each position, (N, h, w).</summary>
    public Tensor Distances(TeacherFeatures features) => FeatureDistance.Squared(features[BackboneTap.Layer2], Autoencoder.call(features[BackboneTap.Layer2]));
}
