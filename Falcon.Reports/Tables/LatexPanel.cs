namespace Falcon.Reports;

/// <summary>A table, or a part of one, with the widths of its columns: columns of numbers are equally wide.</summary>
internal sealed class LatexPanel
{
    // How narrow columns of names may become, in points at 10 pt.
    private const double Name = 170, NarrowName = 90;

    private readonly LatexSize _size;
    private readonly IReadOnlyList<double> _widths;

    /// <summary>Lays a panel out.</summary>
    /// <param name="table">What it shows.</param>
    /// <param name="size">The size of letters.</param>
    /// <param name="isTight">Whether names may be broken into lines of a few words.</param>
    public LatexPanel(ReportTable table, LatexSize size, bool isTight = false)
    {
        (Table, _size) = (table, size);
        Columns = [.. Enumerable.Range(0, table.Columns.Count).Select(i => new LatexColumn(table, i))];
        var numbers = Columns.Where(column => column.IsNumeric).Select(column => column.Width(size)).DefaultIfEmpty().Max();
        _widths = [.. Columns.Select(column => column.IsNumeric ? numbers : column.Width(size))];
        Total = _widths.Sum() + 2 * size.Gap * _widths.Count;
        if (Total <= LatexWidth.Line)
            return;
        // Names give up what is missing, each in proportion to what it can.
        List<double> spare = [.. Columns.Select((column, i) => column.IsName ? Math.Max(0, _widths[i] - size.Scale * (isTight ? NarrowName : Name)) : 0)];
        var share = Math.Min(1, (Total - LatexWidth.Line) / Math.Max(1, spare.Sum()));
        _widths = [.. _widths.Zip(spare, (width, given) => width - share * given)];
        Total -= share * spare.Sum();
    }

    /// <summary>What it shows.</summary>
    public ReportTable Table { get; }

    /// <summary>The columns.</summary>
    public IReadOnlyList<LatexColumn> Columns { get; }

    /// <summary>How wide it is, in points.</summary>
    public double Total { get; }

    /// <summary>How wide neighbouring columns are together.</summary>
    public double Span(int start, int count) => _widths.Skip(start).Take(count).Sum() + 2 * _size.Gap * (count - 1);

    /// <summary>The panel as a <c>tabular</c>.</summary>
    public string Render()
    {
        var specification = string.Concat(Columns.Zip(_widths, (column, width) => column.Specification(_size, width)));
        var text = new System.Text.StringBuilder($"  \\begin{{tabular}}{{{specification}}}\n    \\toprule\n");
        if (Table.HasColumnGroups)
            text.Append(GroupHeadings());
        text.Append($"    {string.Join(" & ", Columns.Zip(_widths, (column, width) => column.Heading(_size, width)))} \\\\\n    \\midrule\n");
        foreach (var row in Table.Rows)
        {
            if (row.RuleAbove)
                text.Append("    \\midrule\n");
            text.Append($"    {string.Join(" & ", row.Cells.Zip(Columns, (cell, column) => column.Entry(cell)))} \\\\\n");
        }
        return text.Append("    \\bottomrule\n  \\end{tabular}\n").ToString();
    }

    private string GroupHeadings()
    {
        int Place(int column) => 1 + Columns.Take(column).Sum(c => c.Columns);
        int Places(int column, int count) => Columns.Skip(column).Take(count).Sum(c => c.Columns);
        var groups = Table.ColumnGroups;
        var headings = groups.Select(g => g.First.Group.Length == 0
            ? string.Join(" & ", Enumerable.Repeat("", Places(g.Start, g.Count)))
            : $"\\multicolumn{{{Places(g.Start, g.Count)}}}{{c}}{{{LatexColumn.Stacked(g.First.Group, _size, Span(g.Start, g.Count))}{Latex.Mark(g.First.GroupMark)}}}");
        var rules = groups.Where(g => g.First.Group.Length > 0).Select(g => $"\\cmidrule(lr){{{Place(g.Start)}-{Place(g.Start) + Places(g.Start, g.Count) - 1}}}");
        return $"    {string.Join(" & ", headings)} \\\\\n    {string.Join(" ", rules)}\n";
    }
}
