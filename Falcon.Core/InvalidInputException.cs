namespace Falcon;

/// <summary>Input that a user can mend: raised before long work starts, with every finding at once. The command line exits with code 2.</summary>
public class InvalidInputException : Exception
{
    /// <param name="findings">At least one finding.</param>
    public InvalidInputException(IReadOnlyList<Finding> findings) : base(string.Join(Environment.NewLine, findings)) => Findings = findings;

    /// <summary>One finding; see <see cref="Finding"/> for the parts.</summary>
    public InvalidInputException(string what, string where, string fix) : this([new Finding(what, where, fix)])
    {
    }

    /// <summary>Everything that is wrong, in the order in which it was found.</summary>
    public IReadOnlyList<Finding> Findings { get; }
}
