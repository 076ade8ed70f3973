namespace Falcon.Reports;

/// <summary>An estimate, or why there is none.</summary>
/// <param name="Estimate">The estimate; null when there is none.</param>
/// <param name="Absence">Why there is none.</param>
/// <param name="HasFailures">Whether cells that failed are missing from it.</param>
public readonly record struct Measurement(Estimate? Estimate, Absence Absence, bool HasFailures = false)
{
    internal static Measurement Of(IReadOnlyCollection<double> fractions, Absence otherwise, bool hasFailures) =>
        new(fractions.Count > 0 ? Reports.Estimate.Of(fractions) : null, fractions.Count == 0 && hasFailures ? Absence.Failed : otherwise, hasFailures);
}
