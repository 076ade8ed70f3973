namespace Falcon.Server.Safety;

/// <summary>Why a request is not done: a status, and what, where and how to fix it.</summary>
internal sealed class ProblemException(int status, params Finding[] findings) : Exception(string.Join(Environment.NewLine, findings.Select(finding => finding.ToString())))
{
    /// <summary>The status of HTTP.</summary>
    public int Status => status;

    /// <summary>What is wrong, at least one.</summary>
    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>After how many seconds the same may be tried again; null where that does not help.</summary>
    public int? RetryAfter { get; private init; }

    /// <summary>A value that cannot be used.</summary>
    public static ProblemException Invalid(string what, string where, string fix) => new(StatusCodes.Status400BadRequest, new Finding(what, where, fix));

    /// <summary>Something that is not there.</summary>
    public static ProblemException NotFound(string what, string where, string fix) => new(StatusCodes.Status404NotFound, new Finding(what, where, fix));

    /// <summary>Something that cannot be done as things are.</summary>
    public static ProblemException Conflict(string what, string where, string fix) => new(StatusCodes.Status409Conflict, new Finding(what, where, fix));

    /// <summary>More than is allowed.</summary>
    public static ProblemException TooLarge(string what, string where, string fix) => new(StatusCodes.Status413PayloadTooLarge, new Finding(what, where, fix));

    /// <summary>More at once than can be done.</summary>
    public static ProblemException Busy(string what, string where) =>
        new(StatusCodes.Status429TooManyRequests, new Finding(what, where, "Try again in a second, or send fewer at once.")) { RetryAfter = 1 };
}
