using System.Runtime.InteropServices;
using Falcon.Backbones;
using Falcon.Imaging;
using Falcon.Methods;
using Falcon.Randomness;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary><c>cam.safetensors</c>: class activation maps, object mask, morphology, Otsu thresholds and pasted noise.</summary>
internal static class FalconCamParity
{
    private const double Tolerance = 1e-4;

    /// <summary>The share of mask pixels that may differ when the mask comes from computed activation maps.</summary>
    private const double MaskTolerance = 0.002;

    private static readonly BackboneTap[] Layers = [BackboneTap.Layer1, BackboneTap.Layer2, BackboneTap.Layer3];

    public static void Run(ParityFixture fixture)
    {
        var image = fixture.Images("image", 1);
        Maps(fixture, image);
        var mask = Masks(fixture);
        Morphologies(fixture);
        Noises(fixture, [.. image.contiguous().data<float>()], mask);
    }

    private static void Maps(ParityFixture fixture, Tensor image)
    {
        using var teacher = fixture.Teacher("resnet18", BackboneTap.Layer3, "teacher.");
        var features = teacher.Features(image, Layers);
        foreach (var (i, layer) in features.Index())
        {
            var cam = ClassActivationMap.Of(layer[0]);
            var name = $"cam.layer{i + 1}";
            fixture.Check($"{name}.score", tensor(new[] { cam.Score }, ScalarType.Float64), Tolerance);
            fixture.Check($"{name}.grad", cam.Gradient, Tolerance);
            fixture.Check($"{name}.cam", cam.Map.unsqueeze(0).unsqueeze(0), Tolerance);
        }

        var prepared = new CamPreparation(CamWeights.Published).Of(new(Layers, features), null, (int)image.shape[2], (int)image.shape[3]);
        var (pixels, ensemble) = (PreparedImage.Of(image, new([], []), prepared), prepared[0]);
        var values = tensor(MemoryMarshal.Cast<byte, float>(ensemble.Bytes.Span).ToArray(), [.. ensemble.Shape]);
        fixture.Check("cam.ensemble", values, Tolerance);
        fixture.Input("cam.ensemble", () => values);
        fixture.CheckWhole("cam.mask", Whole(pixels.Object.Mask), MaskTolerance);
    }

    /// <summary>The mask of the stored activation maps.</summary>
    private static ObjectMask Masks(ParityFixture fixture)
    {
        var ensemble = fixture.Input("cam.ensemble", () => throw new InvalidOperationException("The maps come first."));
        var (width, height) = ParityFixture.SizeOf(ensemble);
        var mask = ObjectMask.FromEnsemble([.. ensemble.data<float>()], width, height);
        fixture.CheckWhole("cam.otsu", [mask.Threshold]);
        fixture.CheckWhole("cam.mask_raw", Whole(mask.Raw));
        fixture.CheckWhole("cam.mask_closed", Whole(mask.Closed));
        fixture.CheckWhole("cam.mask", Whole(mask.Mask));
        fixture.CheckWhole("object_area", [mask.Pixels.Length]);
        fixture.CheckWhole("num_patches", [mask.PatchCount]);
        return mask;
    }

    private static void Morphologies(ParityFixture fixture)
    {
        var side = (int)Math.Sqrt(fixture.ShapeOf("morph.kernel", [7, 7])?.Aggregate((rows, columns) => rows * columns) ?? 25);
        var ellipse = StructuringElement.Ellipse(side);
        int[] offsets = [.. Enumerable.Range(-ellipse.Radius, side)];
        fixture.CheckWhole("morph.kernel", [.. from dy in offsets from dx in offsets select Math.Abs(dx) <= ellipse.Reach(dy) ? 1L : 0L]);
        var spots = fixture.Input("morph.in", () => fixture.Uniform("morph.in", 26, 41).gt(0.6).to(ScalarType.Byte));
        var (width, height) = ParityFixture.SizeOf(spots);
        var closed = new RasterImage(width, height, 1, [.. spots.data<byte>()]).Close(ellipse);
        fixture.CheckWhole("morph.close", Whole(closed));
        fixture.CheckWhole("morph.out", Whole(closed.Open(ellipse)));

        var levels = fixture.Input("otsu.values", () => (fixture.Uniform("otsu.values", 4, 300).square() * 255).to(ScalarType.Byte));
        fixture.CheckWhole("otsu.threshold", [.. levels.data<byte>().ToArray().Chunk((int)levels.shape[1]).Select(row => (long)Otsu.Threshold(row))]);
    }

    private static void Noises(ParityFixture fixture, float[] image, ObjectMask mask)
    {
        foreach (var name in fixture.Cases("noise.", ".patches", "first", "second", "third").Select(name => $"noise.{name}"))
        {
            var stored = fixture.Input($"{name}.draws", () => tensor(Draws(mask, name))).data<long>().ToArray();
            var draws = new Queue<long>(stored);
            var patches = new NoiseSampler((_, _) => (int)draws.Dequeue()).Draw(mask).ToArray();
            fixture.CheckWhole($"{name}.patches", [.. patches.SelectMany(Row)]);
            fixture.CheckWhole($"{name}.draws", stored[..^draws.Count]);

            var noised = NoisedImage.Paste(image, mask.Width, mask.Height, patches);
            fixture.Check($"{name}.noised", tensor(noised.Pixels, [1, 3, noised.Height, noised.Width]), 0);
            fixture.CheckWhole($"{name}.mask", [.. noised.Mask.Select(m => (long)m)]);
        }
    }

    /// <summary>Every number that is drawn for an image, redraws included.</summary>
    private static long[] Draws(ObjectMask mask, string name)
    {
        var (random, draws) = (new MasterSeed(0).Stream("parity", name), new List<long>());
        _ = new NoiseSampler(Draw).Draw(mask).Count();
        return [.. draws];

        int Draw(int low, int high)
        {
            draws.Add(random.NextInt(low, high));
            return (int)draws[^1];
        }
    }

    private static long[] Row(NoisePatch p) =>
    [
        p.Pattern switch { NoisePatterns.Spot => 0, NoisePatterns.Line => 1, _ => 2 }, p.ObjectIndex, p.CentreY, p.CentreX, p.Width, p.Height,
        p.Pattern == NoisePatterns.Line ? (p.Vertical ? 1 : 0) : -1, p.SourceY, p.SourceX,
    ];

    private static long[] Whole(RasterImage image) => Array.ConvertAll(image.Pixels, v => (long)v);
}
