using System.Text;

namespace Falcon.Reports;

/// <summary>Tables as text with columns padded to one width: a Markdown pipe table, or plain text for a terminal.</summary>
internal sealed class AlignedTableStyle(bool isMarkdown) : TableStyle
{
    public override string Render(ReportTable table)
    {
        var headings = table.Columns.Select(Heading).ToArray();
        var rows = table.Rows.Select(row => row.Cells.Select(Cell).ToArray()).ToArray();
        var widths = headings.Select((heading, i) => rows.Select(row => row[i].Length).Append(heading.Length).Append(3).Max()).ToArray();

        var text = new StringBuilder();
        text.Append(Escape(isMarkdown ? Caption(table) : Caption(table, "* best, _ second best"))).Append("\n\n");
        text.Append(Line(headings, table, widths));
        text.Append(isMarkdown ? MarkdownRule(table, widths) : PlainRule(widths));
        for (var i = 0; i < rows.Length; i++)
        {
            if (table.Rows[i].RuleAbove && !isMarkdown)
                text.Append(PlainRule(widths));
            text.Append(Line(rows[i], table, widths));
        }
        if (!isMarkdown && table.Notes.Count > 0)
            text.Append('\n');
        foreach (var note in table.Notes)
            text.Append($"{(isMarkdown ? "\n" : "")}{Mark(note.Mark)}{(note.Mark.Length > 0 ? " " : "")}{Escape(note.Text)}\n");
        return text.ToString();
    }

    private string Heading(TableColumn column) => column.Group.Length == 0
        ? Escape(column.Header)
        : $"{Escape(column.Group)}{Mark(column.GroupMark)} {Escape(column.Header)}";

    private string Cell(TableCell cell) => cell switch
    {
        TableCell.Text text => Escape(FileName.Shown(text.Value)) + Mark(text.Mark),
        TableCell.Missing missing => $"–{Mark(missing.Mark)}",
        TableCell.Number number => Emphasised(number) + (number.Estimate.StandardDeviationText is { } deviation ? $" ± {deviation}" : "") + Mark(number.Mark),
        TableCell.Difference difference => difference.Signed + Mark(difference.Mark),
        _ => throw new NotSupportedException(cell.ToString()),
    };

    private string Emphasised(TableCell.Number number) => (number.Emphasis, isMarkdown) switch
    {
        (Emphasis.Best, true) => $"**{number.Estimate.MeanText}**",
        (Emphasis.Second, true) => $"<u>{number.Estimate.MeanText}</u>",
        (Emphasis.Best, false) => $"*{number.Estimate.MeanText}",
        (Emphasis.Second, false) => $"_{number.Estimate.MeanText}",
        _ => number.Estimate.MeanText,
    };

    private string Line(string[] cells, ReportTable table, int[] widths)
    {
        var padded = cells.Select((cell, i) => table.Columns[i].Alignment == ColumnAlignment.Left ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]));
        return isMarkdown ? $"| {string.Join(" | ", padded)} |\n" : $"{string.Join("  ", padded).TrimEnd()}\n";
    }

    private static string MarkdownRule(ReportTable table, int[] widths) =>
        $"|{string.Join("|", widths.Select((w, i) => table.Columns[i].Alignment == ColumnAlignment.Left ? $":{new string('-', w + 1)}" : $"{new string('-', w + 1)}:"))}|\n";

    private static string PlainRule(int[] widths) => $"{string.Join("  ", widths.Select(w => new string('-', w)))}\n";

    private string Mark(string mark) => mark.Length == 0 ? "" : isMarkdown ? $"<sup>{Escape(mark)}</sup>" : $"[{mark}]";

    private string Escape(string text)
    {
        if (!isMarkdown)
            return text;
        var escaped = new StringBuilder();
        foreach (var character in text)
            escaped.Append("\\`*_{}[]<>#|".Contains(character) ? $"\\{character}" : character.ToString());
        return escaped.ToString();
    }
}
