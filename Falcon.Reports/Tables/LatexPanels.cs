namespace Falcon.Reports;

/// <summary>Parts of a table that is too wide for a page, to be set one below the other: each repeats the columns of names and has whole groups of the
/// others.</summary>
internal static class LatexPanels
{
    private const int MostNumbers = 8;

    /// <summary>The parts; the table itself when it is narrow enough or its columns have no groups.</summary>
    public static IReadOnlyList<ReportTable> Of(ReportTable table)
    {
        var names = table.Columns.TakeWhile(column => column.Group.Length == 0).Count();
        var groups = table.ColumnGroups.Where(group => group.Start >= names).ToList();
        if (table.Columns.Count - names <= MostNumbers || groups.Count < 2)
            return [table];
        List<List<int>> parts = [[]];
        foreach (var (_, start, count) in groups)
        {
            if (parts[^1].Count > 0 && parts[^1].Count + count > MostNumbers)
                parts.Add([]);
            parts[^1].AddRange(Enumerable.Range(start, count));
        }
        return [.. parts.Select(part => Part(table, [.. Enumerable.Range(0, names), .. part]))];
    }

    private static ReportTable Part(ReportTable table, IReadOnlyList<int> columns) => table with
    {
        Columns = [.. columns.Select(i => table.Columns[i])],
        Rows = [.. table.Rows.Select(row => row with { Cells = [.. columns.Select(i => row.Cells[i])] })],
    };
}
