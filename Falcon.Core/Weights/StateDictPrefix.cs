namespace Falcon.Weights;

/// <summary>Finds what stands before a network's names in a file that holds more than the bare network.</summary>
internal static class StateDictPrefix
{
    /// <summary>The prefix (empty, or ending with a dot) under which most of the wanted names are.</summary>
    /// <exception cref="InvalidInputException">No wanted name occurs, or several prefixes fit equally well.</exception>
    public static string Find(WeightFile file, IReadOnlyCollection<string> wanted)
    {
        var best = wanted
            .SelectMany(name => file.Names.Where(stored => EndsWith(stored, name)).Select(stored => stored[..^name.Length]))
            .CountBy(prefix => prefix)
            .GroupBy(candidate => candidate.Value, candidate => candidate.Key)
            .MaxBy(group => group.Key)?.ToList();
        return best switch
        {
            [var single] => single,
            null => throw new InvalidInputException(
                $"holds none of the weights of this network; its first names are {string.Join(", ", file.Names.Take(3))}",
                file.FilePath,
                "Check that it is the right file."),
            _ => throw new InvalidInputException(
                $"holds {best.Count} networks that fit: {string.Join(", ", best.Select(prefix => $"'{prefix}'"))}",
                file.FilePath,
                "Save only the one that is meant."),
        };
    }

    private static bool EndsWith(string stored, string name) =>
        stored.EndsWith(name, StringComparison.Ordinal) && (stored.Length == name.Length || stored[stored.Length - name.Length - 1] == '.');
}
