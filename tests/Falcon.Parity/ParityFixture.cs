using Falcon.Backbones;
using Falcon.Data;
using Falcon.Imaging;
using Falcon.Methods;
using Falcon.Randomness;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Parity;

/// <summary>One file of inputs and results. Its inputs are read and its results compared (<see cref="StoredFixture"/>), or both are made and written
/// (<see cref="RecordedFixture"/>). A result X stands there whole, or as <c>X.head</c> (its first 64 values in row-major order) and <c>X.stats</c> (mean and
/// population standard deviation, in newer files also minimum and maximum).</summary>
public abstract class ParityFixture : IDisposable
{
    /// <summary>The <see cref="ParityResult.Measure"/> of comparisons: the largest difference over the largest magnitude of the stored values.</summary>
    public const string Relative = "relative";

    /// <summary>The <see cref="ParityResult.Measure"/> of values whose specification bounds the difference itself: the largest one.</summary>
    public const string Absolute = "absolute";

    /// <summary>The <see cref="ParityResult.Measure"/> of weights after training: the root of the mean squared difference.</summary>
    public const string RootMeanSquare = "root mean square";

    /// <summary>The metadata entry of <see cref="Tag"/>.</summary>
    protected const string TagEntry = "tag";

    private readonly Recording? _recording;
    private readonly Dictionary<string, Tensor> _weights = [];

    /// <param name="folder">The fixture folder.</param>
    /// <param name="file">The file's name in it.</param>
    /// <param name="tag">As the metadata say; null for none.</param>
    /// <param name="recording">How inputs are drawn; null when they are read.</param>
    protected ParityFixture(string folder, string file, string? tag, Recording? recording)
    {
        (Folder, File, _recording) = (folder, file, recording);
        Tag = string.IsNullOrEmpty(tag) || tag.EndsWith('.') ? tag ?? "" : $"{tag}.";
    }

    /// <summary>Where the file is.</summary>
    public string Folder { get; }

    /// <summary>The file's name.</summary>
    public string File { get; }

    /// <summary>What stands before every key of the weight rule: the metadata entry <c>tag</c> and a dot, unless it is empty or ends with one. The tag
    /// <c>held</c> makes <c>held.teacher.layer1.0.conv1.weight</c> of <c>teacher.layer1.0.conv1.weight</c>.</summary>
    public string Tag { get; }

    /// <summary>An entry of the metadata, for example <c>prefix</c>: what stands before the names of all networks, after the tag.</summary>
    /// <param name="name">The entry.</param>
    /// <param name="usual">What holds where there is none, and is recorded.</param>
    public abstract string Setting(string name, string usual);

    /// <summary>An input.</summary>
    /// <param name="name">The stored name.</param>
    /// <param name="draw">Makes it when the fixture is recorded.</param>
    /// <exception cref="InvalidInputException">There is none of this name.</exception>
    public abstract Tensor Input(string name, Func<Tensor> draw);

    /// <summary>The shape of a stored tensor, which tells a size that the inputs do not show; null when it is not stored.</summary>
    /// <param name="name">The stored name.</param>
    /// <param name="recorded">The shape that it is to have when the fixture is recorded; null to leave it out.</param>
    public abstract IReadOnlyList<long>? ShapeOf(string name, long[]? recorded);

    /// <summary>What stands between a beginning and an end in the names of stored tensors.</summary>
    /// <param name="beginning">Of a name.</param>
    /// <param name="end">Of a name.</param>
    /// <param name="recorded">What is to stand there when the fixture is recorded.</param>
    public abstract IEnumerable<string> Cases(string beginning, string end, params string[] recorded);

    /// <summary>Those of several results whose names begin with <paramref name="prefix"/> that the fixture holds.</summary>
    protected abstract IEnumerable<KeyValuePair<string, Tensor>> Held(string prefix, IReadOnlyDictionary<string, Tensor> results);

    /// <summary>Compares a result, or writes it.</summary>
    protected abstract void Take(string name, Tensor actual, double tolerance, string measure, string note, double head);

    /// <summary>A result.</summary>
    /// <param name="name">The stored name, without <c>.head</c> or <c>.stats</c>.</param>
    /// <param name="actual">Of any floating or integer type, on any device.</param>
    /// <param name="tolerance">The largest <see cref="Relative"/> error.</param>
    /// <param name="note">Added to the name in the results, to tell several computations of one tensor apart.</param>
    /// <param name="head">That of the first values, where these are stored alone; null for the same.</param>
    public void Check(string name, Tensor actual, double tolerance, string note = "", double? head = null) =>
        Take(name, actual, tolerance, Relative, note, head ?? tolerance);

