using Falcon.Backbones;
using Falcon.Methods;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary><c>infer.safetensors</c>: quantiles, maps and scores.</summary>
internal static class EfficientAdInferParity
{
    private const double Tolerance = 1e-4;

    private static readonly EfficientAdOptions Options = new();

    public static IEnumerable<ParityResult> Replay(string folder, Teacher teacher)
    {
        using var frozen = no_grad();
        using var fixture = new ParityFixture(folder, "infer.safetensors");
        return [.. Full(fixture, teacher), .. Enlarged(fixture, teacher), .. Medium(fixture), .. Lite(fixture, teacher)];
    }

    private static List<ParityResult> Full(ParityFixture fixture, Teacher teacher)
    {
        using var network = Fitted(fixture, teacher, Options);
        var image = EfficientAdParity.Image(fixture, "test_u8");
        var (student, autoencoder) = network.Maps(Input(teacher, image));
        var statistics = network.Statistics;
        using var original = fixture.Tensor("map_original_size");
        var map = DistanceMaps.Enlarge(network.Map(image), original.shape[2], original.shape[3]);
        var combined = statistics.Combine(student, autoencoder).unsqueeze(1);
        return
        [
            .. fixture.Compare("quantiles", statistics.Quantiles, Tolerance),
            .. fixture.Compare("map_st", student.unsqueeze(1), Tolerance),
            .. fixture.Compare("map_ae", autoencoder.unsqueeze(1), Tolerance),
            .. fixture.Compare("map_st_norm", statistics.Normalised(student, 0).unsqueeze(1), Tolerance),
            .. fixture.Compare("map_ae_norm", statistics.Normalised(autoencoder, 2).unsqueeze(1), Tolerance),
            .. fixture.Compare("map_combined", combined, Tolerance),
            .. fixture.Compare("score_unpadded", combined.max(), Tolerance),
            .. fixture.Compare("map_original_size", map.unsqueeze(1), Tolerance),
            .. fixture.Compare("score", map.max(), Tolerance),
        ];
    }

    private static List<ParityResult> Enlarged(ParityFixture fixture, Teacher teacher)
    {
        using var network = Fitted(fixture, teacher, new EfficientAdOptions(Options) { NormaliseEnlarged = true });
        var map = network.Map(EfficientAdParity.Image(fixture, "test_u8"));
        var fourth = TensorIndex.Slice(null, null, 4);
        return
        [
            .. fixture.Compare("enlarged.quantiles", network.Statistics.Quantiles, Tolerance),
            .. fixture.Compare("enlarged.map_stride4", map[TensorIndex.Ellipsis, fourth, fourth].unsqueeze(1), Tolerance),
            .. fixture.Compare("enlarged.score", map.max(), Tolerance),
        ];
    }

    private static List<ParityResult> Medium(ParityFixture fixture)
    {
        using var teacher = EfficientAdParity.Teacher(PatchDescriptionNetwork.Medium, "medium.teacher.");
        using var network = new PatchDescriptionNetwork(PdnSize.Medium, 2 * PatchDescriptionNetwork.TeacherChannels);
        ParityWeights.Fill(network, "medium.student.");
        var image = EfficientAdParity.Image(fixture, "medium.image_u8");
        var (described, student) = (teacher.Features(image, EfficientAdOptions.Taps)[0], network.Describe(image));
        return
        [
            .. fixture.Compare("medium.teacher.out", described, Tolerance),
            .. fixture.Compare("medium.student.out", student, Tolerance),
            .. fixture.Compare("medium.map_st", (described - student.chunk(2, 1)[0]).square().mean([1]), Tolerance),
        ];
    }

    private static IEnumerable<ParityResult> Lite(ParityFixture fixture, Teacher teacher)
    {
        var image = EfficientAdParity.Image(fixture, "medium.image_u8");
        return ParityMaps.Compare(fixture, "lite", Map, Tolerance);

        Tensor Map(SmoothingKind smoothing)
        {
            using var network = EfficientAdParity.Filled(new EfficientAdOptions(EfficientAdOptions.Lite) { InputSize = (int)image.shape[2], Smoothing = smoothing }, teacher, "lite.");
            return network.Map(image);
        }
    }

    /// <summary>A network with the stored statistics of the teacher and the quantiles of the stored good images.</summary>
    private static EfficientAdNetwork Fitted(ParityFixture fixture, Teacher teacher, EfficientAdOptions options)
    {
        var network = EfficientAdParity.Filled(options, teacher);
        network.Statistics.Mean.copy_(fixture.Tensor("teacher_mean"));
        network.Statistics.Deviation.copy_(fixture.Tensor("teacher_std"));
        var (student, autoencoder) = network.Maps(Input(teacher, EfficientAdParity.Image(fixture, "val_u8")));
        network.Statistics.FitMaps(student, autoencoder);
        return network;
    }

    private static NetworkInput Input(Teacher teacher, Tensor image) => new(image, teacher.SharedFeatures(image, EfficientAdOptions.Taps));
}
