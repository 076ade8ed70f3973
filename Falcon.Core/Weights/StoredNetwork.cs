namespace Falcon.Weights;

/// <summary>Where a network's tensors are: in which file, by whose names and behind which prefix.</summary>
/// <param name="File">It may hold more than the network.</param>
/// <param name="Scheme">Whose names they are.</param>
/// <param name="Prefix">Empty, or ending with a dot.</param>
internal sealed record StoredNetwork(WeightFile File, NameScheme Scheme, string Prefix)
{
    /// <summary>The place where most of the wanted names are; among several, where most of their shapes fit.</summary>
    /// <param name="files">At least one.</param>
    /// <param name="wanted">The network's names, each with whether a shape fits it.</param>
    /// <exception cref="InvalidInputException">No wanted name occurs, or several places fit equally well.</exception>
    public static StoredNetwork Find(IReadOnlyList<WeightFile> files, IReadOnlyDictionary<string, Func<IReadOnlyList<long>, bool>> wanted)
    {
        var best = files.SelectMany(file => NameSchemes.All.SelectMany(scheme => Places(file, scheme, wanted)))
            .GroupBy(found => found.Place, found => found.Fits)
            .GroupBy(found => (Names: found.Count(), Shapes: found.Count(fits => fits)), found => found.Key)
            .MaxBy(places => places.Key)?.ToList();
        return best switch
        {
            [var single] => single,
            null => throw new InvalidInputException([.. files.Select(file => new Finding(
                $"holds none of the weights of this network; its first names are {string.Join(", ", file.Names.Take(3))}",
                file.FilePath,
                "Check that it is the right file."))]),
            _ => throw new InvalidInputException(
                $"holds {best.Count} networks that fit: {string.Join(", ", best.Select(place => place.Described(files.Count)))}",
                string.Join(", ", best.Select(place => place.File.FilePath).Distinct()),
                "Save only the one that is meant."),
        };
    }

    /// <summary>The name in the file of one of the network's tensors.</summary>
    public string NameOf(string own) => Prefix + Scheme.ToForeign(own);

    /// <summary>Names of the file that are the network's but for the prefix, each with the network's own; null where the scheme knows none.</summary>
    public IEnumerable<(string Stored, string? Own)> Names => File.Names
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => (name, Scheme.ToOwn(name[Prefix.Length..])));

    private static IEnumerable<(StoredNetwork Place, bool Fits)> Places(
        WeightFile file, NameScheme scheme, IReadOnlyDictionary<string, Func<IReadOnlyList<long>, bool>> wanted) =>
        wanted.Keys.Any(name => scheme.ToForeign(name) is null)
            ? []
            : from entry in wanted
              let name = scheme.ToForeign(entry.Key)
              from stored in file.Names
              where EndsWith(stored, name)
              select (new StoredNetwork(file, scheme, stored[..^name.Length]), entry.Value(file.Entry(stored).Shape));

    private static bool EndsWith(string stored, string name) =>
        stored.EndsWith(name, StringComparison.Ordinal) && (stored.Length == name.Length || stored[stored.Length - name.Length - 1] == '.');

    private string Described(int files) =>
        $"'{Prefix}'{(files > 1 ? $" of {Path.GetFileName(File.FilePath)}" : "")}{(Scheme == NameSchemes.Falcon ? "" : $" with the names of {Scheme.Origin}")}";
}
