namespace Falcon.Parity;

/// <summary>All suites, found by the name of the fixture folder.</summary>
public static class ParitySuites
{
    /// <summary>Every suite, in the order of their names.</summary>
    public static IReadOnlyList<IParitySuite> All { get; } =
    [
        new BackbonesParity(), new DbfadParity(), new EfficientAdParity(), new FalconParity(), new MetricsParity(), new MixedTeacherParity(),
        new RememberingNormalityParity(), new ResizeParity(),
        new ReverseDistillationParity(), new SingleNetParity(), new SspcabParity(), new StpmParity(), new WeightsParity(),
    ];

    /// <summary>The suite for a fixture folder.</summary>
    /// <exception cref="InvalidInputException">There is no such folder, or no suite of its name.</exception>
    public static IParitySuite For(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InvalidInputException("there is no such folder", folder, "Give a folder of fixtures.");
        var name = Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar));
        return All.FirstOrDefault(suite => suite.Name == name)
            ?? throw new InvalidInputException($"no suite is called '{name}'", folder, $"Name the folder one of: {string.Join(", ", All.Select(s => s.Name))}.");
    }
}
