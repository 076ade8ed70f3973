using System.Numerics;

namespace Falcon.DrawnData;

/// <summary>Finds the visible part of a damage: the pixels whose noise-free picture changes clearly, with hair-thin gaps closed and specks left out.</summary>
internal static class DefectMask
{
    /// <summary>Smallest visible change in levels of 255, in the channel that changes most.</summary>
    private const float VisibleLevels = 5;

    /// <summary>The smallest region that counts as damage, in square units.</summary>
    private const float SmallestRegion = 10;

    /// <param name="good">Light on the sensor before the damage.</param>
    /// <param name="damaged">And after.</param>
    /// <param name="size">Width and height in pixels.</param>
    /// <param name="pixel">The width of a pixel in units.</param>
    /// <returns>True where damaged, one value per pixel.</returns>
    public static bool[] Between(Vector3[] good, Vector3[] damaged, int size, float pixel)
    {
        var changed = new bool[good.Length];
        for (var i = 0; i < changed.Length; i++)
        {
            var difference = Vector3.Abs(Camera.Develop(good[i]) - Camera.Develop(damaged[i]));
            changed[i] = Math.Max(difference.X, Math.Max(difference.Y, difference.Z)) >= VisibleLevels;
        }
        var radius = Math.Max(1, (int)MathF.Round(2 / pixel));
        var closed = Spread(Spread(changed, size, radius, true), size, radius, false);
        return WithoutSpecks(closed, size, (int)(SmallestRegion / (pixel * pixel)));
    }

    /// <summary>Every pixel takes <paramref name="value"/> when one within the radius has it. The picture's border does not count.</summary>
    private static bool[] Spread(bool[] mask, int size, int radius, bool value)
    {
        var result = (bool[])mask.Clone();
        for (var i = 0; i < mask.Length; i++)
            if (mask[i] == value)
                for (int y = i / size, dy = -radius; dy <= radius; dy++)
                    for (int x = i % size, dx = -radius; dx <= radius; dx++)
                        if (dx * dx + dy * dy <= radius * radius && (uint)(x + dx) < (uint)size && (uint)(y + dy) < (uint)size)
                            result[(y + dy) * size + x + dx] = value;
        return result;
    }

    private static bool[] WithoutSpecks(bool[] mask, int size, int smallest)
    {
        var result = new bool[mask.Length];
        var seen = new bool[mask.Length];
        var region = new List<int>();
        for (var start = 0; start < mask.Length; start++)
        {
            if (!mask[start] || seen[start])
                continue;
            region.Clear();
            region.Add(start);
            seen[start] = true;
            for (var next = 0; next < region.Count; next++)
                foreach (var neighbour in Neighbours(region[next], size))
                    if (mask[neighbour] && !seen[neighbour])
                    {
                        seen[neighbour] = true;
                        region.Add(neighbour);
                    }
            if (region.Count >= smallest)
                foreach (var i in region)
                    result[i] = true;
        }
        return result;
    }

    private static IEnumerable<int> Neighbours(int index, int size)
    {
        int x = index % size, y = index / size;
        for (var dy = -1; dy <= 1; dy++)
            for (var dx = -1; dx <= 1; dx++)
                if ((dx != 0 || dy != 0) && (uint)(x + dx) < (uint)size && (uint)(y + dy) < (uint)size)
                    yield return (y + dy) * size + x + dx;
    }
}
