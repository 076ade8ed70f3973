using Falcon.Randomness;
using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Backbones;

/// <summary>Frozen networks by the name of their architecture: residual networks and transformers of <see cref="BackboneCatalog"/>, <c>efficientnet_b0</c>,
/// <c>pdn_small</c> and <c>pdn_medium</c>, or a residual network and EfficientNet joined by <c>+</c>.</summary>
internal static class TeacherNetworks
{
    /// <summary>Joins two architectures, and two weight files.</summary>
    public const char Join = '+';

    /// <summary>Fills the modules of an architecture.</summary>
    /// <param name="backbone">Its name.</param>
    /// <param name="deepest">The deepest tap of a residual network.</param>
    /// <param name="precision">Of a residual network or a transformer; the others compute in float32.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    /// <param name="fill">Gives a module its weights; told which of the joined networks it is.</param>
    public static IFrozenNetwork Create(string backbone, BackboneTap deepest, Precision precision, Device? device, Action<int, nn.Module> fill)
    {
        var names = backbone.Split(Join);
        if (names.Length == 1)
            return One(0, backbone);
        if (names.Length != 2 || BackboneCatalog.All.All(known => known.Name != names[0]) || names[1] != EfficientNet.B0)
            throw new InvalidInputException("is no pair of backbones", backbone, $"Join a residual network and EfficientNet: resnet18{Join}{EfficientNet.B0}.");
        return new JoinedNetworks((FrozenBackbone)One(0, names[0]), One(1, names[1]));

        IFrozenNetwork One(int index, string name)
        {
            using var scope = NewDisposeScope();
            if (Module(name) is { } module)
            {
                fill(index, module);
                return new FrozenModule(module, PrecisionOf(module, precision), device);
            }
            using var network = new ResNet(Residual(name), deepest);
            fill(index, network);
            return new FrozenBackbone(network, precision, device);
        }
    }

    /// <summary>A network whose weights <see cref="IFrozenNetwork.Tensors"/> gave.</summary>
    public static IFrozenNetwork FromTensors(WeightFile file, string prefix, string backbone, Precision precision, Device? device)
    {
        var names = backbone.Split(Join);
        var first = One(names[0], prefix);
        return names.Length == 1 ? first : new JoinedNetworks((FrozenBackbone)first, One(names[1], JoinedNetworks.Second + prefix));

        IFrozenNetwork One(string name, string prefix)
        {
            using var scope = NewDisposeScope();
            if (Module(name) is not { } module)
                return FrozenBackbone.FromTensors(file, prefix, BackboneCatalog.Find(name), precision, device);
            StateDict.Load(module, file, prefix);
            return new FrozenModule(module, PrecisionOf(module, precision), device);
        }
    }

    /// <summary>Draws weights as the architecture's own code does.</summary>
    public static void Draw(nn.Module module, MasterSeed seed)
    {
        if (module is VisionTransformer transformer)
            transformer.Draw(seed, "teacher");
        else if (module is PatchDescriptionNetwork)
            InitialWeights.PyTorch(module, seed, "teacher");
        else
            InitialWeights.Torchvision(module, seed, "teacher");
    }

    private static nn.Module<Tensor, IReadOnlyList<BackboneTap>, Tensor[]>? Module(string backbone) => backbone switch
    {
        EfficientNet.B0 => new EfficientNet(),
        PatchDescriptionNetwork.Small => new PatchDescriptionNetwork(PdnSize.Small, PatchDescriptionNetwork.TeacherChannels),
        PatchDescriptionNetwork.Medium => new PatchDescriptionNetwork(PdnSize.Medium, PatchDescriptionNetwork.TeacherChannels),
        _ => TransformerArchitecture.TryFind(backbone) is { } transformer ? new VisionTransformer(transformer) : null,
    };

    private static Precision PrecisionOf(nn.Module module, Precision wanted) => module is VisionTransformer ? wanted : Precision.Float32;

    /// <summary>No transformer has this name.</summary>
    private static ResNetArchitecture Residual(string name) => (ResNetArchitecture)BackboneCatalog.FindAny(name);
}
