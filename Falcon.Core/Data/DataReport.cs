namespace Falcon.Data;

/// <summary>What is wrong with a category's files.</summary>
/// <param name="Errors">What breaks a run.</param>
/// <param name="Warnings">What makes its numbers doubtful.</param>
public sealed record DataReport(IReadOnlyList<Finding> Errors, IReadOnlyList<Finding> Warnings)
{
    /// <summary>Raises all errors at once.</summary>
    /// <exception cref="InvalidInputException">There is at least one error.</exception>
    public void ThrowIfUnusable()
    {
        if (Errors.Count > 0)
            throw new InvalidInputException(Errors);
    }
}
