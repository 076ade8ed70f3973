using Falcon.Metrics;
using Falcon.Protocol;

namespace Falcon.Reports;

/// <summary>A number that others published.</summary>
/// <param name="Method">The method's name in files, for example <c>rdpp</c>.</param>
/// <param name="Title">Its name in tables, with the variant where there are several.</param>
/// <param name="Shots">How many normal training images.</param>
/// <param name="DataSet">The data set.</param>
/// <param name="Category">The category; null for the mean over all.</param>
/// <param name="Categories">How many categories a mean is over.</param>
/// <param name="Metric">What was measured.</param>
/// <param name="Value">A fraction in [0, 1].</param>
/// <param name="Deviation">Its deviation over seeds; null when there is none.</param>
/// <param name="Source">Where it is published, and what is known of its protocol.</param>
public sealed record ReportedResult(
    string Method, string Title, ShotCount Shots, string DataSet, string? Category, int Categories, Metric Metric, double Value, double? Deviation, string Source)
{
    /// <summary>Whether its epoch was chosen on the test images, as <see cref="CheckpointRule.OracleOnTest"/> does.</summary>
    public bool IsOracle { get; init; }
}
