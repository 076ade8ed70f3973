using System.Reflection;

namespace Falcon.Diagnostics;

/// <summary>What this program was built from.</summary>
/// <param name="Version">Falcon's version.</param>
/// <param name="Commit">The commit; null outside a repository.</param>
/// <param name="Dirty">Whether there were uncommitted changes when it was built.</param>
public sealed record BuildInfo(string Version, string? Commit, bool Dirty)
{
    /// <summary>This build.</summary>
    public static BuildInfo Current { get; } = Read(typeof(BuildInfo).Assembly);

    private static BuildInfo Read(Assembly assembly)
    {
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+', 2) ?? ["0"];
        var dirty = assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(a => a is { Key: "Dirty", Value: "true" });
        return new(version[0], version.Length > 1 ? version[1] : null, dirty);
    }
}
