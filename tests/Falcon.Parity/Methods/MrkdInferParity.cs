using Falcon.Backbones;
using Falcon.Methods;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary><c>infer.safetensors</c> and <c>infer_wrn50.safetensors</c>: features, losses and maps with given masks and without any.</summary>
internal static class MrkdInferParity
{
    private const double Tolerance = 1e-4;

    /// <param name="fixture">The file.</param>
    /// <param name="backbone">The teacher.</param>
    /// <param name="count">Images of a drawn fixture; null for the usual number.</param>
    public static void Run(ParityFixture fixture, string backbone, int? count)
    {
        using var frozen = no_grad();
        using var teacher = fixture.Teacher(backbone, BackboneTap.Layer3, MrkdParity.TeacherPrefix);
        var images = fixture.Images("in.image", count);
        var options = new MrkdOptions { Backbone = backbone, InputSize = ParityFixture.SizeOf(images) };
        var unsmoothed = new MrkdOptions(options) { Smoothing = SmoothingKind.None };
        using var network = fixture.Network<MrkdNetwork>(options, teacher, MrkdParity.Prefix);
        using var raw = fixture.Network<MrkdNetwork>(unsmoothed, teacher, MrkdParity.Prefix);

        var features = new TeacherFeatures(MrkdOptions.Taps, teacher.Features(images, MrkdOptions.Taps));
        var sizes = MrkdNetwork.Sizes(features);
        FeatureMasks[] masks =
            [.. Enumerable.Range(0, (int)images.shape[0]).Select(i => MrkdParity.Masks(fixture, $"in.uniform{i}", 1, sizes, options.MaskRatio))];
        MrkdParity.Check(fixture, "teacher", MrkdOptions.Taps.Select(tap => features.At(0)[tap]), Tolerance);
        Check("masked", masks[0], new([.. sizes.Select((_, i) => cat([.. masks.Select(mask => mask.Levels[i])]))]));
        Check("free", null, null);

        void Check(string name, FeatureMasks? ofFirst, FeatureMasks? ofAll)
        {
            var restored = network.Restored(features.At(0), ofFirst);
            MrkdParity.Check(fixture, $"student_{name}", restored, Tolerance);
            fixture.Check($"loss_{name}", MrkdNetwork.Losses(features.At(0), restored).sum().reshape(1), Tolerance);
            var map = network.Map(features, [ofAll]);
            fixture.Check($"map_raw_{name}", raw.Map(features, [ofAll]), Tolerance);
            fixture.Check($"map_{name}", map, Tolerance);
            fixture.Check($"score_{name}", map.amax(1, 2), Tolerance);
        }
    }
}
