using Falcon.Imaging;

namespace Falcon.Detection;

/// <summary>What is gathered of a region, run by run in memory order.</summary>
/// <param name="area">Its pixels.</param>
internal sealed class RegionMeasure(int area)
{
    private readonly List<IReadOnlyList<PixelPoint>> _outline = [];
    private int _left = int.MaxValue, _right, _top = -1, _bottom;
    private int _peakX, _peakY;
    private double _sumX, _sumY;

    /// <summary>The largest value so far.</summary>
    public float Peak { get; private set; } = float.NegativeInfinity;

    /// <summary>Adds neighbouring pixels of one row.</summary>
    /// <param name="x">The column of the first.</param>
    /// <param name="y">Their row.</param>
    /// <param name="values">The map there.</param>
    public void Add(int x, int y, ReadOnlySpan<float> values)
    {
        (_left, _right, _bottom) = (Math.Min(_left, x), Math.Max(_right, x + values.Length), y + 1);
        if (_top < 0)
            _top = y;
        _sumX += values.Length * (x + values.Length / 2.0);
        _sumY += values.Length * (y + 0.5);
        var (peak, at) = (Peak, -1);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] > peak)
                (peak, at) = (values[i], i);
        }
        if (at >= 0)
            (Peak, _peakX, _peakY) = (peak, x + at, y);
    }

    /// <summary>Adds a polygon of the outline.</summary>
    public void Add(IReadOnlyList<PixelPoint> polygon) => _outline.Add(polygon);

    /// <summary>The region.</summary>
    /// <param name="pixels">Those of the image.</param>
    public AnomalousRegion Measured(int pixels) => new(
        new(_left, _top, _right - _left, _bottom - _top), area, 100.0 * area / pixels, new(Peak, _peakX, _peakY), new(_sumX / area, _sumY / area), _outline);
}
