using Falcon.Detection;
using Falcon.Imaging;
using Falcon.Protocol;

namespace Falcon.Server.Inspections;

/// <summary>An inspection that is remembered.</summary>
/// <param name="Record">What it says.</param>
/// <param name="Frame">What the image's bytes are; null of a file.</param>
/// <param name="MapWidth">Columns of the map.</param>
/// <param name="MapHeight">Rows of the map.</param>
/// <param name="Region">What was looked at, as text; null for all.</param>
internal sealed record StoredInspection(InspectionRecord Record, FrameShape? Frame, int MapWidth, int MapHeight, string? Region)
{
    /// <summary>The map of its values.</summary>
    /// <param name="bytes">float32, row by row.</param>
    public AnomalyMap Map(ReadOnlySpan<byte> bytes) => new(
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).ToArray(), MapWidth, MapHeight, Region is null ? null : RegionOfInterest.Parse(Region));

    /// <summary>The outlines of its regions.</summary>
    public IEnumerable<IReadOnlyList<PixelPoint>> Outlines =>
        (Record.Regions ?? []).SelectMany(region => region.Outline).Select(polygon => polygon.Select(corner => new PixelPoint(corner[0], corner[1])).ToArray());
}
