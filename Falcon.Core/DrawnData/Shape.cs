using System.Numerics;

namespace Falcon.DrawnData;

/// <summary>Signed distances (negative inside) and the blends built on them.</summary>
internal static class Shape
{
    public static float Disc(Vector2 point, Vector2 centre, float radius) => Vector2.Distance(point, centre) - radius;

    /// <summary>A box with rounded corners around the origin.</summary>
    public static float RoundedBox(Vector2 point, Vector2 halfSize, float cornerRadius)
    {
        var q = Vector2.Abs(point) - halfSize + new Vector2(cornerRadius);
        return Vector2.Max(q, Vector2.Zero).Length() + Math.Min(Math.Max(q.X, q.Y), 0) - cornerRadius;
    }

    /// <summary>Distance to a line segment.</summary>
    public static float Segment(Vector2 point, Vector2 from, Vector2 to)
    {
        var along = to - from;
        var length = along.LengthSquared();
        var t = length == 0 ? 0 : Math.Clamp(Vector2.Dot(point - from, along) / length, 0, 1);
        return Vector2.Distance(point, from + t * along);
    }

    /// <summary>0 below <paramref name="low"/>, 1 above <paramref name="high"/>, a smooth step between (they may be in falling order).</summary>
    public static float Step(float low, float high, float value)
    {
        var t = Math.Clamp((value - low) / (high - low), 0, 1);
        return t * t * (3 - 2 * t);
    }
}
