namespace Falcon;

/// <summary>A disk or quota is full. It is nobody's input that is at fault: the same work succeeds once there is room.</summary>
public sealed class DiskFullException : InvalidInputException
{
    private const int NoSpace = 28, Quota = 122, FileTooLarge = 27;

    /// <inheritdoc cref="InvalidInputException(string, string, string)"/>
    public DiskFullException(string what, string where, string fix) : base(what, where, fix)
    {
    }

    /// <summary>Whether a failed write says so.</summary>
    public static bool IsReason(Exception error) => error is IOException { HResult: NoSpace or Quota or FileTooLarge };
}
