using System.Numerics;

namespace Falcon.DrawnData;

/// <summary>Finds the visible part of a damage: the pixels whose noise-free picture changes clearly, with hair-thin gaps closed and specks left out.</summary>
internal static class VisibleDamage
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
            if (good[i] == damaged[i])
                continue;
            var difference = Vector3.Abs(Camera.Develop(good[i]) - Camera.Develop(damaged[i]));
            changed[i] = Math.Max(difference.X, Math.Max(difference.Y, difference.Z)) >= VisibleLevels;
        }
        var radius = Math.Max(1, (int)MathF.Round(2 / pixel));
        var closed = Shrink(Grow(changed, size, radius), size, radius);
        return WithoutSpecks(closed, size, (int)(SmallestRegion / (pixel * pixel)));
    }

    private static bool[] Grow(bool[] mask, int size, int radius)
    {
        var result = new bool[mask.Length];
        for (var i = 0; i < mask.Length; i++)
            if (mask[i])
                foreach (var neighbour in Neighbours(i, size, radius))
                    result[neighbour] = true;
        return result;
    }

    private static bool[] Shrink(bool[] mask, int size, int radius)
    {
        var result = new bool[mask.Length];
        for (var i = 0; i < mask.Length; i++)
            result[i] = mask[i] && Neighbours(i, size, radius).All(neighbour => mask[neighbour]);
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
                foreach (var neighbour in Neighbours(region[next], size, 1))
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

    /// <summary>The pixels within a disc around a pixel, itself included, as far as they lie in the picture.</summary>
    private static IEnumerable<int> Neighbours(int index, int size, int radius)
    {
        int x = index % size, y = index / size;
        for (var dy = -radius; dy <= radius; dy++)
            for (var dx = -radius; dx <= radius; dx++)
                if (dx * dx + dy * dy <= radius * radius && (uint)(x + dx) < (uint)size && (uint)(y + dy) < (uint)size)
                    yield return (y + dy) * size + x + dx;
    }
}
