using Falcon.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays what RD++ makes without a network: simplex noise, noised images and Sinkhorn divergences (specification, section 9).</summary>
internal static class ReverseDistillationPlusDraws
{
    /// <summary>The full sum of simplex noise, where the reference leaves lattice points of tiny weight out.</summary>
    private const double NoiseTolerance = 3e-4;

    private const double DivergenceTolerance = 1e-5;
    private const int Points = 200;

    public static void Run(ParityFixture fixture)
    {
        foreach (var (i, name) in fixture.Cases("simplex", ".seed", "0", "1").Index())
            Simplex(fixture, name, 1_234_567_891L * (2 * i - 1));
        foreach (var name in fixture.Cases("sinkhorn", ".value", "0", "1"))
            Sinkhorn(fixture, name);
    }

    private static void Simplex(ParityFixture fixture, string name, long seed)
    {
        string simplex = $"simplex{name}", paste = $"paste{name}";
        var noise = new SimplexNoise(fixture.Input($"{simplex}.seed", () => tensor([seed])).ToInt64());
        fixture.CheckWhole($"{simplex}.perm", [.. noise.Permutation.Select(value => (long)value)]);
        fixture.CheckWhole($"{simplex}.perm_grad3", [.. noise.GradientOffsets.Select(value => (long)value)]);
        var points = fixture.Input($"{simplex}.points", () => fixture.Uniform($"{simplex}.points", Points, 3) * 20 - 10).to(ScalarType.Float64);
        var coordinates = points.data<double>().ToArray().Chunk(3);
        fixture.CheckAbsolute($"{simplex}.point_values", tensor([.. coordinates.Select(p => noise.At(p[0], p[1], p[2]))]), NoiseTolerance);

        var shape = fixture.ShapeOf($"{simplex}.octaves6", [3, 14, 11])!;
        var (height, width) = ((int)shape[1], (int)shape[2]);
        var block = Block(6);
        fixture.CheckAbsolute($"{simplex}.octaves1_f32", Block(1), NoiseTolerance);
        fixture.CheckAbsolute($"{simplex}.octaves6", block, NoiseTolerance);

        var image = fixture.Input($"{paste}.image", () => fixture.Uniform($"{paste}.image", 3, 64, 96));
        var corner = fixture.Input($"{paste}.top_left", () => tensor(new long[] { 20, 31 }));
        var rectangle = new NoiseRectangle((int)corner[0].ToInt64(), (int)corner[1].ToInt64(), height, width);
        var normalised = ColourChange.Normalised(image.unsqueeze(0)).squeeze(0);
        fixture.CheckAbsolute($"{paste}.normalized", rectangle.Paste(normalised, block), NoiseTolerance);

        Tensor Block(int octaves) => tensor(noise.Block(height, width, octaves), [3, height, width]);
    }

    private static void Sinkhorn(ParityFixture fixture, string name)
    {
        var x = Cloud("x", 4);
        var y = Cloud("y", 3);
        foreach (var (note, diameter) in new[] { ("", 10), ("_diameter1e7", 1e7) })
        {
            using var moving = x.clone().requires_grad_();
            var value = SinkhornDivergence.Of(moving, y, diameter);
            value.backward();
            fixture.Check($"sinkhorn{name}.value{note}", value, DivergenceTolerance);
            fixture.Check($"sinkhorn{name}.grad_x{note}", moving.grad!, DivergenceTolerance);
        }

        Tensor Cloud(string cloud, int count) =>
            fixture.Input($"sinkhorn{name}.{cloud}", () => fixture.Uniform($"sinkhorn{name}.{cloud}", count, 6)).to(ScalarType.Float64);
    }
}
