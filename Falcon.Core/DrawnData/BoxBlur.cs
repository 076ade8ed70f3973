namespace Falcon.DrawnData;

/// <summary>A mean over a square window with running sums; twice in a row it looks like a soft shadow. Edge pixels repeat.</summary>
internal static class BoxBlur
{
    /// <param name="plane">Row-major, <paramref name="size"/> × <paramref name="size"/>.</param>
    /// <param name="size">Width and height.</param>
    /// <param name="radius">The window is 2·radius + 1 pixels wide.</param>
    public static float[] Apply(float[] plane, int size, int radius)
    {
        var rows = new float[plane.Length];
        var result = new float[plane.Length];
        for (var line = 0; line < size; line++)
            Line(plane, rows, line * size, 1, size, radius);
        for (var line = 0; line < size; line++)
            Line(rows, result, line, size, size, radius);
        return result;
    }

    private static void Line(float[] source, float[] target, int start, int stride, int count, int radius)
    {
        float At(int position) => source[start + Math.Clamp(position, 0, count - 1) * stride];
        double sum = 0;
        for (var k = -radius; k <= radius; k++)
            sum += At(k);
        for (var i = 0; i < count; i++)
        {
            target[start + i * stride] = (float)(sum / (2 * radius + 1));
            sum += At(i + radius + 1) - At(i - radius);
        }
    }
}
