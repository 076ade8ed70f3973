using Falcon.Detection;
using Falcon.Methods;
using Falcon.Randomness;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary><c>infer.safetensors</c>: maps with the initial weights, enlarged with and without padding, and image scores.</summary>
internal static class FalconInferParity
{
    private const double Tolerance = 1e-4;

    public static IEnumerable<ParityResult> Replay(string folder)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var fixture = new ParityFixture(folder, "infer.safetensors");
        using var teacher = ParityTeacher.ResNet18();
        var images = fixture.Tensor("image");
        var results = new List<ParityResult>();
        foreach (var (name, padding) in new[] { ("plain", 0), ("padded", 4) })
        {
            using var network = new FalconNetwork(new FalconOptions { MapPadding = padding }, teacher, new MasterSeed(0));
            foreach (var (prefix, module) in network.Parts)
                ParityWeights.Fill(module, $"{prefix}.");
            network.Train(false);
            if (padding == 0)
            {
                var features = teacher.Features(images, FalconNetwork.Taps);
                results.AddRange(Maps(fixture, network.Maps(features[0], features[1]), "", Tolerance));
            }

            var size = fixture.Longs("orig_size");
            AnomalyMap[] enlarged = [.. AnomalyMap.FromBatch(network.Map(images)).Select(m => m.Resize((int)size[1], (int)size[0]))];
            var values = tensor(enlarged.SelectMany(m => m.Values).ToArray(), [images.shape[0], 1, size[0], size[1]]);
            results.AddRange(fixture.Compare($"up_{name}", values, Tolerance));
            results.AddRange(fixture.Compare($"score_{name}", tensor(enlarged.Select(m => m.Maximum).ToArray()), Tolerance));
        }
        return results;
    }

    /// <summary>The combined map and its parts.</summary>
    public static IEnumerable<ParityResult> Maps(ParityFixture fixture, FalconMaps maps, string prefix, double tolerance) =>
    [
        .. fixture.Compare($"{prefix}map_combined", maps.Combined.unsqueeze(1), tolerance),
        .. fixture.Compare($"{prefix}map_student", maps.Student.unsqueeze(1), tolerance),
        .. fixture.Compare($"{prefix}map_ae", maps.Autoencoder.unsqueeze(1), tolerance),
        .. fixture.Compare($"{prefix}map_fusion", maps.Fusion.unsqueeze(1), tolerance),
        .. fixture.Compare($"{prefix}map_detector", maps.Detector.unsqueeze(1), tolerance),
    ];
}
