using Falcon.Metrics;

namespace Falcon.Reports;

/// <summary>The overlap averaged over regions at even false-positive rates, as figures draw it.</summary>
/// <param name="Overlaps">In [0, 1], one for each of <see cref="Places"/>.</param>
/// <param name="Aupro">The area under the curve up to the limit, over the limit.</param>
public sealed record CellOverlap(IReadOnlyList<double> Overlaps, double Aupro)
{
    private const int Count = 151;

    /// <summary>Samples the curve of ranked pixels.</summary>
    /// <param name="ranking">The pixels.</param>
    /// <param name="limit">The false-positive rate up to which the curve goes, in (0, 1].</param>
    /// <returns>Null without regions or without normal pixels.</returns>
    public static CellOverlap? Of(PixelRanking ranking, double limit) =>
        ranking.RegionOverlapCurve() is { } curve ? new CellOverlap([.. Places(limit).Select(curve.At)], ranking.Aupro(limit)!.Value) : null;

    /// <summary>The rates, from 0 to the limit.</summary>
    public static IReadOnlyList<double> Places(double limit) => CurveMean.Places(0, limit, Count);
}
