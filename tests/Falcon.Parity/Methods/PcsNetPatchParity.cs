using Falcon.Imaging;
using Falcon.Methods;
using Falcon.Randomness;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary><c>patch.safetensors</c>: patches pasted with given random numbers, all of which must be used in their order; to the bit.</summary>
internal static class PcsNetPatchParity
{
    /// <summary>What is drawn: background; bounds of rows and of columns; patches; least share of the part; least overlap.</summary>
    private static readonly Dictionary<string, double[]> Recorded = new()
    {
        ["object"] = [40, 60, 0.03, 0.4, 0.01, 0.05, 3, 0.5, 0.25],
        ["texture"] = [-1, -1, 0.03, 0.4, 0.03, 0.4, 4, 0, 0],
    };

    public static void Run(ParityFixture fixture)
    {
        var pixels = fixture.Input("image", () => PatchSwapFixture.Picture(fixture, "image"));
        var image = new RasterImage((int)pixels.shape[1], (int)pixels.shape[0], 3, [.. pixels.data<byte>()]);
        foreach (var name in fixture.Cases("", ".config", [.. Recorded.Keys]))
        {
            var stored = fixture.Input($"{name}.config", () => tensor(Recorded[name], ScalarType.Float64)).data<double>().ToArray();
            var swap = new PatchSwap(image, PatchSwapFixture.Settings(stored));
            var draws = new KeptDraws(fixture.Input($"{name}.draws", () => Draws(swap, name)));
            var swapped = swap.Draw(draws);
            fixture.Check($"{name}.draws", draws.Used(), 0);
            CheckImage("patched", swapped.Image);
            CheckImage("label", swapped.Label());
            if (swap.Part is { } part)
                CheckImage("object_mask", part);

            void CheckImage(string what, RasterImage result) => fixture.CheckWhole($"{name}.{what}", Array.ConvertAll(result.Pixels, value => (long)value));
        }
    }

    private static Tensor Draws(PatchSwap swap, string name)
    {
        var drawn = new KeptDraws(new PatchDraws(new MasterSeed(0).Stream("parity", name)));
        swap.Draw(drawn);
        return drawn.Used();
    }

    /// <summary>Draws with the numbers that were used: a row of kind, 0 for a whole number and 1 for one of the gamma distribution, and value each.</summary>
    private sealed class KeptDraws : IPatchDraws
    {
        private readonly IPatchDraws? _draws;
        private readonly double[] _stored = [];
        private readonly List<double> _used = [];

        public KeptDraws(IPatchDraws draws) => _draws = draws;

        public KeptDraws(Tensor stored) => _stored = stored.flatten().data<double>().ToArray();

        public double Gamma(int shape, double scale) => Keep(1, _draws?.Gamma(shape, scale), 0);

        public int Integer(int low, int high) => (int)Keep(0, _draws?.Integer(low, high), low);

        public Tensor Used() => tensor(_used.ToArray(), [_used.Count / 2, 2], ScalarType.Float64);

        /// <summary>The next stored number; when there is none left, the least, so that the rows used are too many.</summary>
        private double Keep(int kind, double? drawn, double least)
        {
            var next = _used.Count + 1;
            var value = drawn ?? (next < _stored.Length ? _stored[next] : least);
            _used.AddRange([kind, value]);
            return value;
        }
    }
}
