namespace Falcon.Reports;

/// <summary>A column of a table.</summary>
/// <param name="Header">The heading.</param>
/// <param name="Alignment">Where its entries stand.</param>
/// <param name="Group">A heading above the heading; neighbours with the same one share it. Empty for none.</param>
/// <param name="GroupMark">The mark of a note that belongs to <paramref name="Group"/>; empty for none.</param>
public sealed record TableColumn(string Header, ColumnAlignment Alignment = ColumnAlignment.Right, string Group = "", string GroupMark = "")
{
    /// <summary>Both headings in one line.</summary>
    public string FlatHeader => Group.Length == 0 ? Header : $"{Group} {Header}";
}
