namespace Falcon.Reports;

/// <summary>An estimate, or why there is none.</summary>
/// <param name="Estimate">The estimate; null when there is none.</param>
/// <param name="Absence">Why there is none.</param>
public readonly record struct Measurement(Estimate? Estimate, Absence Absence)
{
    internal static Measurement Of(IReadOnlyCollection<double> fractions, Absence otherwise) =>
        new(fractions.Count > 0 ? Reports.Estimate.Of(fractions) : null, otherwise);
}
