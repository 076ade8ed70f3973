using Falcon.Methods;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary><c>synth.safetensors</c>: Perlin noise of given directions, what of it is a defect, and position codes.</summary>
internal static class AandSynthParity
{
    private const string Code = "posenc", LargerCode = "256x64x64";

    /// <summary>What is drawn: rows, columns, cells along either.</summary>
    private static readonly long[][] Recorded = [[64, 96, 4, 8], [64, 32, 1, 16]];

    public static void Run(ParityFixture fixture)
    {
        foreach (var name in fixture.Cases("perlin", ".res", "0", "1"))
            Perlin(fixture, $"perlin{name}", name);

        var shape = fixture.ShapeOf(Code, [16, 5, 7])!;
        fixture.Check(Code, CodeOf(shape), AandParity.Tolerance);
        foreach (var larger in fixture.Cases($"{Code}.", ".stats", LargerCode))
            fixture.Check($"{Code}.{larger}", CodeOf([.. larger.Split('x').Select(long.Parse)]), AandParity.Tolerance);

        static Tensor CodeOf(IReadOnlyList<long> sides) => PositionCode.Like(zeros([1, .. sides]));
    }

    private static void Perlin(ParityFixture fixture, string stored, string name)
    {
        var sides = fixture.Input($"{stored}.res", () => tensor(Recorded[int.Parse(name)])).data<long>().ToArray();
        var (height, width, lattice) = ((int)sides[0], (int)sides[1], ((int)sides[2], (int)sides[3]));
        var units = fixture.Input($"{stored}.unit_angles", () => fixture.Uniform($"{stored}.unit_angles", sides[2] + 1, sides[3] + 1));
        var angles = (units.to(ScalarType.Float64) * Math.Tau).data<double>().ToArray();
        var noise = PerlinNoise.Of(angles, lattice, height, width);
        fixture.Check($"{stored}.noise", tensor(noise, [height, width]), AandParity.Tolerance);
        var mask = Array.ConvertAll(noise, value => value > DefectSynthesis.NoiseThreshold ? 1L : 0);
        fixture.CheckWhole($"{stored}.mask", mask);
        fixture.CheckWhole($"{stored}.mask_sum", [mask.Sum()]);
    }
}
