namespace Falcon.Weights;

/// <summary>How a program names the tensors of a network: as Falcon does, but for prefixes that are exchanged. No prefix of a list begins another.</summary>
/// <param name="Origin">Whose names they are, for messages.</param>
/// <param name="Prefixes">Falcon's prefix and the program's, each with its final dot.</param>
internal sealed record NameScheme(string Origin, IReadOnlyList<(string Own, string Foreign)> Prefixes)
{
    /// <summary>The program's name for a tensor; null when it has none.</summary>
    public string? ToForeign(string own) => Exchange(own, Prefixes);

    /// <summary>Falcon's name for a tensor; null when it has none.</summary>
    public string? ToOwn(string foreign) => Exchange(foreign, Prefixes.Select(pair => (pair.Foreign, pair.Own)));

    private static string? Exchange(string name, IEnumerable<(string From, string To)> prefixes)
    {
        foreach (var (from, to) in prefixes)
            if (name.StartsWith(from, StringComparison.Ordinal))
                return to + name[from.Length..];
        return null;
    }
}
