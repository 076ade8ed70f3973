namespace Falcon.Parity;

/// <summary>All suites, found by the name of the fixture folder.</summary>
public static class ParitySuites
{
    /// <summary>The suites of files of tensors, in the order of their names.</summary>
    public static IReadOnlyList<FixtureSuite> OfFixtures { get; } =
    [
        .. typeof(FixtureSuite).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(FixtureSuite)))
            .Select(type => (FixtureSuite)Activator.CreateInstance(type)!).OrderBy(suite => suite.Name, StringComparer.Ordinal),
    ];

    /// <summary>Every suite, in the order of their names.</summary>
    public static IReadOnlyList<IParitySuite> All { get; } =
        [.. new IParitySuite[] { new MetricsParity(), new ResizeParity(), new WeightsParity() }.Concat(OfFixtures).OrderBy(suite => suite.Name, StringComparer.Ordinal)];

    /// <summary>The suite of each fixture folder.</summary>
    /// <exception cref="InvalidInputException">There is no such folder, no suite of its name, or it lacks a file; every finding at once.</exception>
    public static IReadOnlyList<(string Folder, IParitySuite Suite)> For(IReadOnlyList<string> folders)
    {
        var found = folders.Select(folder => (Folder: folder, Suite: All.FirstOrDefault(suite => suite.Name == NameOf(folder)))).ToArray();
        Finding[] findings = [.. found.SelectMany(f => Check(f.Folder, f.Suite))];
        return findings.Length == 0 ? [.. found.Select(f => (f.Folder, f.Suite!))] : throw new InvalidInputException(findings);
    }

    private static IEnumerable<Finding> Check(string folder, IParitySuite? suite)
    {
        if (!Directory.Exists(folder))
            return [new("there is no such folder", folder, "Give a folder of fixtures.")];
        if (suite is null)
            return [new($"no suite is called '{NameOf(folder)}'", folder, $"Name the folder one of: {string.Join(", ", All.Select(s => s.Name))}.")];
        return suite.Files.Where(file => !File.Exists(Path.Combine(folder, file)))
            .Select(file => new Finding("there is no such fixture", Path.Combine(folder, file), $"A folder of {suite.Name} holds: {string.Join(", ", suite.Files)}."));
    }

    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
}
