using Falcon.Methods;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Compares an anomaly map as it is, smoothed in both ways, and its maxima.</summary>
internal static class ParityMaps
{
    /// <summary>Compares <c>P.map_raw</c>, <c>P.map_smooth2d</c>, <c>P.score_smooth2d</c>, <c>P.map_rows</c> and <c>P.score_rows</c>.</summary>
    /// <param name="fixture">The fixture.</param>
    /// <param name="prefix">P.</param>
    /// <param name="map">The map of a batch by its smoothing, (N, H, W).</param>
    /// <param name="tolerance">The largest relative error.</param>
    public static IEnumerable<ParityResult> Compare(ParityFixture fixture, string prefix, Func<SmoothingKind, Tensor> map, double tolerance)
    {
        var (smooth, rows) = (map(SmoothingKind.TwoDimensional), map(SmoothingKind.RowWise));
        return
        [
            .. fixture.Compare($"{prefix}.map_raw", map(SmoothingKind.None), tolerance),
            .. fixture.Compare($"{prefix}.map_smooth2d", smooth, tolerance),
            .. fixture.Compare($"{prefix}.score_smooth2d", smooth.amax(1, 2), tolerance),
            .. fixture.Compare($"{prefix}.map_rows", rows, tolerance),
            .. fixture.Compare($"{prefix}.score_rows", rows.amax(1, 2), tolerance),
        ];
    }
}
