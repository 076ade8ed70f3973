using System.Text;

namespace Falcon;

/// <summary>Comma-separated values (RFC 4180).</summary>
public static class Csv
{
    private const string Separators = ",;\t";

    /// <summary>Fields as one record without its end; those with commas, quotes or line breaks are quoted, and what a reader would trim.</summary>
    public static string Line(IEnumerable<string> fields) => string.Join(',', fields.Select(Quoted));

    /// <summary>The fields of one record between commas.</summary>
    public static IReadOnlyList<string> Fields(string line) => Records(line, ',').FirstOrDefault()?.Fields ?? [""];

    /// <summary>A whole file: fields between commas, semicolons or tabs, whichever its first line has most of; quoted fields may hold line breaks; blank lines are left out.</summary>
    /// <param name="text">The file's text; lines end in any way, and a byte order mark is left out.</param>
    public static CsvTable Read(string text)
    {
        text = text.TrimStart('\uFEFF');
        var first = text.AsSpan(0, text.AsSpan().IndexOfAny('\r', '\n') is >= 0 and var end ? end : text.Length).ToString();
        var separator = Separators.MaxBy(candidate => Outside(first).Count(letter => letter == candidate));
        return new(separator, [.. Records(text, separator)]);
    }

    private static IEnumerable<CsvRecord> Records(string text, char separator)
    {
        List<string> fields = [];
        var field = new StringBuilder();
        var (isQuoted, isBlank, line, start) = (false, true, 1, 1);
        for (var i = 0; i <= text.Length; i++)
        {
            var letter = i < text.Length ? text[i] : '\n';
            if (isQuoted && i < text.Length)
            {
                if (letter == '"' && i + 1 < text.Length && text[i + 1] == '"')
                    field.Append(text[i++]);
                else if (letter == '"')
                    isQuoted = false;
                else
                    field.Append(letter);
                if (letter == '\n')
                    line++;
                continue;
            }
            if (letter == '"')
                (isQuoted, isBlank) = (true, false);
            else if (letter == separator)
            {
                fields.Add(field.ToString());
                field.Clear();
                isBlank = false;
            }
            else if (letter is '\n' or '\r')
            {
                if (letter == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
                    i++;
                fields.Add(field.ToString());
                field.Clear();
                if (!isBlank)
                    yield return new(start, fields);
                (fields, isBlank, line) = ([], true, line + 1);
                start = line;
            }
            else
            {
                field.Append(letter);
                isBlank &= char.IsWhiteSpace(letter);
            }
        }
    }

    // A line without what stands in quotes.
    private static string Outside(string line) => string.Concat(line.Split('"').Where((_, part) => part % 2 == 0));

    private static string Quoted(string field) => field.AsSpan().ContainsAny(",\"\r\n") || field.Length > 0 && (char.IsWhiteSpace(field[0]) || char.IsWhiteSpace(field[^1]))
        ? $"\"{field.Replace("\"", "\"\"")}\""
        : field;
}

/// <summary>A record of a CSV file.</summary>
/// <param name="Line">The line, from 1, on which it begins.</param>
/// <param name="Fields">Its fields.</param>
public sealed record CsvRecord(int Line, IReadOnlyList<string> Fields);

/// <summary>The records of a CSV file.</summary>
/// <param name="Separator">What stands between fields.</param>
/// <param name="Records">All that are not blank; the first names the columns.</param>
public sealed record CsvTable(char Separator, IReadOnlyList<CsvRecord> Records);
