using System.Globalization;

namespace Falcon.Reports;

/// <summary>How one column of a table stands in LaTeX. Numbers take an <c>S</c> column of siunitx, their deviations a column of their own behind it.</summary>
internal sealed class LatexColumn
{
    // What a word of a heading may widen its column of numbers to, in points at 10 pt.
    private const double WidestWord = 64, MarkWidth = 6;

    private readonly IReadOnlyList<TableCell> _cells;
    private readonly bool _hasDifferences;

    public LatexColumn(ReportTable table, int index)
    {
        _cells = [.. table.Rows.Select(row => row.Cells[index])];
        Column = table.Columns[index];
        _hasDifferences = _cells.Any(cell => cell is TableCell.Difference);
        IsNumeric = _hasDifferences || _cells.Any(cell => cell is TableCell.Number);
        Deviation = _cells.OfType<TableCell.Number>().Select(number => number.Estimate.StandardDeviationText).OfType<string>().MaxBy(text => text.Length);
    }

    /// <summary>The column.</summary>
    public TableColumn Column { get; }

    /// <summary>Whether it holds measured numbers.</summary>
    public bool IsNumeric { get; }

    /// <summary>Whether it holds names, which may be broken into lines.</summary>
    public bool IsName => !IsNumeric && Column.Alignment == ColumnAlignment.Left;

    /// <summary>The longest deviation; null where there are none.</summary>
    public string? Deviation { get; }

    /// <summary>How many columns of LaTeX it takes.</summary>
    public int Columns => Deviation is null ? 1 : 2;

    /// <summary>How wide its numbers are, in points.</summary>
    public double NumbersWidth(LatexSize size) =>
        size.Scale * (_hasDifferences ? LatexWidth.Difference : LatexWidth.Number) + (Deviation is null ? 0 : LatexWidth.Deviation(Deviation) + 2);

    /// <summary>How wide it is where nothing but headings of numbers is broken into lines, in points.</summary>
    public double Width(LatexSize size)
    {
        if (IsNumeric)
            return Math.Max(NumbersWidth(size), size.Scale * Math.Min(WidestWord, LatexWidth.OfWords(Column.Header)));
        var longest = _cells.OfType<TableCell.Text>().Select(text => LatexWidth.Of(text.Value) + MarkWidth * text.Mark.Length).DefaultIfEmpty().Max();
        return size.Scale * Math.Max(longest, LatexWidth.Of(Column.Header));
    }

    /// <summary>For the preamble of the table.</summary>
    /// <param name="size">The size of letters.</param>
    /// <param name="width">How wide the column is, in points.</param>
    public string Specification(LatexSize size, double width)
    {
        if (IsNumeric)
        {
            // What a heading needs beyond the numbers stands to both sides of them.
            var beside = Math.Max(0, width - NumbersWidth(size)) / 2;
            var format = $"S[table-format={(_hasDifferences ? "+2.1" : "3.1")}";
            return Deviation is null
                ? $"{format}, table-column-width={Points(width)}]"
                : $"{format}, table-number-alignment=right, table-column-width={Points(size.Scale * LatexWidth.Number + beside)}]"
                    + $"@{{\\,}}w{{l}}{{{Points(LatexWidth.Deviation(Deviation) + beside)}}}";
        }
        var broken = $">{{\\raggedright\\arraybackslash\\hangindent=1em}}p{{{Points(width)}}}";
        return !IsName ? "r" : Width(size) > width + 0.5 ? broken : "l";
    }

    /// <summary>The heading in a column of so many points.</summary>
    public string Heading(LatexSize size, double width) => !IsNumeric
        ? Latex.Escape(Column.Header)
        : $"\\multicolumn{{{Columns}}}{{c}}{{{Stacked(Column.Header, size, width)}}}";

    /// <summary>A text in as many lines as its room asks for.</summary>
    public static string Stacked(string text, LatexSize size, double width)
    {
        var lines = TextLines.Of(text, line => size.Scale * LatexWidth.Of(line) <= width + 0.5).Select(Latex.Escape).ToList();
        return lines.Count == 1 ? lines[0] : $"\\shortstack{{{string.Join("\\\\", lines)}}}";
    }

    /// <summary>An entry.</summary>
    public string Entry(TableCell cell) => cell switch
    {
        TableCell.Text text => Braced(WithMinus(Latex.Escape(text.Value)) + Latex.Mark(text.Mark)),
        TableCell.Missing missing => Braced($"--{Latex.Mark(missing.Mark)}"),
        TableCell.Difference difference => difference.Signed + Latex.Mark(difference.Mark) + (Deviation is null ? "" : " &"),
        TableCell.Number number => Number(number),
        _ => throw new NotSupportedException(cell.ToString()),
    };

    private static string WithMinus(string text) => text is ['-', >= '0' and <= '9', ..] ? $"$-${text[1..]}" : text;

    // Braces keep siunitx from reading a number.
    private string Braced(string text) => $"{(IsNumeric ? $"{{{text}}}" : text)}{(Deviation is null ? "" : " &")}";

    private string Number(TableCell.Number number)
    {
        var mark = Latex.Mark(number.Mark);
        var deviation = number.Estimate.StandardDeviationText is { } text ? $"{{\\scriptsize$\\pm$ {text}}}" : "";
        var hanging = mark.Length > 0 ? $"\\rlap{{{mark}}}" : "";
        return Aligned(number) + (Deviation is null ? "" : $" & {deviation}") + hanging;
    }

    // siunitx sets what follows a number right behind it: from there a line as long as the number reaches back under it.
    private static string Aligned(TableCell.Number number) => number.Emphasis switch
    {
        Emphasis.Best => $"\\bfseries {number.Estimate.MeanText}",
        Emphasis.Second => $"{number.Estimate.MeanText} \\llap{{\\underline{{\\phantom{{{number.Estimate.MeanText}}}}}}}",
        _ => number.Estimate.MeanText,
    };

    private static string Points(double points) => $"{points.ToString("F1", CultureInfo.InvariantCulture)}pt";
}
