using Falcon.Imaging;

namespace Falcon.Detection;

/// <summary>Leaves out corners of a closed polygon that lie near the line between those that stay (Douglas and Peucker 1973). The corners that touch the polygon's box
/// stay, so that it keeps its box and cannot vanish.</summary>
internal static class PolygonSimplification
{
    /// <summary>The polygon with fewer corners, in their order.</summary>
    /// <param name="corners">Those of a closed polygon, at least three.</param>
    /// <param name="tolerance">How far a corner that is left out may lie from the new polygon, in pixels.</param>
    public static IReadOnlyList<PixelPoint> Of(IReadOnlyList<PixelPoint> corners, double tolerance)
    {
        var stays = new bool[corners.Count];
        var extremes = Extremes(corners);
        foreach (var corner in extremes)
            stays[corner] = true;
        var chains = new Stack<(int From, int To)>(extremes.Zip([.. extremes.Skip(1), extremes[0] + corners.Count]));
        while (chains.TryPop(out var chain))
        {
            var (farthest, squared) = (-1, tolerance * tolerance);
            for (var i = chain.From + 1; i < chain.To; i++)
            {
                if (SquaredDistance(At(i), At(chain.From), At(chain.To)) is var distance && distance > squared)
                    (farthest, squared) = (i, distance);
            }
            if (farthest < 0)
                continue;
            stays[farthest % corners.Count] = true;
            chains.Push((chain.From, farthest));
            chains.Push((farthest, chain.To));
        }
        return [.. corners.Where((_, i) => stays[i])];

        PixelPoint At(int index) => corners[index % corners.Count];
    }

    /// <summary>The first and the last corner on each side of the box, in ascending order.</summary>
    private static int[] Extremes(IReadOnlyList<PixelPoint> corners)
    {
        int[] indices = [.. Enumerable.Range(0, corners.Count)];
        Func<int, int>[] sides = [i => corners[i].X, i => -corners[i].X, i => corners[i].Y, i => -corners[i].Y];
        return [.. sides.SelectMany(side => new[] { indices.MinBy(side), indices.Reverse().MinBy(side) }).Distinct().Order()];
    }

    private static double SquaredDistance(PixelPoint point, PixelPoint from, PixelPoint to)
    {
        double dx = to.X - from.X, dy = to.Y - from.Y, px = point.X - from.X, py = point.Y - from.Y;
        var length = dx * dx + dy * dy;
        var along = length == 0 ? 0 : Math.Clamp((px * dx + py * dy) / length, 0, 1);
        return (px - along * dx) * (px - along * dx) + (py - along * dy) * (py - along * dy);
    }
}
