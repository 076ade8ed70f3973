using Falcon.Imaging;
using Falcon.Methods;
using Falcon.Randomness;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary><c>synth.safetensors</c>: patches swapped with given random numbers, all of which must be used in their order; to the bit.</summary>
internal static class MrkdSynthParity
{
    /// <summary>What is drawn: image; background; bounds of rows and of columns; patches; least share of the part; least overlap.</summary>
    private static readonly float[][] Recorded =
    [
        [0, -1, -1, 0.03f, 0.4f, 0.03f, 0.4f, 4, -1, -1],
        [0, 40, 60, 0.03f, 0.4f, 0.01f, 0.05f, 3, 0.5f, 0.25f],
        [0, 40, 60, 0.03f, 0.4f, 0.03f, 0.4f, 2, 1, 0.25f],
    ];

    public static void Run(ParityFixture fixture)
    {
        foreach (var name in fixture.Cases("case", ".params", [.. Recorded.Select((_, i) => $"{i}")]))
        {
            var stored = fixture.Input($"case{name}.params", () => tensor(Recorded[int.Parse(name)])).data<float>().ToArray();
            var swap = new PatchSwap(Image(fixture, $"image{(int)stored[0]}"), Settings(stored));
            var draws = new ReplayedDraws(fixture.Input($"case{name}.draws", () => Draws(swap, name)));
            var swapped = swap.Draw(draws);
            fixture.Check($"case{name}.draws", draws.Used(), 0);
            CheckImage("result", swapped.Image);
            CheckImage("label", swapped.Label());
            if (swap.Part is { } part)
                CheckImage("object_mask", part);

            void CheckImage(string what, RasterImage image) => fixture.CheckWhole($"case{name}.{what}", Array.ConvertAll(image.Pixels, value => (long)value));
        }
    }

    private static RasterImage Image(ParityFixture fixture, string name)
    {
        var pixels = fixture.Input(name, () => PatchSwapFixture.Picture(fixture, name));
        return new((int)pixels.shape[1], (int)pixels.shape[0], 3, [.. pixels.data<byte>()]);
    }

    /// <summary>Behind the number of the image; decimals of few places that were stored in single precision.</summary>
    private static PatchSwapSettings Settings(float[] stored) =>
        PatchSwapFixture.Settings(Array.ConvertAll(stored, value => Math.Round(value, 4)).AsSpan(1));

    private static Tensor Draws(PatchSwap swap, string name)
    {
        var drawn = new RecordedDraws(new PatchDraws(new MasterSeed(0).Stream("parity", name)));
        swap.Draw(drawn);
        return drawn.Used();
    }

    /// <summary>Draws with the numbers that were used: a row of kind, two parameters and value each.</summary>
    private abstract class KeptDraws : IPatchDraws
    {
        private readonly List<float> _used = [];

        public double Gamma(int shape, double scale) => Keep(0, shape, scale);

        public int Integer(int low, int high) => (int)Keep(1, low, high);

        public Tensor Used() => tensor(_used.ToArray(), [_used.Count / 4, 4]);

        protected abstract float Next(int kind, double first, double second);

        private float Keep(int kind, double first, double second)
        {
            var value = Next(kind, first, second);
            _used.AddRange([kind, (float)first, (float)second, value]);
            return value;
        }
    }

    private sealed class RecordedDraws(PatchDraws draws) : KeptDraws
    {
        protected override float Next(int kind, double first, double second) =>
            kind == 0 ? (float)draws.Gamma((int)first, second) : draws.Integer((int)first, (int)second);
    }

    private sealed class ReplayedDraws(Tensor stored) : KeptDraws
    {
        private readonly float[] _values = stored.select(1, 3).contiguous().data<float>().ToArray();
        private int _next;

        /// <summary>The next stored number; when there is none left, the least, so that the rows used are too many.</summary>
        protected override float Next(int kind, double first, double second) => _next < _values.Length ? _values[_next++] : (float)first;
    }
}
