using Falcon.Onnx;
using Falcon.Randomness;
using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Backbones;

/// <summary>A frozen network and where its weights come from.</summary>
public sealed class Teacher : IDisposable
{
    private readonly IFrozenNetwork _network;
    private readonly Action<int, nn.Module>? _fill;

    private Teacher(IFrozenNetwork network, TeacherProvenance provenance, Action<int, nn.Module>? fill = null)
    {
        _network = network;
        _fill = fill;
        Provenance = provenance;
    }

    /// <summary>What identifies its features: the same provenance and image give the same features.</summary>
    public TeacherProvenance Provenance { get; }

    /// <summary>Which residual network it is, or begins with when it is joined of two.</summary>
    /// <exception cref="InvalidInputException">It is another kind of network.</exception>
    public ResNetArchitecture Architecture => BackboneCatalog.Find(Provenance.Backbone.Split(TeacherNetworks.Join)[0]);

    /// <summary>The shape of a residual network, of the first of two joined ones, or of a transformer.</summary>
    /// <exception cref="InvalidInputException">It is another kind of network.</exception>
    public BackboneArchitecture Form => BackboneCatalog.FindAny(Provenance.Backbone.Split(TeacherNetworks.Join)[0]);

    /// <summary>Where it computes.</summary>
    public Device Device => _network.Device;

    /// <summary>What it is made of.</summary>
    internal IEnumerable<nn.Module> Modules => _network.Modules;

    /// <summary>Reads a teacher's weights.</summary>
    /// <param name="path">A safetensors or PyTorch file with torchvision's names (EfficientNet: timm's, too; patch description networks: those of the public
    /// re-implementation or anomalib's; transformers: open_clip's and OpenAI's, DINOv2's, timm's or those of Hugging Face), also behind a prefix; layers beyond
    /// <paramref name="deepest"/> may be missing. Of a pair, two files joined by <c>+</c>.</param>
    /// <param name="backbone">A name of <see cref="BackboneCatalog"/>, any transformer that <see cref="TransformerArchitecture.TryFind"/> understands, <c>efficientnet_b0</c>, <c>pdn_small</c>, <c>pdn_medium</c>, or two joined by <c>+</c>.</param>
    /// <param name="deepest">The deepest tap that a residual network will be asked for.</param>
    /// <param name="precision">In which numbers to compute.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    /// <exception cref="InvalidInputException">The file is broken or does not hold this network.</exception>
    public static Teacher Load(
        string path, string backbone, BackboneTap deepest = BackboneTap.Layer3, Precision precision = Precision.Float32, Device? device = null)
    {
        string[] parts = backbone.Contains(TeacherNetworks.Join) ? path.Split(TeacherNetworks.Join) : [path];
        if (parts.Length != backbone.Split(TeacherNetworks.Join).Length)
            throw new InvalidInputException($"is one file, but {backbone} takes two", path, $"Give FILE{TeacherNetworks.Join}FILE, in the order of the networks.");
        var network = TeacherNetworks.Create(backbone, deepest, precision, device, Fill);
        var provenance = new TeacherProvenance(backbone, Joined(Path.GetFileName), Joined(FileDigest.Sha256), precision);
        return new Teacher(network, provenance, Fill);

        string Joined(Func<string, string> of) => string.Join(TeacherNetworks.Join, parts.Select(of));

        void Fill(int network, nn.Module module)
        {
            using var file = WeightFile.Open(parts[network]);
            StateDict.Load(module, module is VisionTransformer transformer ? TransformerWeights.Of(file, transformer.Architecture.Name) : file);
        }
    }

    /// <summary>The teacher that Falcon brings: <c>kestrel</c>, ImageNet's ResNet-18 in eight bits (docs/teachers.md).</summary>
    /// <param name="precision">In which numbers to compute.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    /// <exception cref="InvalidInputException">Its file is not beside the program.</exception>
    public static Teacher Shipped(Precision precision = Precision.Float32, Device? device = null)
    {
        var known = WeightsCatalog.Shipped;
        return WeightsStore.OfUser().Find(known.Name) is { } path
            ? Load(path, known.Backbone, precision: precision, device: device)
            : throw new InvalidInputException("is not beside the program", known.FileName, "Copy the folder 'teachers' of Falcon's package beside it.");
    }

