using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;
using Falcon.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>FDSL's head with the patches of a category's good images (specification, section 6).</summary>
internal sealed partial class FdslNetwork : AnomalyNetwork
{
    private const string MemoryPrefix = "memory", Normals = "normals";

    private readonly FdslOptions _options;
    private readonly BackboneTap[] _taps;
    private readonly FittedTensors _memory = new();
    private readonly WindowComparison? _windows;

    public FdslNetwork(FdslOptions options, Teacher teacher, MasterSeed seed) : base(teacher, options.ScoringNeeds)
    {
        (_options, _taps) = (options, ClipTower.Taps(options.Backbone));
        Head = FdslHeadNetwork.Fresh(options.Backbone, seed);
        _windows = options.Cuts ? new(options, teacher, Head, _memory) : null;
    }

    public FdslHead Head { get; }

    /// <summary>Null where the whole image is judged alone.</summary>
    public WindowComparison? Windows => _windows;

    public override IReadOnlyList<(string Prefix, nn.Module Module)> Parts => [("head", Head), (MemoryPrefix, _memory)];

    public override void BuildOn(AnomalyNetwork foundation)
    {
        using var frozen = no_grad();
        var learnt = ((FdslHeadNetwork)foundation).Head.state_dict();
        foreach (var (name, tensor) in Head.state_dict())
            tensor.copy_(learnt[name]);
    }

    public override void Load(WeightFile file)
    {
        using var scope = NewDisposeScope();
        StateDict.Load(Head, file, "head.");
        foreach (var name in file.Names.Where(name => name.StartsWith($"{MemoryPrefix}.", StringComparison.Ordinal)))
            _memory.Keep(name[(MemoryPrefix.Length + 1)..], file.Tensor(name), Teacher.Device);
    }

    public override TrainingRun StartTraining(TrainingImages images, MasterSeed seed)
    {
        if (_options.FurtherFile is { } trained)
        {
            using var file = WeightFile.Open(trained);
            StateDict.Load(Head, file);
        }
        return new FittedRun(_ => Fit(images.Features, images.Pixels));
    }

    public override bool Absorbs => true;

    public override void Absorb(TrainingImages images) => Fit(images.Features, images.Pixels, further: true);

    /// <summary>Keeps the patches of good images and, where windows are cut, the images: their windows' patches would take a hundred times their place.</summary>
    /// <param name="features">Of all taps.</param>
    /// <param name="pixels">(k, 3, H, W); null without windows.</param>
    /// <param name="further">Whether they join those that are kept, or take their place.</param>
    internal void Fit(TeacherFeatures features, Tensor? pixels, bool further = false)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (i, tap) in _taps.Index())
            Keep($"{i}", NormalPatches.Memory(features[tap], _options.HalfMemory));
        if (_windows is null)
            return;
        Keep(Normals, pixels!);
        _windows.Forget();

        void Keep(string name, Tensor value) => _memory.Keep(name, further ? cat([Kept(name), value]) : value, Teacher.Device);
    }

    public override Tensor Map(NetworkInput input) => Detect(input).Maps;

    /// <summary>Each image by itself: its numbers do not depend on the batch. Its score is the mean of its largest patches' and of the largest value of its map.</summary>
    public override (Tensor Maps, double[]? Scores) Detect(NetworkInput input)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var images = Enumerable.Range(0, (int)input.Features[_taps[0]].shape[0])
            .Select(i => Judge(input.Features.At(i), input.Pixels?[i], input.Inside?.narrow(0, i, 1))).ToArray();
        double[] scores = [.. images.Select((image, i) => (image.Score.ToDouble() + Largest(image.Map, input.Inside?.narrow(0, i, 1)).ToDouble()) / 2)];
        return (cat([.. images.Select(image => image.Map)]).MoveToOuterDisposeScope(), scores);
    }

    /// <summary>The whole image by itself: the probability of a defect at each tap, (1, h, w).</summary>
    internal Tensor[] WholeImage(TeacherFeatures features) => [.. _taps.Select((tap, i) =>
        Aggregated(Head.Classify(i, NormalPatches.Residuals(NormalPatches.Units(features[tap]), Kept($"{i}")), features[tap].shape[2])).select(1, 1))];

    /// <summary>The mean of the taps' maps, (1, H, W), and of their largest values.</summary>
    /// <param name="taps">(1, h, w) each.</param>
    /// <param name="inside">What is looked at of the input, (1, H, W) bool; null for all.</param>
    internal (Tensor Map, Tensor Score) Mean(IReadOnlyList<Tensor> taps, Tensor? inside = null)
    {
        var scale = _options.MapSide / (double)_options.InputSize.Shorter;
        var (height, width) = ((long)Math.Round(_options.InputSize.Height * scale), (long)Math.Round(_options.InputSize.Width * scale));
        return (stack(taps.Select(tap => DistanceMaps.Enlarge(tap, height, width, alignCorners: true))).mean([0]), stack(taps.Select(tap => Largest(tap, inside))).mean());
    }

    private static Tensor Largest(Tensor map, Tensor? inside) =>
        (inside is null ? map : map.masked_select(FittedNetwork.Positions(inside, map.shape[1..]))).max();

    private (Tensor Map, Tensor Score) Judge(TeacherFeatures features, Tensor? pixels, Tensor? inside)
    {
        if (_windows is null)
            return Mean(WholeImage(features), inside);
        var (windowMap, windowScore) = Mean(_windows.Grids(pixels!, Kept(Normals)), inside);
        if (_options.Windows == LocalWindowUse.Alone)
            return (windowMap, windowScore);
        var (map, score) = Mean(WholeImage(features), inside);
        var share = _options.WindowWeight;
        return ((1 - share) * map + share * windowMap, (1 - share) * score + share * windowScore);
    }

    private Tensor Aggregated(Tensor probabilities) => _options.NeighbourAggregation ? Head.call(probabilities) : probabilities;

    private Tensor Kept(string name) => _memory.get_buffer(name) ?? throw new InvalidOperationException("No good images have been seen.");
}
