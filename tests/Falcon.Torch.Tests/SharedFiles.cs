namespace Falcon.Torch.Tests;

/// <summary>Files that stand beside the repository and are not part of it.</summary>
internal static class SharedFiles
{
    /// <summary>The path of a shared file; the running test is skipped if it is not there.</summary>
    internal static string Require(string name)
    {
        var path = Path.Combine(Folder(), name);
        if (!File.Exists(path))
            Assert.Skip($"{path} is not there; set FALCON_SHARED to the folder that holds {name}.");
        return path;
    }

    private static string Folder()
    {
        if (Environment.GetEnvironmentVariable("FALCON_SHARED") is { Length: > 0 } folder)
            return folder;
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Falcon.slnx")))
            root = root.Parent;
        return Path.GetFullPath(Path.Combine(root?.FullName ?? ".", "..", "shared"));
    }
}
