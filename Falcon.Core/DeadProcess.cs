using System.Diagnostics;
using System.IO.Enumeration;

namespace Falcon;

/// <summary>Finds what killed processes have left and will never finish.</summary>
public static class DeadProcess
{
    /// <summary>Files and folders whose names hold the number of a process that is gone.</summary>
    /// <param name="folder">Where they lie; nothing lies in a folder that is not there.</param>
    /// <param name="before">What stands before the number.</param>
    /// <param name="after">What stands behind it, where an asterisk stands for anything.</param>
    public static IEnumerable<string> Leftovers(string folder, string before, string after) =>
        Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder).Where(path => IsLeftover(Path.GetFileName(path), before, after)) : [];

    private static bool IsLeftover(string name, string before, string after)
    {
        if (!name.StartsWith(before, StringComparison.Ordinal))
            return false;
        name = name[before.Length..];
        var digits = name.TakeWhile(char.IsAsciiDigit).Count();
        var rest = name[digits..];
        // The matcher takes no empty pattern.
        return (rest == after || FileSystemName.MatchesSimpleExpression(after, rest, ignoreCase: false)) && int.TryParse(name[..digits], out var id) && IsGone(id);
    }

    private static bool IsGone(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return true;
        }
    }
}
