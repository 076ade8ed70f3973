namespace Falcon.Inference;

internal sealed partial record AnomalyMap
{
    /// <summary>The map at another size: bilinear with half-pixel centres, as Falcon enlarges it.</summary>
    public AnomalyMap Resize(int width, int height)
    {
        if ((width, height) == (Width, Height))
            return this;
        var (columns, rows) = (Neighbours(Width, width), Neighbours(Height, height));
        var values = new float[width * height];
        for (var y = 0; y < height; y++)
        {
            var (upper, lower, down) = rows[y];
            ReadOnlySpan<float> above = Values.AsSpan(upper * Width, Width), below = Values.AsSpan(lower * Width, Width);
            var target = values.AsSpan(y * width, width);
            for (var x = 0; x < width; x++)
            {
                var (left, right, across) = columns[x];
                target[x] = (1 - down) * ((1 - across) * above[left] + across * above[right]) + down * ((1 - across) * below[left] + across * below[right]);
            }
        }
        return new AnomalyMap(values, width, height).Within(Region);
    }

    /// <summary>For each new position the old ones around it, and the share of the second.</summary>
    private static (int Before, int After, float Share)[] Neighbours(int old, int size)
    {
        var neighbours = new (int, int, float)[size];
        var step = (float)old / size;
        for (var i = 0; i < size; i++)
        {
            var position = Math.Max(0, (i + 0.5f) * step - 0.5f);
            var before = Math.Min((int)position, old - 1);
            neighbours[i] = (before, Math.Min(before + 1, old - 1), position - before);
        }
        return neighbours;
    }
}
