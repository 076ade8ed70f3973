using System.IO.Enumeration;

namespace Falcon.Imaging;

/// <summary>What lies directly in a folder, in ordinal order. Hidden files and folders are left out, and those that systems put beside photos (<c>Thumbs.db</c>,
/// <c>@eaDir</c>, …): no verb ever sees them. A folder that is not there holds nothing.</summary>
internal static class FolderEntries
{
    private static readonly HashSet<string> OfSystems = new(StringComparer.OrdinalIgnoreCase)
    {
        "Thumbs.db", "ehthumbs.db", "desktop.ini", "Icon\r", "__MACOSX", "@eaDir", "#recycle", "#snapshot", "$RECYCLE.BIN", "System Volume Information", "lost+found",
    };

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>The files, links to nothing among them.</summary>
    /// <exception cref="InvalidInputException">The folder may not be read.</exception>
    public static IReadOnlyList<string> Files(string folder) => Entries(folder, areFolders: false);

    /// <summary>The folders.</summary>
    /// <inheritdoc cref="Files" path="/exception"/>
    public static IReadOnlyList<string> Folders(string folder) => Entries(folder, areFolders: true);

    /// <summary>Whether an entry is never looked at.</summary>
    public static bool IsHidden(ReadOnlySpan<char> name) => name is ['.', ..] || OfSystems.Contains(name.ToString());

    private static string[] Entries(string folder, bool areFolders)
    {
        if (!Directory.Exists(folder))
            return [];
        try
        {
            var entries = new FileSystemEnumerable<string>(folder, (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(), Everything)
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => entry.IsDirectory == areFolders && !entry.IsHidden && !IsHidden(entry.FileName),
            };
            return [.. entries.Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new InvalidInputException("the folder cannot be read", folder, "Give this user the right to read it, or move it elsewhere.");
        }
    }
}
