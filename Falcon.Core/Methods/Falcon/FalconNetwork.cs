using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>FALCON's student, autoencoder, fusion and detector around a frozen teacher (specification, sections 3 and 6).</summary>
internal sealed partial class FalconNetwork : AnomalyNetwork
{
    /// <summary>What FALCON reads of the teacher: the input and the target of its predictions.</summary>
    public static readonly BackboneTap[] Taps = [BackboneTap.Layer2, BackboneTap.Layer3];

    private readonly FalconOptions _options;

    public FalconNetwork(FalconOptions options, Teacher teacher, MasterSeed seed) : base(teacher, options.ScoringNeeds)
    {
        _options = options;
        var input = teacher.Architecture.Channels(BackboneTap.Layer2);
        var target = teacher.Architecture.Channels(BackboneTap.Layer3);
        Student = FalconModules.Student(input, target);
        Autoencoder = FalconModules.Autoencoder(input, target);
        Fusion = FalconModules.Fusion(target);
        Detector = FalconModules.Detector(target);
        foreach (var (prefix, module) in Parts)
            InitialWeights.PyTorch(module, seed, prefix);
    }

    public FalconModules.Part Student { get; }

    public FalconModules.Part Autoencoder { get; }

    public FalconModules.Part Fusion { get; }

    public FalconModules.Part Detector { get; }

    public override IReadOnlyList<(string Prefix, nn.Module Module)> Parts =>
        [("student", Student), ("autoencoder", Autoencoder), ("fusion_conv", Fusion), ("detector", Detector)];

    public override TrainingRun StartTraining(TrainingImages images, MasterSeed seed) => new FalconTraining(_options, this, images, seed);

    public override Tensor Map(NetworkInput input)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var map = Maps(input.Features[BackboneTap.Layer2], input.Features[BackboneTap.Layer3]).Combined;
        var zeros = _options.MapPadding;
        return (zeros == 0 ? map : pad(map, (zeros, zeros, zeros, zeros))).MoveToOuterDisposeScope();
    }

    /// <summary>The combined map and its four parts, each (N, h, w), for evaluation mode.</summary>
    /// <param name="f2">Features of layer2, (N, C₂, 2h, 2w).</param>
    /// <param name="f3">Features of layer3, (N, C₃, h, w).</param>
    public FalconMaps Maps(Tensor f2, Tensor f3)
    {
        var student = Student.call(f2);
        var autoencoder = Autoencoder.call(f2);
        var fused = Fusion.call(cat([student, autoencoder], dim: 1));
        var detected = Detector.call(cat([fused, f3], dim: 1)).squeeze(1);
        Tensor studentError = Error(student), autoencoderError = Error(autoencoder), fusedError = Error(fused);
        var combined = studentError * 0.3 + autoencoderError * 0.3 + detected * 0.2 + fusedError * 0.2;
        return new(combined, studentError, autoencoderError, fusedError, detected);

        Tensor Error(Tensor prediction) => (f3 - prediction).square().mean([1]);
    }
}
