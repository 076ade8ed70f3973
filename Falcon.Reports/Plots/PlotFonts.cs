namespace Falcon.Reports;

/// <summary>The font files that figures may be drawn with. One is used for all texts; another only for a text that has characters the first one lacks.</summary>
public sealed class PlotFonts
{
    // The usual sans-serif fonts, by the names of their files: the same on every system, and asked of no service that a bare container lacks.
    private static readonly string[] Preferred =
    [
        "DejaVuSans.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "Helvetica.ttc", "NotoSans-Regular.ttf", "OpenSans-Regular.ttf", "segoeui.ttf",
        "Roboto-Regular.ttf", "Ubuntu-R.ttf", "Carlito-Regular.ttf", "Inter-Regular.ttf", "FreeSans.ttf", "FreeSans.otf", "NotoSans-Regular.otf",
    ];

    private static readonly Lazy<PlotFonts> Machine = new(() => In([.. UsualFolders()]));
    private readonly IReadOnlyList<Lazy<PlotFont?>> _files;

    private PlotFonts(IEnumerable<string> files)
    {
        _files = [.. files.Select(file => new Lazy<PlotFont?>(() => PlotFont.TryOpen(file)))];
        Main = Regular.FirstOrDefault(font => font.Lacks("Falcon 0123456789 %±").Count == 0);
    }

    /// <summary>Those of this machine: of the folders that the variable <c>FALCON_FONTS</c> names, or else of the system's and the user's usual ones.</summary>
    public static PlotFonts OfMachine => Machine.Value;

    /// <summary>The name of the font that texts are set in; null when there is none.</summary>
    public string? Name => Main?.Typeface.FamilyName;

    /// <summary>Its file; null when there is none.</summary>
    public string? File => Main?.Path;

    /// <summary>What is wrong when there is no font, and what mends it.</summary>
    public static Finding NoneFound { get; } = new(
        "no sans-serif font is on this machine, so figures cannot be drawn",
        Environment.GetEnvironmentVariable("FALCON_FONTS") ?? string.Join(", ", UsualFolders()),
        $"Install one (Debian: sudo apt-get install {Package}), or put a .ttf file into a folder that the variable FALCON_FONTS names.");

    /// <summary>The Debian package with a font that suits.</summary>
    public const string Package = "fonts-dejavu-core";

    internal PlotFont? Main { get; }

    private IEnumerable<PlotFont> Regular => _files.Select(file => file.Value).OfType<PlotFont>();

    /// <summary>The fonts in some folders and below; folders that are missing have none.</summary>
    public static PlotFonts In(params IEnumerable<string> folders)
    {
        var everywhere = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        var files = folders.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", everywhere).Order(StringComparer.Ordinal))
            .Where(file => Path.GetExtension(file).ToLowerInvariant() is ".ttf" or ".otf" or ".ttc");
        return new PlotFonts(files.OrderBy(Rank).ThenBy(file => Path.GetFileName(file), StringComparer.Ordinal));
    }

    /// <summary>The font for a text: the main one where it has all characters, or else the first that lacks the fewest.</summary>
    /// <exception cref="InvalidInputException">There is no font.</exception>
    internal PlotFont For(string text)
    {
        var main = Main ?? throw new InvalidInputException([NoneFound]);
        return main.Lacks(text).Count == 0 ? main : Regular.FirstOrDefault(font => font.Lacks(text).Count == 0) ?? Regular.MinBy(font => font.Lacks(text).Count)!;
    }

    private static int Rank(string file)
    {
        var rank = Array.FindIndex(Preferred, name => name.Equals(Path.GetFileName(file), StringComparison.OrdinalIgnoreCase));
        return rank < 0 ? Preferred.Length : rank;
    }

    private static IEnumerable<string> UsualFolders()
    {
        if (Environment.GetEnvironmentVariable("FALCON_FONTS") is { Length: > 0 } named)
            return named.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsWindows())
        {
            return
            [
                Environment.GetFolderPath(Environment.SpecialFolder.Fonts),
                Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "Microsoft", "Windows", "Fonts"),
            ];
        }
        return OperatingSystem.IsMacOS()
            ? ["/System/Library/Fonts", "/Library/Fonts", Path.Combine(home, "Library", "Fonts")]
            : ["/usr/share/fonts", "/usr/local/share/fonts", Path.Combine(home, ".local", "share", "fonts"), Path.Combine(home, ".fonts")];
    }
}
