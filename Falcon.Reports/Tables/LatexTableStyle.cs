using System.Text;

namespace Falcon.Reports;

/// <summary>Tables as a LaTeX float: numbers stand in <c>S</c> columns of siunitx, their deviations in columns of their own. Nothing is scaled: a table that is too wide
/// for a line gets smaller letters, a key for long names, and then panels.</summary>
internal sealed class LatexTableStyle : TableStyle
{
    private const string Packages = "% Needs the packages booktabs, siunitx and array.\n";

    public override string Render(ReportTable table)
    {
        var layout = LatexLayout.Of(table);
        var text = new StringBuilder(Packages);
        text.Append("\\begin{table}[htbp]\n  \\centering\n");
        text.Append($"  \\caption{{{Latex.Escape(Caption(table))}}}\n  \\label{{tab:{table.Label}}}\n  \\smallskip\n");
        text.Append("  \\sisetup{detect-weight=true, mode=text, table-align-text-after=false, retain-explicit-plus=true}\n");
        text.Append(layout.Size.Command);
        text.AppendJoin("  \\par\\medskip\n", layout.Panels.Select(panel => panel.Render()));
        foreach (var note in layout.Key.Length > 0 ? table.Notes.Prepend(new TableNote("", layout.Key)) : table.Notes)
            text.Append($"  \\par\\smallskip\\parbox{{\\linewidth}}{{\\footnotesize {Latex.Mark(note.Mark)}{Latex.Escape(note.Text)}}}\n");
        return text.Append("\\end{table}\n").ToString();
    }
}
