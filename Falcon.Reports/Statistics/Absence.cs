namespace Falcon.Reports;

/// <summary>Why a table has no number where one could stand.</summary>
public enum Absence
{
    /// <summary>There is no such cell, or the metric was not asked of it.</summary>
    NotEvaluated,

    /// <summary>The study has no such cell, though others have published its number.</summary>
    NotRun,

    /// <summary>Nobody is known to have published it.</summary>
    NotPublished,

    /// <summary>The metric is not defined there.</summary>
    Undefined,

    /// <summary>No seed has a value for every category.</summary>
    Incomplete,

    /// <summary>Every seed failed.</summary>
    Failed,
}
