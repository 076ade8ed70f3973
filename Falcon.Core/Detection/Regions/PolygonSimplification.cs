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
        var count = corners.Count;
        // Twice, so that a chain may lead over the end to the beginning.
        PixelPoint[] around = [.. corners, .. corners];
        var extremes = Extremes(around.AsSpan(0, count));
        var stays = new bool[count];
        foreach (var corner in extremes)
            stays[corner] = true;
        var chains = new Stack<(int From, int To)>(extremes.Zip([.. extremes.Skip(1), extremes[0] + count]));
        while (chains.TryPop(out var chain))
        {
            var farthest = Farthest(around.AsSpan(chain.From..(chain.To + 1)), tolerance);
            if (farthest == 0)
                continue;
            var corner = chain.From + farthest;
            stays[corner % count] = true;
            chains.Push((chain.From, corner));
            chains.Push((corner, chain.To));
        }
        return [.. corners.Where((_, i) => stays[i])];
    }

    /// <summary>The first and the last corner on each side of the box, in ascending order.</summary>
    private static List<int> Extremes(ReadOnlySpan<PixelPoint> corners)
    {
        Span<int> first = [0, 0, 0, 0], last = [0, 0, 0, 0];
        for (var i = 1; i < corners.Length; i++)
        {
            for (var side = 0; side < 4; side++)
            {
                var difference = Outward(corners[i], side) - Outward(corners[first[side]], side);
                if (difference > 0)
                    first[side] = i;
                if (difference >= 0)
                    last[side] = i;
            }
        }
        return [.. new SortedSet<int>([.. first, .. last])];

        static int Outward(PixelPoint corner, int side) => side switch { 0 => -corner.X, 1 => corner.X, 2 => -corner.Y, _ => corner.Y };
    }

    /// <summary>The corner of a chain that is farthest from the line between its ends, 0 if none is farther than the tolerance.</summary>
    private static int Farthest(ReadOnlySpan<PixelPoint> chain, double tolerance)
    {
        var (start, end) = (chain[0], chain[^1]);
        double dx = end.X - start.X, dy = end.Y - start.Y;
        var length = dx * dx + dy * dy;
        var (farthest, largest) = (0, tolerance * tolerance);
        for (var i = 1; i < chain.Length - 1; i++)
        {
            double px = chain[i].X - start.X, py = chain[i].Y - start.Y;
            var along = length == 0 ? 0 : Math.Clamp((px * dx + py * dy) / length, 0, 1);
            var (ox, oy) = (px - along * dx, py - along * dy);
            if (ox * ox + oy * oy is var squared && squared > largest)
                (farthest, largest) = (i, squared);
        }
        return farthest;
    }
}
