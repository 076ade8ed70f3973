using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Pictures;

/// <summary>Paper, plates and screens with lettering, codes, rules and boxes, seen askew under a lamp.</summary>
internal sealed class Label : PictureFamily
{
    private const string Letters = "ACEFILNOPSTVXY012345679-./ ";

    public override string Name => "label";

    private protected override Vector3[] Paint(RandomStream random, int size)
    {
        var palette = new Palette(random);
        var pose = new Pose(new Vector2(128) + random.Offset(30), random.NextBool() ? random.Between(-0.1f, 0.1f) : random.Angle(), random.Between(0.7f, 2.5f));
        var surface = new Surface(size, pose) { Roughness = new Vector2(random.Between(0.1f, 0.5f)) };
        var seed = random.NoiseSeed();
        float gloss = random.NextBool() ? 0 : random.Between(0, 0.5f), rough = random.Between(0, 0.4f), grain = random.Between(2, 30);
        var half = new Vector2(random.Between(60, 200), random.Between(50, 200));
        surface.Paint((i, point) =>
        {
            var noise = Noise.Fractal(point.X / grain, point.Y / grain, seed, 3);
            surface.Coverage[i] = surface.Inside(Shape.RoundedBox(pose.ToPart(point), half, 8) * pose.Scale);
            surface.Albedo[i] = palette[0] * (1 + 0.3f * rough * noise);
            surface.Height[i] = rough * noise;
            surface.Gloss[i] = gloss;
            surface.Ground[i] = palette[1] * (0.6f + 0.4f * noise);
        });
        var press = new Press(surface, Vector2.Zero, random.Between(0.6f, 1), seed + 5);
        for (var mark = random.NextInt(4, 14); mark > 0; mark--)
            Print(press, random, random.Offset(90), palette[(uint)random.NextInt(1, 5)]);
        var studio = new Studio(new Vector3(random.Between(-60, 320), random.Between(-60, 320), random.Between(150, 400)), new Vector3(random.Between(0.8f, 1.6f)),
            random.Between(0.2f, 0.6f), random.Between(0, 8));
        return [.. studio.Light(surface).Select(light => Camera.Develop(light) / 255)];
    }

    private static void Print(Press press, RandomStream random, Vector2 at, Vector3 colour)
    {
        switch (random.NextInt(0, 5))
        {
            case 0:
                press.Plate(at, new Vector2(random.Between(4, 50), random.Between(2, 30)), random.Between(0, 6), colour);
                break;
            case 1:
                press.BarCode($"{random.NextInt(100, 9999)}", at, new Vector2(random.Between(30, 110), random.Between(10, 40)), colour);
                break;
            case 2:
                press.MatrixCode(at, random.Between(20, 60), colour);
                break;
            default:
                var text = string.Concat(Enumerable.Range(0, random.NextInt(2, 14)).Select(_ => Letters[random.NextInt(0, Letters.Length - 1)]));
                press.Text(text, at - new Vector2(40, 0), random.Between(5, 26), colour);
                break;
        }
    }
}
