using Falcon.Randomness;
using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Backbones;

/// <summary>A frozen network and where its weights come from.</summary>
public sealed class Teacher : IDisposable
{
    private readonly FrozenBackbone _backbone;
    private readonly Func<BackboneTap, ResNet>? _trainable;

    private Teacher(FrozenBackbone backbone, TeacherProvenance provenance, Func<BackboneTap, ResNet>? trainable = null)
    {
        _backbone = backbone;
        _trainable = trainable;
        Provenance = provenance;
    }

    /// <summary>What identifies its features: the same provenance and image give the same features.</summary>
    public TeacherProvenance Provenance { get; }

    /// <summary>Which network.</summary>
    public ResNetArchitecture Architecture => _backbone.Architecture;

    /// <summary>The deepest tap it can be asked for.</summary>
    public BackboneTap Deepest => _backbone.Deepest;

    /// <summary>Where it computes.</summary>
    public Device Device => _backbone.Device;

    /// <summary>Reads a teacher's weights.</summary>
    /// <param name="path">A safetensors or PyTorch file with torchvision's names, also behind a prefix; layers beyond <paramref name="deepest"/> may be missing.</param>
    /// <param name="backbone">A name of <see cref="BackboneCatalog"/>.</param>
    /// <param name="deepest">The deepest tap it will be asked for.</param>
    /// <param name="precision">In which numbers to compute.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    /// <exception cref="InvalidInputException">The file is broken or does not hold this network.</exception>
    public static Teacher Load(
        string path, string backbone, BackboneTap deepest = BackboneTap.Layer3, Precision precision = Precision.Float32, Device? device = null)
    {
        using var network = Read(deepest);
        var provenance = new TeacherProvenance(backbone, Path.GetFileName(path), FileDigest.Sha256(path), precision);
        return new Teacher(new FrozenBackbone(network, precision, device), provenance, Read);

        ResNet Read(BackboneTap deepest)
        {
            var network = new ResNet(BackboneCatalog.Find(backbone), deepest);
            using var file = WeightFile.Open(path);
            StateDict.Load(network, file, mayBeLeft: network.LiesDeeper);
            return network;
        }
    }

    /// <summary>A teacher with random weights (torchvision's initial ones), for tests and demonstrations: its scores will be poor.</summary>
    /// <param name="backbone">A name of <see cref="BackboneCatalog"/>.</param>
    /// <param name="seed">The same seed gives the same weights.</param>
    /// <param name="deepest">The deepest tap it will be asked for.</param>
    /// <param name="precision">In which numbers to compute.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    public static Teacher Random(
        string backbone, MasterSeed seed, BackboneTap deepest = BackboneTap.Layer3, Precision precision = Precision.Float32, Device? device = null)
    {
        using var network = Draw(deepest);
        return new Teacher(new FrozenBackbone(network, precision, device), new TeacherProvenance(backbone, $"random, seed {seed.Value}", null, precision), Draw);

        ResNet Draw(BackboneTap deepest)
        {
            var network = new ResNet(BackboneCatalog.Find(backbone), deepest);
            InitialWeights.Torchvision(network, seed, "teacher");
            return network;
        }
    }

    /// <summary>A teacher from a network in memory; the network may be disposed afterwards.</summary>
    /// <param name="network">The network to freeze.</param>
    /// <param name="weights">Where its weights come from.</param>
    public static Teacher Of(ResNet network, string weights) =>
        new(new FrozenBackbone(network), new TeacherProvenance(network.Architecture.Name, weights, null, Precision.Float32));

    /// <summary>A trainable copy, batch norms and all, for a student that starts from the teacher's weights; null when only the folded weights are known, as in a
    /// detector's file, which holds the student's own weights.</summary>
    internal ResNet? Trainable(BackboneTap deepest) => _trainable?.Invoke(deepest);

    /// <summary>A teacher that <see cref="Tensors"/> wrote into a file.</summary>
    internal static Teacher FromTensors(WeightFile file, string prefix, TeacherProvenance provenance, Device? device) =>
        new(FrozenBackbone.FromTensors(file, prefix, BackboneCatalog.Find(provenance.Backbone), provenance.Precision, device), provenance);

    /// <summary>The weights as they compute, with batch norm folded into the convolutions.</summary>
    internal IReadOnlyList<StoredTensor> Tensors(string prefix) => _backbone.Tensors(prefix);

    /// <inheritdoc cref="FrozenBackbone.Features"/>
    public Tensor[] Features(Tensor images, IReadOnlyList<BackboneTap> taps) => _backbone.Features(images, taps);

    /// <summary>The features of a batch of images by tap, each image's the same to the bit in whatever batch it comes, so that they can be kept and shared. Nothing
    /// is computed when no tap is asked for.</summary>
    /// <remarks>libtorch may take other kernels for a single small image than for several, so a single image is computed twice. Where bits need not agree
    /// with those of a batch, <see cref="Features"/> is faster.</remarks>
    /// <param name="images">(N, 3, H, W) float32, ImageNet-normalised, on any device.</param>
    /// <param name="taps">None beyond <see cref="Deepest"/>.</param>
    public TeacherFeatures Look(Tensor images, IReadOnlyList<BackboneTap> taps)
    {
        if (taps.Count == 0)
            return new(taps, []);
        if (images.shape[0] > 1)
            return new(taps, Features(images, taps));
        using var scope = NewDisposeScope();
        var twice = Features(cat([images, images]), taps);
        return new(taps, [.. twice.Select(feature => feature.narrow(0, 0, 1).clone().MoveToOuterDisposeScope())]);
    }

    /// <inheritdoc/>
    public void Dispose() => _backbone.Dispose();
}
