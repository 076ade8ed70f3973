using Falcon.Backbones;
using Falcon.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>FALCON's two Adam optimisers and one training step from teacher features (specification, section 5).</summary>
internal sealed class FalconOptimiser : IDisposable
{
    private readonly FalconNetwork _network;
    private readonly FalconOptions _options;
    private readonly AdamOptimiser _main, _detector;

    public FalconOptimiser(FalconNetwork network, FalconOptions options)
    {
        (_network, _options) = (network, options);
        _main = Adam([.. network.Student.parameters(), .. network.Autoencoder.parameters(), .. network.Fusion.parameters()]);
        _detector = Adam(network.Detector.parameters());

        AdamOptimiser Adam(IEnumerable<Parameter> parameters) => new(parameters, options.Beta1, options.Beta2, options.WeightDecay);
    }

    /// <summary>The optimiser of student, autoencoder and fusion, and that of the detector.</summary>
    public IReadOnlyList<Optimiser> Both => [_main, _detector];

    /// <summary>Updates all modules once, the detector with the fused predictions from before the main update.</summary>
    /// <param name="moment">Sets the learning rate.</param>
    /// <param name="clean">Features of the clean images.</param>
    /// <param name="noised">Features of the noised images.</param>
    /// <param name="noiseMask">(N, 1, H/4, W/4) float32, 1 where a patch was pasted.</param>
    /// <param name="clock">Takes the time of the parts <c>student</c> and <c>optimiser</c>.</param>
    public FalconLosses Step(TrainingMoment moment, TeacherFeatures clean, TeacherFeatures noised, Tensor noiseMask, StepClock clock)
    {
        foreach (var optimiser in Both)
            optimiser.LearningRate = LearningRate(moment);
        Tensor student, autoencoder, reconstruction, fused, mask;
        Tensor cleanTarget = clean[BackboneTap.Layer3], noisedTarget = noised[BackboneTap.Layer3];
        using (clock.Time("student"))
        {
            mask = TargetMask(noiseMask, cleanTarget, _options.MaskResizing);
            var input = cat([clean[BackboneTap.Layer2], noised[BackboneTap.Layer2]]);
            var target = cat([cleanTarget, cleanTarget]);
            var predicted = PairedForward.Run(_network.Student, input);
            var reconstructed = PairedForward.Run(_network.Autoencoder, input);
            fused = PairedForward.Run(_network.Fusion, cat([predicted, reconstructed], dim: 1), noisedFirst: true);
            student = PerHalf((predicted - target).square());
            autoencoder = PerHalf((reconstructed - target).square());
            var weights = cat([ones_like(mask), mask * (_options.NoiseWeight - 1) + 1]);
            reconstruction = PerHalf((fused - target).square() * weights);
            _main.ZeroGradients();
            (student + autoencoder + reconstruction).sum().backward();
        }
        using (clock.Time("optimiser"))
            _main.Step();

        Tensor detector;
        using (clock.Time("detector"))
        {
            var joined = cat([fused.detach(), cat([cleanTarget, noisedTarget])], dim: 1);
            var detected = PairedForward.Run(_network.Detector, joined);
            detector = PerHalf(Entropy(detected, cat([zeros_like(mask), mask])));
            _detector.ZeroGradients();
            detector.sum().backward();
        }
        using (clock.Time("optimiser"))
            _detector.Step();
        return FalconLosses.Of(student, autoencoder, reconstruction, detector);
    }

    /// <summary>The learning rate of both optimisers: halved every ⌊epochs/2⌋ epochs, at least every epoch.</summary>
    public double LearningRate(TrainingMoment moment) => _options.LearningRate * Math.Pow(0.5, moment.Epoch / Math.Max(1, moment.Epochs / 2));

    /// <summary>The noise mask at the size of the target features.</summary>
    public static Tensor TargetMask(Tensor noiseMask, Tensor target, MaskResizing resizing)
    {
        long[] size = [target.shape[2], target.shape[3]];
        return resizing == MaskResizing.Area
            ? interpolate(noiseMask, size, mode: InterpolationMode.Area)
            : interpolate(noiseMask, size, mode: InterpolationMode.Bilinear, align_corners: false);
    }

    public void Dispose()
    {
        _main.Dispose();
        _detector.Dispose();
    }

    /// <summary>Where something is no number, the probabilities in place of their loss, which libtorch refuses: the loss is to say that the training has diverged.</summary>
    private static Tensor Entropy(Tensor probabilities, Tensor target) =>
        probabilities.isnan().any().item<bool>() ? probabilities : binary_cross_entropy(probabilities, target, reduction: nn.Reduction.None);

    /// <summary>Means over each half of a joined batch: (2), clean then noised.</summary>
    private static Tensor PerHalf(Tensor joined) => joined.reshape(2, -1).mean([1]);
}
