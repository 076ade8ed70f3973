namespace Falcon.Reports;

/// <summary>Tables as comma-separated values.</summary>
internal sealed class CsvTableStyle : TableStyle
{
    public override string Render(ReportTable table)
    {
        var numeric = table.Columns.Select((_, i) => table.Rows.Any(row => row.Cells[i] is TableCell.Number)).ToArray();
        var header = table.Columns.SelectMany((column, i) => numeric[i]
            ? [$"{column.FlatHeader} mean", $"{column.FlatHeader} std", $"{column.FlatHeader} n"]
            : new[] { column.FlatHeader });
        var rows = table.Rows.Select(row => row.Cells.SelectMany((cell, i) => Fields(cell, numeric[i])));
        return string.Concat(rows.Prepend(header).Select(fields => Falcon.Csv.Line(fields) + "\n"));
    }

    private static string[] Fields(TableCell cell, bool numeric) => cell switch
    {
        TableCell.Number { Estimate: var e } => [e.MeanText, e.StandardDeviationText ?? "", e.Count > 0 ? $"{e.Count}" : ""],
        TableCell.Difference difference => [difference.Signed],
        TableCell.Text text => [text.Value],
        _ => numeric ? ["", "", ""] : [""],
    };
}
