using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData;

/// <summary>An open line through points of the picture: the course of a scratch, a crack, a cut or a stray fibre.</summary>
internal sealed class Curve
{
    private readonly Vector2[] _points;

    private Curve(Vector2[] points)
    {
        _points = points;
        var low = points.Aggregate(Vector2.Min);
        var high = points.Aggregate(Vector2.Max);
        Centre = (low + high) / 2;
        Radius = points.Max(p => Vector2.Distance(p, Centre));
    }

    /// <summary>Centre of a disc around the whole line.</summary>
    public Vector2 Centre { get; }

    /// <summary>Radius of that disc.</summary>
    public float Radius { get; }

    public IReadOnlyList<Vector2> Points => _points;

    /// <summary>A gently bent stroke (quadratic Bézier) around a point; <c>bend</c> is the largest deviation from the straight line, as a share of the length.</summary>
    public static Curve Stroke(Vector2 middle, float angle, float length, float bend, RandomStream random)
    {
        var half = length / 2 * Surface.Direction(angle);
        var pull = 2 * bend * length * random.Between(-1f, 1f) * Surface.Direction(angle + MathF.PI / 2);
        var points = new Vector2[17];
        for (var i = 0; i < points.Length; i++)
        {
            var t = i / 16f;
            points[i] = middle - half + 2 * t * half + 2 * t * (1 - t) * pull;
        }
        return new Curve(points);
    }

    /// <summary>A walk with steps of equal length; <c>wander</c> is the standard deviation of the change of direction at every step, in radians.</summary>
    public static Curve Walk(Vector2 start, float angle, float length, int steps, float wander, RandomStream random)
    {
        var points = new Vector2[steps + 1];
        points[0] = start;
        var heading = angle;
        for (var i = 1; i <= steps; i++)
        {
            heading += wander * (float)random.NextGaussian() + 0.2f * (angle - heading);
            points[i] = points[i - 1] + length / steps * Surface.Direction(heading);
        }
        return new Curve(points);
    }

    /// <summary>Visits every pixel within <paramref name="reach"/> units of the line with its distance to the line, the position along it (0 to 1) and the
    /// line's direction there, a unit vector.</summary>
    public void Paint(Surface surface, float reach, Action<int, Vector2, float, float, Vector2> brush) =>
        surface.PaintNear(Centre, Radius + reach, (index, point) =>
        {
            var nearest = float.MaxValue;
            var segment = 0;
            for (var i = 0; i + 1 < _points.Length; i++)
            {
                var distance = Shape.Segment(point, _points[i], _points[i + 1]);
                if (distance < nearest)
                {
                    nearest = distance;
                    segment = i;
                }
            }
            if (nearest > reach)
                return;
            var along = _points[segment + 1] - _points[segment];
            var t = Math.Clamp(Vector2.Dot(point - _points[segment], along) / along.LengthSquared(), 0, 1);
            brush(index, point, nearest, (segment + t) / (_points.Length - 1), Vector2.Normalize(along));
        });
}
