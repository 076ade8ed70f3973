using Falcon.Protocol;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>A cell that was to be evaluated and was not.</summary>
/// <param name="Method">The method.</param>
/// <param name="DataSet">The data set.</param>
/// <param name="Category">The category.</param>
/// <param name="Shots">Training images.</param>
/// <param name="Seed">The master seed.</param>
/// <param name="Reason">What went wrong, without a full stop.</param>
public sealed record FailedCell(MethodLabel Method, string DataSet, string Category, ShotCount Shots, long Seed, string Reason)
{
    /// <summary>Where it happened and why, as notes say it.</summary>
    public string Description => $"{new Contender(Method, Shots).Title}, {Category}, seed {Seed}: {Reason}";
}
