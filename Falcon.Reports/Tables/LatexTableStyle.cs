using System.Text;

namespace Falcon.Reports;

/// <summary>Tables as a LaTeX float: numbers stand in <c>S</c> columns of siunitx, their deviations in columns of their own; a table that is too wide is scaled
/// to the line.</summary>
internal sealed class LatexTableStyle : TableStyle
{
    private const string Packages = "% Needs the packages booktabs, siunitx and graphicx.\n";

    public override string Render(ReportTable table)
    {
        var text = new StringBuilder(Packages);
        text.Append("\\begin{table}[htbp]\n  \\centering\n");
        text.Append($"  \\caption{{{Latex.Escape(Caption(table))}}}\n  \\label{{tab:{table.Label}}}\n  \\smallskip\n");
        text.Append("  \\sisetup{detect-weight=true, mode=text, table-align-text-after=false, retain-explicit-plus=true}\n");
        var panels = LatexPanels.Of(table);
        text.Append(Size(panels.Max(panel => panel.Columns.Count)));
        text.AppendJoin("  \\par\\medskip\n", panels.Select(Tabular));
        foreach (var note in table.Notes)
            text.Append($"  \\par\\smallskip\\parbox{{\\linewidth}}{{\\footnotesize {Mark(note.Mark)}{Latex.Escape(note.Text)}}}\n");
        return text.Append("\\end{table}\n").ToString();
    }

    private static string Tabular(ReportTable table)
    {
        var shapes = Enumerable.Range(0, table.Columns.Count).Select(i => new Shape(table, i)).ToList();
        var text = new StringBuilder("  \\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%\n");
        text.Append($"  \\begin{{tabular}}{{{string.Concat(shapes.Select(shape => shape.Specification))}}}\n    \\toprule\n");
        if (table.HasColumnGroups)
            text.Append(GroupHeadings(table, shapes));
        text.Append($"    {string.Join(" & ", table.Columns.Zip(shapes, (column, shape) => shape.Heading(Latex.Escape(column.Header))))} \\\\\n    \\midrule\n");
        foreach (var row in table.Rows)
        {
            if (row.RuleAbove)
                text.Append("    \\midrule\n");
            text.Append($"    {string.Join(" & ", row.Cells.Zip(shapes, (cell, shape) => shape.Cell(cell)))} \\\\\n");
        }
        return text.Append("    \\bottomrule\n  \\end{tabular}}\n").ToString();
    }

    private static string GroupHeadings(ReportTable table, List<Shape> shapes)
    {
        int Start(int column) => 1 + shapes.Take(column).Sum(shape => shape.Columns);
        int Span(int column, int count) => shapes.Skip(column).Take(count).Sum(shape => shape.Columns);
        var groups = table.ColumnGroups;
        var headings = groups.Select(g => g.First.Group.Length == 0
            ? string.Join(" & ", Enumerable.Repeat("", Span(g.Start, g.Count)))
            : $"\\multicolumn{{{Span(g.Start, g.Count)}}}{{c}}{{{Latex.Escape(g.First.Group)}{Mark(g.First.GroupMark)}}}");
        var rules = groups.Where(g => g.First.Group.Length > 0).Select(g => $"\\cmidrule(lr){{{Start(g.Start)}-{Start(g.Start) + Span(g.Start, g.Count) - 1}}}");
        return $"    {string.Join(" & ", headings)} \\\\\n    {string.Join(" ", rules)}\n";
    }

    // Wide tables shrink in steps, so that tables of like width look alike.
    private static string Size(int columns) => columns switch
    {
        <= 6 => "",
        <= 9 => "  \\small\\setlength{\\tabcolsep}{4pt}\n",
        _ => "  \\footnotesize\\setlength{\\tabcolsep}{3pt}\n",
    };

    private static string Mark(string mark) => mark.Length == 0 ? "" : $"\\textsuperscript{{{Latex.Escape(mark)}}}";

    /// <summary>How one column of a table becomes one or two of LaTeX.</summary>
    private sealed class Shape
    {
        private readonly bool _isNumeric, _hasDeviations;

        public Shape(ReportTable table, int index)
        {
            var cells = table.Rows.Select(row => row.Cells[index]).ToList();
            var hasDifferences = cells.Exists(cell => cell is TableCell.Difference);
            _isNumeric = hasDifferences || cells.Exists(cell => cell is TableCell.Number);
            _hasDeviations = _isNumeric && cells.Exists(cell => cell is TableCell.Number { Estimate.StandardDeviation: not null });
            Specification = _isNumeric
                ? $"S[table-format={(hasDifferences ? "+2.1" : "3.1")}]{(_hasDeviations ? "@{\\,}l" : "")}"
                : table.Columns[index].Alignment == ColumnAlignment.Left ? "l" : "r";
        }

        /// <summary>For the preamble of the table.</summary>
        public string Specification { get; }

        /// <summary>How many columns of LaTeX it takes.</summary>
        public int Columns => _hasDeviations ? 2 : 1;

        public string Heading(string text) => _hasDeviations ? $"\\multicolumn{{2}}{{c}}{{{text}}}" : _isNumeric ? $"{{{text}}}" : text;

        public string Cell(TableCell cell) => cell switch
        {
            TableCell.Text text => Braced(WithMinus(Latex.Escape(text.Value)) + Mark(text.Mark)),
            TableCell.Missing missing => Braced($"--{Mark(missing.Mark)}"),
            TableCell.Difference difference => difference.Signed + Mark(difference.Mark),
            TableCell.Number number => Number(number),
            _ => throw new NotSupportedException(cell.ToString()),
        };

        private static string WithMinus(string text) => text is ['-', >= '0' and <= '9', ..] ? $"$-${text[1..]}" : text;

        // Braces keep siunitx from reading a number.
        private string Braced(string text) => $"{(_isNumeric ? $"{{{text}}}" : text)}{(_hasDeviations ? " &" : "")}";

        private string Number(TableCell.Number number)
        {
            var mark = Mark(number.Mark);
            var deviation = number.Estimate.StandardDeviationText is { } text ? $"{{\\scriptsize$\\pm$ {text}}}" : "";
            var hanging = mark.Length > 0 ? $"\\rlap{{{mark}}}" : "";
            return Aligned(number) + (_hasDeviations ? $" & {deviation}" : "") + hanging;
        }

        // siunitx sets what follows a number right behind it: from there a line as long as the number reaches back under it.
        private static string Aligned(TableCell.Number number) => number.Emphasis switch
        {
            Emphasis.Best => $"\\bfseries {number.Estimate.MeanText}",
            Emphasis.Second => $"{number.Estimate.MeanText} \\llap{{\\underline{{\\phantom{{{number.Estimate.MeanText}}}}}}}",
            _ => number.Estimate.MeanText,
        };
    }
}
