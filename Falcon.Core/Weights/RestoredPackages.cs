using System.Reflection;

namespace Falcon.Weights;

/// <summary>NuGet's folders of restored packages: what a build has restored is found there.</summary>
/// <param name="folders">Each holds <c>package/version/…</c>; the first that has a package counts.</param>
internal sealed class RestoredPackages(IReadOnlyList<string> folders)
{
    /// <summary>Those of this machine: where Falcon was built, <c>NUGET_PACKAGES</c>, and <c>~/.nuget/packages</c>.</summary>
    public static RestoredPackages OfMachine() => new([
        .. typeof(RestoredPackages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Where(text => text.Key == "NuGetPackages").Select(text => text.Value!),
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? "",
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
    ]);

    /// <summary>The folder of an address <c>nuget:PACKAGE/VERSION/FOLDER</c>; null where its package has not been restored.</summary>
    public string? Find(Uri address)
    {
        var (package, version, folder) = Parts(address);
        return folders.Where(Path.IsPathRooted)
            .Select(packages => Path.Combine(packages, package.ToLowerInvariant(), version, folder))
            .FirstOrDefault(Directory.Exists);
    }

    /// <summary>The folder of an address.</summary>
    /// <exception cref="InvalidInputException">Its package has not been restored.</exception>
    public string Require(Uri address)
    {
        var (package, version, _) = Parts(address);
        return Find(address) ?? throw new InvalidInputException(
            "has not been restored on this machine",
            $"the NuGet package {package} {version}",
            "Run 'dotnet restore' in Falcon's folder, or in any project that names this package.");
    }

    private static (string Package, string Version, string Folder) Parts(Uri address) =>
        address.AbsolutePath.Split('/', 3) is [var package, var version, var folder] ? (package, version, folder) : throw new UriFormatException($"{address}");
}
