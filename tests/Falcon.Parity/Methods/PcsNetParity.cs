using Falcon.Backbones;
using Falcon.Data;
using Falcon.Methods;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays PCSNet's fixtures (specification, section 9).</summary>
public sealed class PcsNetParity : FixtureSuite
{
    private const string Backbone = "wide_resnet50_2", TeacherPrefix = "teacher.";

    /// <summary>Rows and columns of the full size.</summary>
    internal const int FullGrid = 64;

    private const int StoredChannels = 896;

    /// <summary>Of a drawn fixture, whatever the size of the reference's.</summary>
    internal const int RecordedGrid = 16, RecordedChannels = 32, RecordedMap = 56;

    /// <inheritdoc/>
    public override string Name => "pcsnet";

    /// <inheritdoc/>
    public override IReadOnlyList<string> LongFiles => [TrainFile, InferFile];

    /// <inheritdoc/>
    protected override IReadOnlyList<(string File, Action<ParityFixture> Run)> Parts =>
    [
        ("patch.safetensors", PcsNetPatchParity.Run),
        ("train_tiny.safetensors", fixture => PcsNetTrainParity.Run(fixture, [1, 1, 1, 3], rotating: false)),
        ("train_tiny_rot.safetensors", fixture => PcsNetTrainParity.Run(fixture, [1, 1, 1, 3], rotating: true)),
        ("infer_tiny.safetensors", fixture => PcsNetInferParity.Run(fixture, [1, 1, 1, 3], rotating: false)),
        ("infer_tiny_rot.safetensors", fixture => PcsNetInferParity.Run(fixture, [1, 1, 1, 3], rotating: true)),
        (TrainFile, fixture => PcsNetTrainParity.Run(fixture, [3, 4, 6, 3], rotating: false)),
        (InferFile, fixture => PcsNetInferParity.Run(fixture, [3, 4, 6, 3], rotating: false)),
    ];

    /// <summary>The channels of a description that the fixtures keep.</summary>
    internal static Tensor Shown(Tensor description) => description.narrow(1, 0, Math.Min(StoredChannels, description.shape[1]));

    /// <summary>The method at the size of a fixture.</summary>
    internal static PcsNetOptions Options(int grid, int? channels, IReadOnlyList<long> map, bool rotating) => new()
    {
        InputSize = new InputSize((int)map[^1], (int)map[^2]),
        ShorterSide = null,
        Rotating = rotating,
        Grid = grid,
        SegmentationChannels = channels,
        Bins = grid == FullGrid ? new(60, 30, 15, 8) : new(12, 6, 3, 2),
        AnomalyNeighbours = AnomalyNeighbours.Columns,
        Smoothing = SmoothingKind.None,
    };

    /// <summary>The teacher, before it is frozen.</summary>
    internal static ResNet Network(ParityFixture fixture, IReadOnlyList<int> blocks)
    {
        var network = new ResNet(BackboneCatalog.Find(Backbone) with { Blocks = blocks }, BackboneTap.Layer3);
        fixture.Fill(network, TeacherPrefix);
        string[] halved = ["bn3.weight", "bn3.bias", "downsample.1.weight", "downsample.1.bias"];
        using var frozen = no_grad();
        foreach (var (name, value) in network.state_dict())
            if (halved.Any(end => name.EndsWith(end, StringComparison.Ordinal)))
                value.mul_(0.5);
        network.eval();
        return network;
    }

    /// <summary>Gives the trained modules the weights that they begin with, but for the prototypes.</summary>
    internal static void Refill(ParityFixture fixture, PcsNetNetwork network)
    {
        using var frozen = no_grad();
        fixture.Refill(network);
        network.Adaptor.Radius.fill_(1e-5);
        network.Segmentation.get_parameter("cls.3.weight")!.mul_(0.01);
    }
}
