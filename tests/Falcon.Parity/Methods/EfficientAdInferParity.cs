using Falcon.Backbones;
using Falcon.Methods;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary><c>infer.safetensors</c>: quantiles, maps and scores.</summary>
internal static class EfficientAdInferParity
{
    private const double Tolerance = 1e-4;

    public static void Run(ParityFixture fixture)
    {
        using var frozen = no_grad();
        using var teacher = fixture.Teacher(PatchDescriptionNetwork.Small, BackboneTap.Layer3, "teacher.");
        var (good, test) = (Input("val_u8"), Input("test_u8"));
        var options = new EfficientAdOptions { InputSize = ParityFixture.SizeOf(test.Pixels!) };
        using (var network = Fitted(options))
            Full(fixture, network, test);
        using (var network = Fitted(new EfficientAdOptions(options) { NormaliseEnlarged = true }))
        {
            var map = network.Map(test);
            var fourth = TensorIndex.Slice(null, null, 4);
            fixture.Check("enlarged.quantiles", network.Statistics.Quantiles, Tolerance);
            fixture.Check("enlarged.map_stride4", map[TensorIndex.Ellipsis, fourth, fourth].unsqueeze(1), Tolerance);
            fixture.Check("enlarged.score", map.amax(1, 2), Tolerance);
        }
        Others(fixture, teacher);

        // With the stored statistics of the teacher and the quantiles of the stored good images.
        EfficientAdNetwork Fitted(EfficientAdOptions options)
        {
            var network = fixture.Network<EfficientAdNetwork>(options, teacher);
            var statistics = network.Statistics;
            statistics.Mean.copy_(fixture.Input("teacher_mean", () => good.Features[BackboneTap.Patches].mean([0, 2, 3])));
            statistics.Deviation.copy_(fixture.Input("teacher_std", () => good.Features[BackboneTap.Patches].std([0, 2, 3])));
            var (student, autoencoder) = network.Maps(good);
            statistics.FitMaps(student, autoencoder);
            return network;
        }

        NetworkInput Input(string name)
        {
            var images = fixture.Images8(name, EfficientAdParity.RecordedImages, EfficientAdParity.RecordedSize);
            return new(images, new(EfficientAdOptions.Taps, teacher.Features(images, EfficientAdOptions.Taps)));
        }
    }

    private static void Full(ParityFixture fixture, EfficientAdNetwork network, NetworkInput test)
    {
        var statistics = network.Statistics;
        var (student, autoencoder) = network.Maps(test);
        var combined = statistics.Combine(student, autoencoder);
        fixture.Check("quantiles", statistics.Quantiles, Tolerance);
        fixture.Check("map_st", student.unsqueeze(1), Tolerance);
        fixture.Check("map_ae", autoencoder.unsqueeze(1), Tolerance);
        fixture.Check("map_st_norm", statistics.Normalised(student, 0).unsqueeze(1), Tolerance);
        fixture.Check("map_ae_norm", statistics.Normalised(autoencoder, 2).unsqueeze(1), Tolerance);
        fixture.Check("map_combined", combined.unsqueeze(1), Tolerance);
        fixture.Check("score_unpadded", combined.amax(1, 2), Tolerance);
        if (fixture.ShapeOf("map_original_size", [0, 0, 150, 210]) is not [_, _, var height, var width])
            return;
        var map = DistanceMaps.Enlarge(network.Map(test), height, width);
        fixture.Check("map_original_size", map.unsqueeze(1), Tolerance);
        fixture.Check("score", map.amax(1, 2), Tolerance);
    }

    /// <summary>The larger networks, without statistics, and the lite form.</summary>
    private static void Others(ParityFixture fixture, Teacher small)
    {
        using var teacher = fixture.Teacher(PatchDescriptionNetwork.Medium, BackboneTap.Layer3, "medium.teacher.");
        using var student = new PatchDescriptionNetwork(PdnSize.Medium, 2 * PatchDescriptionNetwork.TeacherChannels);
        fixture.Fill(student, "medium.student.");
        var images = fixture.Images8("medium.image_u8");
        var (described, imitated) = (teacher.Features(images, EfficientAdOptions.Taps)[0], student.Describe(images));
        fixture.Check("medium.teacher.out", described, Tolerance);
        fixture.Check("medium.student.out", imitated, Tolerance);
        fixture.Check("medium.map_st", (described - imitated.chunk(2, 1)[0]).square().mean([1]), Tolerance);
        fixture.CheckMaps("lite", Lite, Tolerance);

        Tensor Lite(SmoothingKind smoothing)
        {
            var options = new EfficientAdOptions(EfficientAdOptions.Lite) { InputSize = ParityFixture.SizeOf(images), Smoothing = smoothing };
            using var network = fixture.Network<EfficientAdNetwork>(options, small, "lite.");
            return network.Map(images);
        }
    }
}
