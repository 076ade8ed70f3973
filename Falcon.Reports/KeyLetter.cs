namespace Falcon.Reports;

/// <summary>What stands in a heading for a name that is too long.</summary>
internal static class KeyLetter
{
    private const int Letters = 26;

    /// <summary>A to Z, then A2 to Z2 and so on.</summary>
    public static string Of(int index) => $"{(char)('A' + index % Letters)}{(index < Letters ? "" : $"{index / Letters + 1}")}";
}
