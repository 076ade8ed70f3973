using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Falcon;

/// <summary>Names of files and folders that are made of anybody's names. Two different texts never get one name, also where a file system ignores how letters are composed.</summary>
public static class FileName
{
    // What file systems take, less what a name for a time may need beside.
    private const int MostBytes = 255;
    private const int ShortDigest = 8;

    /// <summary>A part of a name: letters, digits, marks and signs of every script stay; blanks, separators and other signs of ASCII than <c>. _ + =</c> become hyphens. Where that
    /// loses something, a tilde and the beginning of the text's SHA-256 follow: <c>100-~3c5e1b0f</c>.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="isShared">Whether another name is the same but for capitals: the digest follows in any case.</param>
    public static string Part(string text, bool isShared = false)
    {
        var plain = Plain(text).Trim('-');
        return !isShared && plain.Length > 0 && plain == text && !IsComposed(text) ? plain : $"{plain}~{Digest(text)}";
    }

    /// <summary>The text with hyphens for what file names do not take, without a mark for what is lost.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii ? Rune.IsLetterOrDigit(rune) || "._+=".Contains((char)rune.Value) : IsShown(rune))
                plain.Append(rune);
            else if (plain.Length == 0 || plain[^1] != '-')
                plain.Append('-');
        }
        return plain.ToString();
    }

    /// <summary>The name if it has no more bytes than that in UTF-8, else its beginning with a hyphen and the beginning of its SHA-256. What belongs to one letter stays together.</summary>
    public static string Shortened(string name, int mostBytes)
    {
        if (Encoding.UTF8.GetByteCount(name) <= mostBytes)
            return name;
        var beginning = new StringBuilder();
        var left = mostBytes - ShortDigest - 1;
        foreach (var letter in TextElements(name))
        {
            left -= Encoding.UTF8.GetByteCount(letter);
            if (left < 0)
                break;
            beginning.Append(letter);
        }
        return $"{beginning}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..ShortDigest]}";
    }

    /// <summary>Whether two names differ in capitals alone, if at all: some file systems take them for one.</summary>
    public static bool AreAlike(string first, string second) => Folded(first) == Folded(second);

    /// <summary>The name that somebody means: itself if it is there, else the only one that differs in how letters are composed alone, as names from macOS do from typed ones; null for
    /// none.</summary>
    /// <param name="names">The names that there are.</param>
    /// <param name="meant">As it was typed.</param>
    public static string? Find(IEnumerable<string> names, string meant)
    {
        var composed = ComposedLetters.Of(meant);
        string[] same = [.. names.Where(name => ComposedLetters.Of(name) == composed).Distinct()];
        return same.Contains(meant) ? meant : same is [var only] ? only : null;
    }

    /// <summary>A text in one line: line breaks and other controls, which a terminal would obey, are shown by their numbers.</summary>
    public static string Shown(string text) => !text.Any(char.IsControl) ? text
        : string.Concat(text.Select(letter => char.IsControl(letter) ? $"\\x{(int)letter:x2}" : letter.ToString()));

    /// <summary>Names for what is made of files, without extension, by the files' own names: their own without extension where nothing speaks against it. Where two would have one,
    /// they keep their extensions; where that does not help, a name would be that of a folder, or is too long, the beginning of a SHA-256 tells them apart.</summary>
    /// <param name="files">Relative names with forward slashes, each once.</param>
    /// <param name="endings">What will be appended: <c>.png</c>.</param>
    public static IReadOnlyDictionary<string, string> Stems(IReadOnlyCollection<string> files, params IReadOnlyList<string> endings)
    {
        var longest = endings.Max(ending => ending.Length);
        var bare = files.GroupBy(file => Folded(WithoutExtension(file))).ToDictionary(same => same.Key, same => same.Count());
        var stems = files.ToDictionary(file => file, file => bare[Folded(WithoutExtension(file))] == 1 ? WithoutExtension(file) : file);
        for (var round = 0; round < 2; round++)
        {
            var taken = stems.Values.GroupBy(Folded).ToDictionary(same => same.Key, same => same.Count());
            var folders = stems.Values.SelectMany(Folders).Select(Folded).ToHashSet();
            foreach (var file in files)
            {
                var stem = stems[file];
                if (taken[Folded(stem)] > 1 || round == 0 && IsComposed(stem) || endings.Any(ending => folders.Contains(Folded(stem + ending))))
                    stems[file] = $"{stem}~{(round == 0 ? Digest(file) : Whole(file))}";
            }
        }
        return stems.ToDictionary(stem => stem.Key, stem => Fitting(stem.Value, MostBytes - longest));
    }

    private static string Fitting(string stem, int mostBytes)
    {
        var at = stem.LastIndexOf('/') + 1;
        return stem[..at] + Shortened(stem[at..], mostBytes);
    }

    private static string WithoutExtension(string file) => Path.ChangeExtension(file, null);

    private static IEnumerable<string> Folders(string stem)
    {
        for (var at = stem.IndexOf('/'); at >= 0; at = stem.IndexOf('/', at + 1))
            yield return stem[..at];
    }

    private static string Folded(string text) => text.ToUpperInvariant();

    // Letters of several characters, of which there may be another spelling with one: some file systems take both for one name. The tables that would tell are not on every machine.
    private static bool IsComposed(string text) => text.Any(character => character is >= '\u0300' and <= '\u036F' or '\u3099' or '\u309A' or >= '\u1100' and <= '\u11FF');

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned) && rune != Rune.ReplacementChar;

    private static IEnumerable<string> TextElements(string text)
    {
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
            yield return elements.GetTextElement();
    }

    private static string Digest(string text) => Whole(text)[..ShortDigest];

    // Not of UTF-8, which has no halves of letters.
    private static string Whole(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(text)));
}
