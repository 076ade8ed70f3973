using System.Text;

namespace Falcon.Reports;

/// <summary>Tables as a LaTeX float.</summary>
internal sealed class LatexTableStyle(string top, string middle, string bottom, string partial) : TableStyle
{
    public override string Render(ReportTable table)
    {
        var text = new StringBuilder();
        text.Append("\\begin{table}[htbp]\n  \\centering\n");
        text.Append($"  \\caption{{{Latex.Escape(Caption(table))}}}\n  \\label{{tab:{table.Label}}}\n  \\smallskip\n");
        text.Append(Size(table.Columns.Count));
        text.Append($"  \\begin{{tabular}}{{{string.Concat(table.Columns.Select(c => c.Alignment == ColumnAlignment.Left ? 'l' : 'r'))}}}\n");
        text.Append($"    {top}\n");
        if (table.HasColumnGroups)
            text.Append(GroupHeadings(table));
        text.Append($"    {string.Join(" & ", table.Columns.Select(c => Latex.Escape(c.Header)))} \\\\\n    {middle}\n");
        foreach (var row in table.Rows)
        {
            if (row.RuleAbove)
                text.Append($"    {middle}\n");
            text.Append($"    {string.Join(" & ", row.Cells.Select(Cell))} \\\\\n");
        }
        text.Append($"    {bottom}\n  \\end{{tabular}}\n");
        foreach (var note in table.Notes)
            text.Append($"  \\par\\smallskip\\parbox{{\\linewidth}}{{\\footnotesize {Mark(note.Mark)}{Latex.Escape(note.Text)}}}\n");
        return text.Append("\\end{table}\n").ToString();
    }

    private string GroupHeadings(ReportTable table)
    {
        var groups = table.ColumnGroups;
        var headings = groups.Select(g => g.First.Group.Length == 0
            ? ""
            : $"\\multicolumn{{{g.Count}}}{{c}}{{{Latex.Escape(g.First.Group)}{Mark(g.First.GroupMark)}}}");
        var rules = groups.Where(g => g.First.Group.Length > 0).Select(g => $"{partial}{{{g.Start + 1}-{g.Start + g.Count}}}");
        return $"    {string.Join(" & ", headings)} \\\\\n    {string.Join(" ", rules)}\n";
    }

    // Wide tables shrink in steps, so that tables of like width look alike.
    private static string Size(int columns) => columns switch
    {
        <= 6 => "",
        <= 9 => "  \\small\\setlength{\\tabcolsep}{4pt}\n",
        _ => "  \\footnotesize\\setlength{\\tabcolsep}{3pt}\n",
    };

    private static string Cell(TableCell cell) => cell switch
    {
        TableCell.Text text => Latex.Escape(text.Value) + Mark(text.Mark),
        TableCell.Missing missing => $"--{Mark(missing.Mark)}",
        TableCell.Number number => Emphasised(number) + (number.Estimate.StandardDeviationText is { } deviation ? $" {{\\scriptsize$\\pm$ {deviation}}}" : ""),
        _ => throw new NotSupportedException(cell.ToString()),
    };

    private static string Emphasised(TableCell.Number number) => number.Emphasis switch
    {
        Emphasis.Best => $"\\textbf{{{number.Estimate.MeanText}}}",
        Emphasis.Second => $"\\underline{{{number.Estimate.MeanText}}}",
        _ => number.Estimate.MeanText,
    };

    private static string Mark(string mark) => mark.Length == 0 ? "" : $"\\textsuperscript{{{Latex.Escape(mark)}}}";
}
