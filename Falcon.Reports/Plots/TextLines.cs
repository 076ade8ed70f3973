namespace Falcon.Reports;

/// <summary>Long texts in several lines.</summary>
internal static class TextLines
{
    private const string Joints = "-_/,;:=+";

    /// <summary>Breaks a text between words, and inside a word only where it does not fit alone, if possible after a hyphen or the like. White space of any
    /// kind counts as one space.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fits">Whether a line has room for so much; a single letter always has.</param>
    public static IReadOnlyList<string> Of(string text, Func<string, bool> fits)
    {
        List<string> lines = [];
        var line = "";
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && fits($"{line} {word}"))
            {
                line += $" {word}";
                continue;
            }
            if (line.Length > 0)
                lines.Add(line);
            line = word;
            while (!fits(line) && line.EnumerateRunes().Skip(1).Any())
            {
                var end = line.EnumerateRunes().First().Utf16SequenceLength;
                foreach (var rune in line.EnumerateRunes().Skip(1).TakeWhile(rune => fits(line[..(end + rune.Utf16SequenceLength)])))
                    end += rune.Utf16SequenceLength;
                if (line.AsSpan(0, end).LastIndexOfAny(Joints) is > 0 and var joint)
                    end = joint + 1;
                lines.Add(line[..end]);
                line = line[end..];
            }
        }
        return line.Length > 0 || lines.Count == 0 ? [.. lines, line] : lines;
    }

    /// <summary>Breaks a text into lines of at most so many letters, separated by <c>\n</c>.</summary>
    public static string OfLetters(string text, int letters) => string.Join('\n', Of(text, line => line.Length <= letters));

    /// <summary>How many lines a broken text has.</summary>
    public static int Count(string text) => text.AsSpan().Count('\n') + 1;
}