    /// <summary>As above, with the largest <see cref="Absolute"/> error.</summary>
    public void CheckAbsolute(string name, Tensor actual, double tolerance) => Take(name, actual, tolerance, Absolute, "", tolerance);

    /// <summary>Several results: <c>0</c>, <c>1</c>, … after a name.</summary>
    public void Check(string name, IEnumerable<Tensor> actual, double tolerance, int from = 0)
    {
        foreach (var (i, tensor) in actual.Index())
            Check($"{name}{from + i}", tensor, tolerance);
    }

    /// <summary>Whole numbers.</summary>
    /// <param name="name">The stored name.</param>
    /// <param name="actual">The computed numbers in memory order.</param>
    /// <param name="share">The share of numbers that may differ; none by default.</param>
    public abstract void CheckWhole(string name, long[] actual, double share = 0);

    /// <summary>Those gradients that the fixture holds.</summary>
    /// <param name="prefix">What stands before the parameters' names.</param>
    /// <param name="gradients">By the parameter's name.</param>
    /// <param name="tolerance">The largest <see cref="Relative"/> error.</param>
    /// <param name="head">As <see cref="Check(string, Tensor, double, string, double?)"/>.</param>
    public void CheckGradients(string prefix, IEnumerable<(string Name, Tensor Value)> gradients, double tolerance, double? head = null)
    {
        foreach (var (name, value) in Held(prefix, gradients.ToDictionary()))
            Check(prefix + name, value, tolerance, head: head);
    }

    /// <summary>Those gradients of a module's parameters that the fixture holds, after a backward pass.</summary>
    public void CheckGradients(string prefix, nn.Module module, double tolerance) =>
        CheckGradients(prefix, module.named_parameters().Where(p => p.parameter.grad is not null).Select(p => (p.name, p.parameter.grad!)), tolerance);

    /// <summary>Those entries of a state dict after training that the fixture holds. Adam turns the rounding noise of tiny gradients into full steps, so single
    /// weights may differ and only their mean counts.</summary>
    /// <param name="prefix">What stands before the entries' names.</param>
    /// <param name="entries">By name.</param>
    /// <param name="weights">The largest <see cref="RootMeanSquare"/> difference of weights.</param>
    /// <param name="statistics">The largest <see cref="Relative"/> error of running means and variances.</param>
    public void CheckTrained(string prefix, IEnumerable<(string Name, Tensor Value)> entries, double weights, double statistics)
    {
        foreach (var (name, value) in Held(prefix, entries.ToDictionary()))
            if (IsStatistic(name))
                Check(prefix + name, value, statistics);
            else
                Take(prefix + name, value, weights, RootMeanSquare, "", weights);
    }

    /// <summary>An anomaly map as it is, smoothed in both ways, and its maxima: <c>P.map_raw</c>, <c>P.map_smooth2d</c>, <c>P.score_smooth2d</c>,
    /// <c>P.map_rows</c> and <c>P.score_rows</c>.</summary>
    /// <param name="prefix">P.</param>
    /// <param name="map">The map of a batch by its smoothing, (N, H, W).</param>
    /// <param name="tolerance">The largest relative error.</param>
    public void CheckMaps(string prefix, Func<SmoothingKind, Tensor> map, double tolerance)
    {
        Check($"{prefix}.map_raw", map(SmoothingKind.None), tolerance);
        foreach (var (name, smoothing) in new[] { ("smooth2d", SmoothingKind.TwoDimensional), ("rows", SmoothingKind.RowWise) })
        {
            var smooth = map(smoothing);
            Check($"{prefix}.map_{name}", smooth, tolerance);
            Check($"{prefix}.score_{name}", smooth.amax(1, 2), tolerance);
        }
    }

    /// <summary>Images as network input, (N, 3, H, W), normalised with ImageNet's statistics.</summary>
    public Tensor Images(string name, int? count = null) => Input(name, () => Normalised(Pictures(name, count)));

    /// <summary>Images as network input, with the same images in [0, 1] stored beside.</summary>
    public Tensor Images(string name, string in01)
    {
        var images = Input(in01, () => Pictures(name, null));
        Check(name, Normalised(images), 1e-5);
        return Input(name, () => Normalised(images));
    }

    /// <summary>Images that are stored in 8 bits, as network input.</summary>
    public Tensor Images8(string name, int? count = null, InputSize? size = null) =>
        Normalised(Input(name, () => (Pictures(name, count, size) * 255).to(ScalarType.Byte)).to(ScalarType.Float32) / 255);

    /// <summary>Numbers in [0, 1) that follow from tag, file and name.</summary>
    public Tensor Uniform(string name, params long[] shape)
    {
        var hash = ParityWeights.Hash($"{Tag}{File}/{name}");
        var values = new float[shape.Aggregate(1L, (product, side) => product * side)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)ParityWeights.Uniform(hash, i);
        return tensor(values, shape);
    }

