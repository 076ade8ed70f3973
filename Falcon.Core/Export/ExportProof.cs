using System.Text.Json.Serialization;

namespace Falcon.Export;

/// <summary>What was seen when an exported file ran beside its detector. Differences are shares of the threshold: below it they decide, above it, where sums in single precision are
/// rounded by a share of themselves, they are shares of what the detector says.</summary>
/// <param name="Images">Images, at the size of the input.</param>
/// <param name="Anomalous">How many of them the detector calls anomalous.</param>
/// <param name="Threads">The numbers of threads that the file ran on.</param>
/// <param name="Runtime">What ran it.</param>
/// <param name="Map">The largest difference between two values of maps.</param>
/// <param name="Score">The largest difference between two image scores.</param>
/// <param name="OtherVerdicts">Images that one of both calls anomalous and the other not.</param>
public sealed record ExportProof(
    int Images, int Anomalous, IReadOnlyList<int> Threads, string Runtime, double Map, double Score, [property: JsonIgnore] int OtherVerdicts)
{
    /// <summary>How far maps and scores may be apart, as a share of the threshold or, where they are above it, of themselves.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>Whether the file may be used in place of the detector.</summary>
    [JsonIgnore]
    public bool Holds => Map <= Tolerance && Score <= Tolerance && OtherVerdicts == 0;
}
