using System.Runtime.InteropServices;
using Falcon.Backbones;
using Falcon.Imaging;
using Falcon.Methods;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary><c>cam.safetensors</c>: class activation maps, object mask, morphology, Otsu thresholds and pasted noise.</summary>
internal static class FalconCamParity
{
    private const double Tolerance = 1e-4;

    /// <summary>The share of mask pixels that may differ when the mask comes from computed activation maps.</summary>
    private const double MaskTolerance = 0.002;

    private static readonly int[] Offsets = [-2, -1, 0, 1, 2];

    private static readonly BackboneTap[] Layers = [BackboneTap.Layer1, BackboneTap.Layer2, BackboneTap.Layer3];

    public static IEnumerable<ParityResult> Replay(string folder)
    {
        using var fixture = new ParityFixture(folder, "cam.safetensors");
        return [.. Maps(fixture), .. Masks(fixture), .. Morphologies(fixture), .. Noises(fixture)];
    }

    private static List<ParityResult> Maps(ParityFixture fixture)
    {
        using var scope = NewDisposeScope();
        using var teacher = ParityTeacher.ResNet18();
        var image = fixture.Tensor("image");
        var features = teacher.Features(image, Layers);
        var results = new List<ParityResult>();
        for (var i = 0; i < Layers.Length; i++)
        {
            var cam = ClassActivationMap.Of(features[i][0]);
            var name = $"cam.layer{i + 1}";
            results.AddRange(fixture.Compare($"{name}.score", tensor(new[] { cam.Score }, ScalarType.Float64), Tolerance));
            results.AddRange(fixture.Compare($"{name}.grad", cam.Gradient, Tolerance));
            results.AddRange(fixture.Compare($"{name}.cam", cam.Map.unsqueeze(0).unsqueeze(0), Tolerance));
        }

        var prepared = new CamPreparation(CamWeights.Published).Of(new(Layers, features), (int)image.shape[2], (int)image.shape[3]);
        var (pixels, ensemble) = (PreparedImage.Of(image, new([], []), prepared), prepared[0]);
        results.AddRange(fixture.Compare("cam.ensemble", tensor(MemoryMarshal.Cast<byte, float>(ensemble.Bytes.Span).ToArray(), [.. ensemble.Shape]), Tolerance));
        results.Add(fixture.CompareWhole("cam.mask", Whole(pixels.Object.Mask), MaskTolerance));
        return results;
    }

    private static IEnumerable<ParityResult> Masks(ParityFixture fixture)
    {
        var mask = StoredMask(fixture);
        yield return fixture.CompareWhole("cam.otsu", [mask.Threshold]);
        yield return fixture.CompareWhole("cam.mask_raw", Whole(mask.Raw));
        yield return fixture.CompareWhole("cam.mask_closed", Whole(mask.Closed));
        yield return fixture.CompareWhole("cam.mask", Whole(mask.Mask));
        yield return fixture.CompareWhole("object_area", [mask.Pixels.Length]);
        yield return fixture.CompareWhole("num_patches", [mask.PatchCount]);
    }

    private static IEnumerable<ParityResult> Morphologies(ParityFixture fixture)
    {
        var ellipse = StructuringElement.Ellipse(5);
        yield return fixture.CompareWhole("morph.kernel", [.. from dy in Offsets from dx in Offsets select Math.Abs(dx) <= ellipse.Reach(dy) ? 1L : 0L]);
        var (width, height) = Size(fixture, "morph.in");
        var closed = new RasterImage(width, height, 1, Array.ConvertAll(fixture.Longs("morph.in"), v => (byte)v)).Close(ellipse);
        yield return fixture.CompareWhole("morph.close", Whole(closed));
        yield return fixture.CompareWhole("morph.out", Whole(closed.Open(ellipse)));

        var rows = Array.ConvertAll(fixture.Longs("otsu.values"), v => (byte)v).Chunk(Size(fixture, "otsu.values").Width);
        yield return fixture.CompareWhole("otsu.threshold", [.. rows.Select(row => (long)Otsu.Threshold(row))]);
    }

    private static IEnumerable<ParityResult> Noises(ParityFixture fixture)
    {
        var image = fixture.Floats("image");
        var mask = StoredMask(fixture);
        const string prefix = "noise.", suffix = ".patches";
        foreach (var name in fixture.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && n.EndsWith(suffix, StringComparison.Ordinal)))
        {
            var noiseCase = name[..^suffix.Length];
            var draws = new Queue<long>(fixture.Longs($"{noiseCase}.draws"));
            var patches = new NoiseSampler((_, _) => (int)draws.Dequeue()).Draw(mask).ToArray();
            yield return fixture.CompareWhole(name, [.. patches.SelectMany(Row)]);
            yield return fixture.CompareWhole($"{noiseCase}.draws", [.. fixture.Longs($"{noiseCase}.draws").SkipLast(draws.Count)]);

            var noised = NoisedImage.Paste(image, mask.Width, mask.Height, patches);
            foreach (var result in fixture.Compare($"{noiseCase}.noised", tensor(noised.Pixels, [1, 3, noised.Height, noised.Width]), 0))
                yield return result;
            yield return fixture.CompareWhole($"{noiseCase}.mask", [.. noised.Mask.Select(m => (long)m)]);
        }
    }

    private static long[] Row(NoisePatch p) =>
    [
        p.Pattern switch { NoisePatterns.Spot => 0, NoisePatterns.Line => 1, _ => 2 }, p.ObjectIndex, p.CentreY, p.CentreX, p.Width, p.Height,
        p.Pattern == NoisePatterns.Line ? (p.Vertical ? 1 : 0) : -1, p.SourceY, p.SourceX,
    ];

    private static ObjectMask StoredMask(ParityFixture fixture)
    {
        var (width, height) = Size(fixture, "cam.ensemble");
        return ObjectMask.FromEnsemble(fixture.Floats("cam.ensemble"), width, height);
    }

    private static (int Width, int Height) Size(ParityFixture fixture, string name)
    {
        using var tensor = fixture.Tensor(name);
        var shape = tensor.shape;
        return ((int)shape[^1], (int)shape[^2]);
    }

    private static long[] Whole(RasterImage image) => Array.ConvertAll(image.Pixels, v => (long)v);
}
