using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Pictures;

/// <summary>A turned, milled or moulded part of random outline, steps, holes and ribs, of metal, plastic or rubber, lying on a mat under a lamp.</summary>
internal sealed class MachinedPart : PictureFamily
{
    public override string Name => "machined part";

    private protected override Vector3[] Paint(RandomStream random, int size)
    {
        var palette = new Palette(random);
        var pose = new Pose(new Vector2(128) + random.Offset(40), random.Angle(), random.Between(0.6f, 2.2f));
        var surface = new Surface(size, pose) { Roughness = new Vector2(random.Between(0.08f, 0.6f), random.Between(0.1f, 0.6f)) };
        var outline = new Outline(random);
        var steps = Enumerable.Range(0, random.NextInt(0, 4)).Select(_ => (Inset: random.Between(4, 70), Rise: random.Between(-4, 4))).ToList();
        var isTurned = random.NextBool();
        float gloss = random.NextBool() ? random.Between(0.2f, 1) : random.Between(0, 0.2f), groove = random.Between(0, 0.12f), blotch = random.Between(0, 0.3f);
        var seed = random.NoiseSeed();
        surface.Grain = isTurned ? new Vector2[size * size] : null;
        surface.Paint((i, point) =>
        {
            var p = pose.ToPart(point);
            var distance = outline.Distance(p);
            surface.Coverage[i] = surface.Inside(distance * pose.Scale);
            var lines = isTurned ? Noise.Smooth(p.Length() * 0.6f, seed) : Noise.Smooth(p.X * 0.2f, p.Y * 1.1f, seed);
            surface.Height[i] = steps.Sum(step => step.Rise * Shape.Step(-step.Inset, -step.Inset - 3, distance)) - 2 * Shape.Step(-5, 1, distance) + groove * lines;
            surface.Grain?[i] = Vector2.Normalize(new Vector2(-p.Y, p.X + 1e-3f));
            surface.Albedo[i] = palette[0] * 0.6f * (1 + blotch * Noise.Fractal(p.X / 20, p.Y / 20, seed + 3, 3) + groove * lines);
            surface.Gloss[i] = gloss;
            surface.Ground[i] = palette[1] * 0.5f * (1 + 0.4f * Noise.Fractal(point.X / 5, point.Y / 5, seed + 8, 3));
        });
        var studio = new Studio(new Vector3(random.Between(-60, 320), random.Between(-60, 320), random.Between(150, 400)), new Vector3(random.Between(0.8f, 1.8f)),
            random.Between(0.15f, 0.5f), random.Between(0, 12));
        return [.. studio.Light(surface).Select(light => Camera.Develop(light) / 255)];
    }

    /// <summary>A disc, box, star or slot with holes on a circle or grid.</summary>
    private sealed class Outline(RandomStream random)
    {
        private readonly int _kind = random.NextInt(0, 3), _teeth = random.NextInt(5, 24), _holes = random.NextInt(0, 10);
        private readonly float _radius = random.Between(50, 130), _flatness = random.Between(0.3f, 1), _pitch = random.Between(0.3f, 0.8f);
        private readonly float _hole = random.Between(3, 16), _bore = random.NextBool() ? 0 : random.Between(0.1f, 0.5f);

        public float Distance(Vector2 p)
        {
            var half = new Vector2(_radius, _radius * _flatness);
            var body = _kind switch
            {
                0 => p.Length() - _radius,
                1 => Shape.RoundedBox(p, half, 0.15f * half.Y),
                2 => Shape.RoundedBox(p, half, half.Y),
                _ => p.Length() - _radius * (0.93f + 0.07f * Math.Clamp(3 * MathF.Cos(_teeth * MathF.Atan2(p.Y, p.X)), -1, 1)),
            };
            var bore = _bore * half.Y - p.Length();
            return Math.Max(Math.Max(body, _bore > 0 ? bore : -1e6f), _hole - NearestHole(p, half));
        }

        private float NearestHole(Vector2 p, Vector2 half)
        {
            var nearest = 1e6f;
            for (var k = 0; k < _holes; k++)
                nearest = Math.Min(nearest, Vector2.Distance(p, _pitch * half * Surface.Direction(2 * MathF.PI * k / _holes)));
            return nearest;
        }
    }
}
