using Falcon.Backbones;
using Falcon.Detection;
using Falcon.Methods;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary><c>infer.safetensors</c>: maps with the initial weights, enlarged with and without padding, and image scores.</summary>
internal static class FalconInferParity
{
    private const double Tolerance = 1e-4;

    public static void Run(ParityFixture fixture)
    {
        using var frozen = no_grad();
        using var teacher = fixture.Teacher("resnet18", BackboneTap.Layer3, "teacher.");
        var images = fixture.Images("image");
        var size = fixture.Input("orig_size", () => tensor(new[] { 70L, 110L })).data<long>().ToArray();
        foreach (var (name, padding) in new[] { ("plain", 0), ("padded", 4) })
        {
            var options = new FalconOptions { MapPadding = padding, InputSize = ParityFixture.SizeOf(images) };
            using var network = fixture.Network<FalconNetwork>(options, teacher);
            if (padding == 0)
            {
                var features = teacher.Features(images, FalconNetwork.Taps);
                Check(fixture, network.Maps(features[0], features[1]), "", Tolerance);
            }

            AnomalyMap[] enlarged = [.. AnomalyMap.FromBatch(network.Map(images)).Select(m => m.Resize((int)size[1], (int)size[0]))];
            var values = tensor(enlarged.SelectMany(m => m.Values).ToArray(), [images.shape[0], 1, size[0], size[1]]);
            fixture.Check($"up_{name}", values, Tolerance);
            fixture.Check($"score_{name}", tensor(enlarged.Select(m => m.Maximum).ToArray()), Tolerance);
        }
    }

    /// <summary>The combined map and its parts.</summary>
    public static void Check(ParityFixture fixture, FalconMaps maps, string prefix, double tolerance)
    {
        (string, Tensor)[] parts =
            [("combined", maps.Combined), ("student", maps.Student), ("ae", maps.Autoencoder), ("fusion", maps.Fusion), ("detector", maps.Detector)];
        foreach (var (name, map) in parts)
            fixture.Check($"{prefix}map_{name}", map.unsqueeze(1), tolerance);
    }
}
