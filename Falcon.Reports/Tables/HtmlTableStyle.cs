using System.Net;
using System.Text;

namespace Falcon.Reports;

/// <summary>Tables as an HTML table; numbers carry their value for sorting, and rows between two rules form a body of their own.</summary>
internal sealed class HtmlTableStyle : TableStyle
{
    public override string Render(ReportTable table)
    {
        var text = new StringBuilder();
        text.Append($"<figure class=\"table\">\n<figcaption>{Escape(Caption(table))}</figcaption>\n<table>\n<thead>\n");
        if (table.HasColumnGroups)
        {
            var groups = table.ColumnGroups.Select(g => $"<th colspan=\"{g.Count}\" class=\"group\">{Escape(g.First.Group)}{Mark(g.First.GroupMark)}</th>");
            text.Append($"<tr>{string.Concat(groups)}</tr>\n");
        }
        text.Append($"<tr class=\"sort\">{string.Concat(table.Columns.Select(c => $"<th{Class(c)}>{Escape(c.Header)}</th>"))}</tr>\n</thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            var cells = row.Cells.Select((cell, i) => $"<td{Class(table.Columns[i])}{SortValue(cell)}>{Cell(cell)}</td>");
            text.Append($"{(row.RuleAbove ? "</tbody>\n<tbody>\n" : "")}<tr>{string.Concat(cells)}</tr>\n");
        }
        text.Append("</tbody>\n</table>\n");
        foreach (var note in table.Notes)
            text.Append($"<p class=\"note\">{Mark(note.Mark)}{Escape(note.Text)}</p>\n");
        return text.Append("</figure>\n").ToString();
    }

    private static string Cell(TableCell cell) => cell switch
    {
        TableCell.Text text => Escape(text.Value) + Mark(text.Mark),
        TableCell.Missing missing => $"–{Mark(missing.Mark)}",
        TableCell.Number number => Emphasised(number)
            + (number.Estimate.StandardDeviationText is { } deviation ? $" <small>± {deviation}</small>" : "") + Mark(number.Mark)
            + (number.PValue is { } p ? $"<small class=\"p\">{Escape(PValue.Relation(p))}</small>" : ""),
        TableCell.Difference difference => difference.Signed + Mark(difference.Mark),
        _ => throw new NotSupportedException(cell.ToString()),
    };

    private static string Emphasised(TableCell.Number number) => number.Emphasis switch
    {
        Emphasis.Best => $"<b>{number.Estimate.MeanText}</b>",
        Emphasis.Second => $"<u>{number.Estimate.MeanText}</u>",
        _ => number.Estimate.MeanText,
    };

    private static string SortValue(TableCell cell) => cell switch
    {
        TableCell.Number number => $" data-value=\"{number.Estimate.MeanText}\"",
        TableCell.Difference difference => $" data-value=\"{difference.Signed}\"",
        _ => "",
    };

    private static string Class(TableColumn column) => column.Alignment == ColumnAlignment.Right ? " class=\"number\"" : "";

    private static string Mark(string mark) => mark.Length == 0 ? "" : $"<sup>{Escape(mark)}</sup>";

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
