using Falcon.Imaging;

namespace Falcon.Detection;

/// <summary>What is gathered of a region, run by run in memory order.</summary>
internal sealed class RegionMeasure
{
    private readonly List<int> _starts = [];
    private int _left = int.MaxValue, _right, _top = -1, _bottom;
    private int _peakX, _peakY;
    private double _sumX, _sumY;

    /// <summary>The number of pixels so far.</summary>
    public int Area { get; private set; }

    /// <summary>The largest value so far.</summary>
    public float Peak { get; private set; } = float.NegativeInfinity;

    /// <summary>Adds neighbouring pixels of one row.</summary>
    /// <param name="start">The first in the mask.</param>
    /// <param name="x">Its column.</param>
    /// <param name="y">Its row.</param>
    /// <param name="values">The map there.</param>
    public void Add(int start, int x, int y, ReadOnlySpan<float> values)
    {
        _starts.Add(start);
        (_left, _right, _bottom) = (Math.Min(_left, x), Math.Max(_right, x + values.Length), y + 1);
        if (_top < 0)
            _top = y;
        Area += values.Length;
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

    /// <summary>The region.</summary>
    /// <param name="pixels">Those of the image.</param>
    /// <param name="tracing">The mask when all runs have been added.</param>
    /// <param name="tolerance">Of the outline; 0 for the exact one.</param>
    public AnomalousRegion Measured(int pixels, OutlineTracing tracing, double tolerance)
    {
        List<IReadOnlyList<PixelPoint>> outline = [];
        foreach (var start in _starts)
        {
            if (tracing.From(start) is { } polygon)
                outline.Add(tolerance > 0 ? PolygonSimplification.Of(polygon, tolerance) : polygon);
        }
        return new(
            new(_left, _top, _right - _left, _bottom - _top), Area, 100.0 * Area / pixels, new(Peak, _peakX, _peakY),
            new(_sumX / Area, _sumY / Area), outline);
    }
}
