using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary><c>infer*.safetensors</c>: prototypes of two batches, and the maps of the first.</summary>
internal static class PcsNetInferParity
{
    private const double Tolerance = 1e-4;
    private const long FullMap = 224;

    public static void Run(ParityFixture fixture, IReadOnlyList<int> blocks, bool rotating)
    {
        using var frozen = no_grad();
        using var resNet = PcsNetParity.Network(fixture, blocks);
        using var teacher = Teacher.Of(resNet, "parity rule");
        var (x, x2) = (fixture.Images("x"), fixture.Images("x2"));
        var shape = fixture.ShapeOf("map", [x.shape[0], 1, PcsNetParity.RecordedMap, PcsNetParity.RecordedMap])!;
        var isFull = shape[^1] == FullMap;
        var options = PcsNetParity.Options(isFull ? PcsNetParity.FullGrid : PcsNetParity.RecordedGrid, isFull ? null : PcsNetParity.RecordedChannels, shape, rotating);
        using var network = fixture.Network<PcsNetNetwork>(options, teacher);
        PcsNetParity.Refill(fixture, network);
        var features = Features(x);
        network.Train(true);
        network.Adaptor.Fit([PcsNetNetwork.Levels(features), PcsNetNetwork.Levels(Features(x2))]);
        fixture.Check("prototypes", network.Adaptor.Prototypes, Tolerance);
        network.Train(false);

        var description = network.Adaptor.Descriptor.call(PcsNetNetwork.Levels(features));
        fixture.Check("feature", PcsNetParity.Shown(description), Tolerance);
        fixture.Check("score", network.Layers(network.Adaptor.Nearest(description, network.Neighbours).Distances), Tolerance);
        var map = network.Map(new NetworkInput(null, features));
        fixture.Check("map", map.unsqueeze(1), Tolerance);

        using var smoothing = (PcsNetNetwork)new PcsNetOptions(options) { Smoothing = SmoothingKind.TwoDimensional }.CreateNetwork(teacher, new MasterSeed(0));
        foreach (var ((_, from), (_, to)) in network.Parts.Zip(smoothing.Parts))
            to.load_state_dict(from.state_dict());
        smoothing.Train(false);
        var smooth = smoothing.Map(new NetworkInput(null, features));
        var stored = fixture.ShapeOf("smoothed", [.. smooth.shape])?[0] ?? 0;
        fixture.Check("smoothed", smooth.narrow(0, 0, stored), Tolerance);
        fixture.Check("score_raw", smooth.amax(1, 2), Tolerance);
        fixture.Check("score_rescaled", ((smooth - smooth.min()) / (smooth.max() - smooth.min())).amax(1, 2), Tolerance);

        TeacherFeatures Features(Tensor images) => new(PcsNetOptions.Taps, teacher.Features(images, PcsNetOptions.Taps));
    }
}
