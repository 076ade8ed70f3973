namespace Falcon.Reports;

/// <summary>A table without any particular look; a <see cref="TableStyle"/> gives it one.</summary>
/// <param name="Label">Names it in cross-references: letters, digits and hyphens.</param>
/// <param name="Caption">What it shows, in sentences.</param>
/// <param name="Columns">The columns; those of one group stand side by side.</param>
/// <param name="Rows">The rows, each with one entry per column.</param>
/// <param name="Notes">The lines under it, the protocol first.</param>
public sealed record ReportTable(
    string Label, string Caption, IReadOnlyList<TableColumn> Columns, IReadOnlyList<TableRow> Rows, IReadOnlyList<TableNote> Notes)
{
    /// <summary>Runs of neighbouring columns under one group heading, in order; columns without a group stand alone.</summary>
    public IReadOnlyList<(TableColumn First, int Start, int Count)> ColumnGroups
    {
        get
        {
            List<(TableColumn First, int Start, int Count)> groups = [];
            for (var i = 0; i < Columns.Count; i++)
            {
                if (groups is [.., var last] && last.First.Group == Columns[i].Group && last.First.Group.Length > 0)
                    groups[^1] = last with { Count = last.Count + 1 };
                else
                    groups.Add((Columns[i], i, 1));
            }
            return groups;
        }
    }

    /// <summary>Whether any number stands out as the best.</summary>
    public bool HasEmphasis => Rows.Any(row => row.Cells.Any(cell => cell is TableCell.Number { Emphasis: Emphasis.Best }));

    /// <summary>Whether any column has a group heading.</summary>
    public bool HasColumnGroups => Columns.Any(column => column.Group.Length > 0);
}