    /// <summary>Fills a module's parameters and buffers by the weight rule.</summary>
    /// <param name="module">Changed in place.</param>
    /// <param name="prefix">Put before each state-dict name, after the tag, with its final dot.</param>
    public void Fill(nn.Module module, string prefix)
    {
        using var frozen = no_grad();
        foreach (var (name, tensor) in module.state_dict())
        {
            var key = Tag + prefix + name;
            var shaped = $"{key} {string.Join('x', tensor.shape)}";
            if (!_weights.TryGetValue(shaped, out var values))
                _weights[shaped] = values = ParityWeights.Tensor(key, tensor.shape).DetachFromDisposeScope();
            tensor.copy_(values);
        }
    }

    /// <summary>A teacher filled by the weight rule.</summary>
    /// <param name="backbone">As <see cref="Backbones.Teacher.Load"/>.</param>
    /// <param name="deepest">The deepest tap it will be asked for.</param>
    /// <param name="prefixes">What stands before the names, of each of joined networks.</param>
    public Teacher Teacher(string backbone, BackboneTap deepest, params string[] prefixes) =>
        Backbones.Teacher.Of(backbone, deepest, "parity rule", (i, module) => Fill(module, prefixes[i]));

    /// <summary>A method's network filled by the weight rule, in evaluation mode.</summary>
    /// <param name="options">The method.</param>
    /// <param name="teacher">Its teacher.</param>
    /// <param name="prefix">Stands before the parts' names.</param>
    internal TNetwork Network<TNetwork>(MethodOptions options, Teacher teacher, string prefix = "") where TNetwork : AnomalyNetwork
    {
        var network = (TNetwork)options.CreateNetwork(teacher, new MasterSeed(0));
        Refill(network, prefix);
        network.Train(false);
        return network;
    }

    /// <summary>Gives a network the weights of the rule again.</summary>
    internal void Refill(AnomalyNetwork network, string prefix = "")
    {
        foreach (var (part, module) in network.Parts)
            Fill(module, $"{prefix}{part}.");
    }

    /// <summary>Images to train on, with a name for each; they stay the caller's.</summary>
    public static TrainingImages Training(InputNeeds needs, Teacher teacher, Tensor images) =>
        TrainingImages.Of(needs, teacher, images.clone(), [.. Enumerable.Range(0, (int)images.shape[0]).Select(i => $"{i}")]);

    /// <summary>Width and height of images.</summary>
    public static InputSize SizeOf(Tensor images) => new((int)images.shape[^1], (int)images.shape[^2]);

    /// <summary>The largest absolute difference over the largest magnitude of <paramref name="expected"/> (over 1 when that is 0); NaN when the lengths differ.</summary>
    public static double RelativeError(ReadOnlySpan<double> actual, ReadOnlySpan<double> expected)
    {
        if (actual.Length != expected.Length)
            return double.NaN;
        var (error, scale) = (0.0, 0.0);
        for (var i = 0; i < expected.Length; i++)
        {
            error = Math.Max(error, Math.Abs(actual[i] - expected[i]));
            scale = Math.Max(scale, Math.Abs(expected[i]));
        }
        return scale == 0 ? error : error / scale;
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        foreach (var tensor in _weights.Values)
            tensor.Dispose();
    }

    /// <summary>Whether a state-dict entry is a running mean or variance.</summary>
    protected static bool IsStatistic(string name) => name.Split('.')[^1] is "running_mean" or "running_var";

    /// <summary>The first values of a result and its statistics.</summary>
    protected static (Tensor Head, Tensor Statistics) Digest(Tensor actual)
    {
        var values = actual.to(ScalarType.Float64).flatten();
        var statistics = stack([values.mean(), values.std(unbiased: false), values.min(), values.max()]);
        return (values.narrow(0, 0, Math.Min(64, values.shape[0])), statistics);
    }

    /// <summary>Smooth pictures with grain, (N, 3, H, W) in [0, 1].</summary>
    private Tensor Pictures(string name, int? count, InputSize? size = null)
    {
        var (n, (width, height)) = (count ?? _recording!.Images, size ?? _recording!.Size);
        var coarse = interpolate(Uniform(name, n, 3, 6, 8), [height, width], mode: InterpolationMode.Bilinear, align_corners: false);
        return coarse * 0.9 + Uniform($"{name}/grain", n, 3, height, width) * 0.1;
    }

    private static Tensor Normalised(Tensor image01) =>
        (image01 - tensor(ImageNetColours.Mean, [1, 3, 1, 1])) / tensor(ImageNetColours.Deviation, [1, 3, 1, 1]);
}
