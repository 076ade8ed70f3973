namespace Falcon.Reports;

/// <summary>How a table fits a page: the size of its letters, names that leave the headings for a key, and panels one below the other.</summary>
/// <param name="Size">The size.</param>
/// <param name="Panels">The parts of the table; each repeats the columns of names.</param>
/// <param name="Key">What the letters in the headings stand for, in words; empty where there are none.</param>
internal sealed record LatexLayout(LatexSize Size, IReadOnlyList<LatexPanel> Panels, string Key)
{
    private const int MostLines = 3;

    /// <summary>Finds the largest size at which the table fits, or else panels.</summary>
    public static LatexLayout Of(ReportTable table)
    {
        foreach (var size in LatexSize.All)
        {
            var (shown, key) = Keyed(table, size);
            var whole = new LatexPanel(shown, size);
            if (whole.Total <= LatexWidth.Line)
                return new LatexLayout(size, [whole], key);
        }
        var smallest = LatexSize.All[^1];
        var (keyed, letters) = Keyed(table, smallest);
        var tight = new LatexPanel(keyed, smallest, isTight: true);
        if (tight.Total <= LatexWidth.Line)
            return new LatexLayout(smallest, [tight], letters);
        return new LatexLayout(smallest, [.. Parts(keyed, smallest).Select(part => new LatexPanel(part, smallest))], letters);
    }

    // Group headings become letters when one of them needs more than three lines, or breaks a word.
    private static (ReportTable Table, string Key) Keyed(ReportTable table, LatexSize size)
    {
        var panel = new LatexPanel(table, size);
        var names = table.ColumnGroups.Where(group => group.First.Group.Length > 0).ToList();
        if (names.TrueForAll(group => Fits(group.First.Group, panel.Span(group.Start, group.Count), size)))
            return (table, "");
        var letters = names.Select(group => group.First.Group).Distinct().Select((name, i) => (name, Letter: KeyLetter.Of(i))).ToDictionary(pair => pair.name, pair => pair.Letter);
        var columns = table.Columns.Select(column => column.Group.Length == 0 ? column : column with { Group = letters[column.Group] }).ToList();
        return (table with { Columns = columns }, $"{string.Join("; ", letters.Select(pair => $"{pair.Value}: {pair.Key}"))}.");
    }

    private static bool Fits(string name, double width, LatexSize size) =>
        size.Scale * LatexWidth.OfWords(name) <= width + 0.5 && TextLines.Of(name, line => size.Scale * LatexWidth.Of(line) <= width + 0.5).Count <= MostLines;

    // As many groups as fit beside the names; columns without a group stand alone.
    private static IEnumerable<ReportTable> Parts(ReportTable table, LatexSize size)
    {
        var whole = new LatexPanel(table, size);
        List<int> names = [.. Enumerable.Range(0, table.Columns.Count).TakeWhile(i => !whole.Columns[i].IsNumeric)];
        List<List<int>> parts = [];
        foreach (var (_, start, count) in table.ColumnGroups.Where(group => group.Start >= names.Count))
        {
            var group = Enumerable.Range(start, count);
            if (parts.Count > 0 && new LatexPanel(Part(table, [.. names, .. parts[^1], .. group]), size).Total <= LatexWidth.Line)
                parts[^1].AddRange(group);
            else
                parts.Add([.. group]);
        }
        // Panels of like width.
        var most = parts.Count == 0 ? 0 : (int)Math.Ceiling((double)parts.Sum(part => part.Count) / parts.Count);
        var isEven = parts.Count > 1 && table.ColumnGroups.All(group => group.Start < names.Count || group.Count == 1);
        return isEven
            ? parts.SelectMany(part => part).Chunk(most).Select(part => Part(table, [.. names, .. part]))
            : parts.Count == 0 ? [table] : parts.Select(part => Part(table, [.. names, .. part]));
    }

    private static ReportTable Part(ReportTable table, IReadOnlyList<int> columns) => table with
    {
        Columns = [.. columns.Select(i => table.Columns[i])],
        Rows = [.. table.Rows.Select(row => row with { Cells = [.. columns.Select(i => row.Cells[i])] })],
    };
}