    /// <summary>A teacher with random weights (torchvision's initial ones), for tests and demonstrations: its scores will be poor.</summary>
    /// <param name="backbone">As <see cref="Load"/>.</param>
    /// <param name="seed">The same seed gives the same weights.</param>
    /// <param name="deepest">The deepest tap it will be asked for.</param>
    /// <param name="precision">In which numbers to compute.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    public static Teacher Random(
        string backbone, MasterSeed seed, BackboneTap deepest = BackboneTap.Layer3, Precision precision = Precision.Float32, Device? device = null)
    {
        var network = TeacherNetworks.Create(backbone, deepest, precision, device, Fill);
        return new Teacher(network, new TeacherProvenance(backbone, $"random, seed {seed.Value}", null, precision), Fill);

        void Fill(int network, nn.Module module) => TeacherNetworks.Draw(module, seed);
    }

    /// <summary>A teacher from a network in memory; the network may be disposed afterwards.</summary>
    /// <param name="network">The network to freeze.</param>
    /// <param name="weights">Where its weights come from.</param>
    public static Teacher Of(ResNet network, string weights) =>
        new(new FrozenBackbone(network), new TeacherProvenance(network.Architecture.Name, weights, null, Precision.Float32));

    /// <summary>A teacher whose modules are filled in memory.</summary>
    internal static Teacher Of(string backbone, BackboneTap deepest, string weights, Action<int, nn.Module> fill) => new(
        TeacherNetworks.Create(backbone, deepest, Precision.Float32, null, fill), new TeacherProvenance(backbone, weights, null, Precision.Float32));

    /// <summary>Gives a student of the teacher's architecture the teacher's weights, batch norms and all.</summary>
    /// <param name="student">No deeper than the published network.</param>
    /// <param name="network">Which of two joined networks it resembles, 0 or 1.</param>
    /// <returns>False when only the folded weights are known, as in a detector's file, which holds the student's own weights.</returns>
    public bool Start(nn.Module student, int network = 0)
    {
        _fill?.Invoke(network, student);
        return _fill is not null;
    }

    /// <summary>A teacher that <see cref="Tensors"/> wrote into a file.</summary>
    internal static Teacher FromTensors(WeightFile file, string prefix, TeacherProvenance provenance, Device? device) =>
        new(TeacherNetworks.FromTensors(file, prefix, provenance.Backbone, provenance.Precision, device), provenance);

    /// <summary>The weights as they compute, with batch norm folded into the convolutions.</summary>
    internal IReadOnlyList<StoredTensor> Tensors(string prefix) => _network.Tensors(prefix);

    /// <summary>What <see cref="Features"/> computes, in the graph of the images.</summary>
    /// <exception cref="InvalidInputException">It computes in other numbers than single precision, or a module has no rule.</exception>
    internal OnnxValue[] Export(OnnxValue images, IReadOnlyList<BackboneTap> taps) => Provenance.Precision == Precision.BFloat16
        ? throw new InvalidInputException("computes in bfloat16, which the file could not repeat", $"teacher {Provenance.Weights}", "Train with a teacher of single precision.")
        : taps.Count == 0 ? [] : _network.Export(images, taps);

    /// <inheritdoc cref="FrozenBackbone.Features"/>
    public Tensor[] Features(Tensor images, IReadOnlyList<BackboneTap> taps) => _network.Features(images, taps);

    /// <summary>The features of images by tap, each image's the same to the bit with whatever others it comes, so that they can be kept and shared. Nothing is computed when
    /// no tap is asked for.</summary>
    /// <remarks>libtorch takes other kernels for a single image than for several where layers are small, and for many of them in some convolutions, so the teacher sees each
    /// image alone. Where bits need not agree, <see cref="Features"/> is faster for several: by a tenth on one processor core, by more on a GPU.</remarks>
    /// <param name="images">(N, 3, H, W) float32, ImageNet-normalised, on any device.</param>
    /// <param name="taps">None beyond the deepest that it was loaded for.</param>
    public TeacherFeatures SharedFeatures(Tensor images, IReadOnlyList<BackboneTap> taps)
    {
        if (taps.Count == 0)
            return new(taps, []);
        if (images.shape[0] == 1)
            return new(taps, Features(images, taps));
        using var scope = NewDisposeScope();
        var each = images.split(1).Select(image => Features(image, taps)).ToArray();
        return new(taps, [.. taps.Select((_, tap) => cat([.. each.Select(features => features[tap])]).MoveToOuterDisposeScope())]);
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
