using System.Numerics;
using Falcon.DrawnData.Defects;
using Falcon.Randomness;

namespace Falcon.DrawnData.Scenes;

/// <summary>A two-coloured twill that fills the picture. Threads differ in tone and thickness, and the cloth lies a little skewed.</summary>
internal sealed class Fabric : Scene
{
    private const float Pitch = 5;
    private static readonly Vector3 WarpColour = new(0.15f, 0.20f, 0.26f);
    private static readonly Vector3 WeftColour = new(0.36f, 0.345f, 0.31f);

    public override string Name => "fabric";

    private protected override IReadOnlyList<Defect> Defects { get; } =
    [
        new Hole("hole"),
        new Cut("cut"),
        new Stain("stain", new Vector3(0.15f, 0.08f, 0.03f)),
        new StrayFibre("thread"),
        new Snag("snag"),
    ];

    private protected override Studio Studio { get; } = new(new Vector3(30, 10, 300), new Vector3(1.35f), 0.35f, 5);

    private protected override Surface Lay(int size, RandomStream random)
    {
        var centre = new Vector2(128) + random.Offset(2 * Pitch);
        var pose = new Pose(centre, random.Between(-0.04f, 0.04f), random.Between(0.98f, 1.02f));
        var seed = random.NoiseSeed();
        var surface = new Surface(size, pose) { Roughness = new Vector2(0.4f) };
        surface.Paint((i, point) =>
        {
            var cloth = pose.ToPart(point);
            var sway = 1.2f * new Vector2(
                Noise.Smooth(cloth.X / 70, cloth.Y / 70, seed), Noise.Smooth(cloth.X / 70, cloth.Y / 70, seed + 1));
            var (height, colour) = Weave((cloth + sway) / Pitch, seed + 2);
            var wear = 1 + 0.05f * Noise.Smooth(cloth.X / 45, cloth.Y / 45, seed + 9);
            surface.Coverage[i] = 1;
            surface.Height[i] = 1.5f * height;
            surface.Albedo[i] = wear * colour;
            surface.Ground[i] = new Vector3(0.012f, 0.012f, 0.014f);
        });
        return surface;
    }

    /// <summary>Height (0 to 1) and colour of a 2/2 twill; threads lie one unit apart.</summary>
    private static (float Height, Vector3 Colour) Weave(Vector2 p, uint seed)
    {
        int column = (int)MathF.Floor(p.X), row = (int)MathF.Floor(p.Y);
        var warp = Thread(p.X - column - 0.5f, Float(column + p.Y - 1), Noise.Uniform(column, 0, seed));
        var weft = Thread(p.Y - row - 0.5f, Float(row + p.X - 3), Noise.Uniform(0, row, seed + 1));
        var isWarp = warp > weft;
        var (colour, number, across, along) = isWarp ? (WarpColour, column, p.X, p.Y) : (WeftColour, -row, p.Y, p.X);
        var tone = 0.88f + 0.24f * Noise.Uniform(number, 2, seed);
        var slub = 1 + 0.10f * Noise.Smooth(along / 6, number * 7.3f, seed + 2);
        var fibres = 1 + 0.25f * Noise.Smooth(along * 1.5f + across * 2, across * 6 - along * 2, seed + 3);
        var height = Math.Max(warp, weft);
        return (height, colour * tone * slub * fibres * (0.12f + 0.88f * Shape.Step(0, 0.8f, height)));
    }

    /// <summary>How high a thread runs at a place of its course: 1 in the middle of a float over two threads, 0 in the middle of the next two, which it passes below.</summary>
    private static float Float(float course) => 0.5f + 0.5f * MathF.Cos(course * MathF.PI / 2);

    /// <summary>The rounded top of a thread at a distance from its middle.</summary>
    private static float Thread(float offset, float course, float thickness)
    {
        var t = offset / (0.49f + 0.05f * thickness);
        return MathF.Sqrt(Math.Max(0, 1 - t * t)) * (0.35f + 0.65f * course);
    }
}
