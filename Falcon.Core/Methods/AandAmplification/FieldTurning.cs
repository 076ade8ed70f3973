namespace Falcon.Methods;

/// <summary>Turns an image about its middle, bilinear, with zeros outside.</summary>
internal static class FieldTurning
{
    /// <param name="values">Row-major, channels interleaved.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="channels">Values of a pixel.</param>
    /// <param name="degrees">The angle.</param>
    public static float[] Turn(float[] values, int height, int width, int channels, double degrees)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        var (middleX, middleY) = ((width - 1) / 2.0, (height - 1) / 2.0);
        var turned = new float[values.Length];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var (right, below) = (x - middleX, y - middleY);
                var (fromX, fromY) = (right * cos - below * sin + middleX, right * sin + below * cos + middleY);
                var (left, top) = ((int)Math.Floor(fromX), (int)Math.Floor(fromY));
                if (left < -1 || left >= width || top < -1 || top >= height)
                    continue;
                Add(left, top, (1 - fromX + left) * (1 - fromY + top));
                Add(left + 1, top, (fromX - left) * (1 - fromY + top));
                Add(left, top + 1, (1 - fromX + left) * (fromY - top));
                Add(left + 1, top + 1, (fromX - left) * (fromY - top));

                void Add(int column, int row, double share)
                {
                    if (column < 0 || column >= width || row < 0 || row >= height)
                        return;
                    for (var c = 0; c < channels; c++)
                        turned[(y * width + x) * channels + c] += (float)(share * values[(row * width + column) * channels + c]);
                }
            }
        return turned;
    }
}
