using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>A student with memories, forward or backward (specification, sections 3 and 6).</summary>
internal sealed partial class RememberingNormalityNetwork : AnomalyNetwork
{
    private static readonly BackboneTap[] Taps = PyramidLayers.Layers123.Taps();

    private readonly RememberingNormalityOptions _options;
    private readonly ForwardMemoryStudent? _forward;
    private readonly BackwardMemoryStudent? _backward;
    private readonly OneClassBottleneck? _bottleneck;

    public RememberingNormalityNetwork(RememberingNormalityOptions options, Teacher teacher, MasterSeed seed) : base(teacher, options.ScoringNeeds)
    {
        _options = options;
        if (options.Direction == MemoryDirection.Forward)
        {
            var architecture = options.NarrowStudent ? teacher.Architecture with { BaseWidth = 64 } : teacher.Architecture;
            _forward = new(architecture, options.MemoryRows, options.FixedMemory);
            Memories = [(BackboneTap.Layer1, _forward.Memories[0]), (BackboneTap.Layer2, _forward.Memories[1])];
        }
        else
        {
            _backward = new(teacher.Architecture, options.MemoryRows, options.FixedMemory);
            _bottleneck = new(teacher.Architecture, narrow: false);
            Memories = [.. Enumerable.Range(0, 3).Select(i => (BackboneTap.Layer2 + i, _backward.Memories[2 - i]))];
        }
        foreach (var (prefix, module) in Parts)
            InitialWeights.Torchvision(module, seed, prefix);
        foreach (var (tap, memory) in Memories)
            memory.Draw(seed, $"memory.{tap}");
    }

    /// <summary>Each memory with the teacher's layer whose exemplars train it.</summary>
    public IReadOnlyList<(BackboneTap Exemplars, NormalityMemory Memory)> Memories { get; }

    public nn.Module Student => _forward is null ? _backward! : _forward;

    public override IReadOnlyList<(string Prefix, nn.Module Module)> Parts =>
        _bottleneck is null ? [("student", Student)] : [("student", Student), ("bn", _bottleneck)];

    public override TrainingRun StartTraining(TrainingImages images, MasterSeed seed)
    {
        return new RememberingNormalityTraining(_options, this, images, Draw);

        // Fewer images than exemplars are drawn again from the first.
        int[] Draw(TrainingMoment moment)
        {
            int[] order = [.. images.Split.Training];
            seed.Stream("exemplars", $"{moment.Step}").Shuffle<int>(order);
            return [.. Enumerable.Range(0, _options.Exemplars).Select(i => order[i % order.Length])];
        }
    }

    public override Tensor Map(NetworkInput input)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var map = DistanceMaps.WeightedSum(Distances(input), _options.InputSize);
        return GaussianSmoothing.Of(map, _options.Smoothing, _options.SmoothingSigma).MoveToOuterDisposeScope();
    }

    /// <summary>1 − cosine of teacher and student at each layer, (N, h, w).</summary>
    public Tensor[] Distances(NetworkInput input) =>
        [.. Taps.Zip(Outputs(input), (tap, student) => FeatureDistance.Cosine(student, input.Features[tap]))];

    /// <summary>The student's features like those of layer1, layer2 and layer3.</summary>
    public Tensor[] Outputs(NetworkInput input) => _forward is null ? _backward!.call(Code(input.Features)) : _forward.call(input.Pixels!);

    /// <summary>The backward student's code.</summary>
    public Tensor Code(TeacherFeatures features) =>
        _bottleneck!.call(features[BackboneTap.Layer1], features[BackboneTap.Layer2], features[BackboneTap.Layer3]);
}
