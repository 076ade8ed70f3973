namespace Falcon.Reports;

/// <summary>A way to write tables. All styles print the same digits.</summary>
public abstract class TableStyle
{
    /// <summary>LaTeX with the rules of booktabs and the number columns of siunitx.</summary>
    public static TableStyle Booktabs { get; } = new LatexTableStyle();

    /// <summary>A pipe table as GitHub shows it.</summary>
    public static TableStyle Markdown { get; } = new AlignedTableStyle(isMarkdown: true);

    /// <summary>Plain text for a terminal.</summary>
    public static TableStyle Console { get; } = new AlignedTableStyle(isMarkdown: false);

    /// <summary>Comma-separated values (RFC 4180): mean, standard deviation and count of each number in columns of their own, no caption and no notes.</summary>
    public static TableStyle Csv { get; } = new CsvTableStyle();

    /// <summary>JSON: caption, columns, rows of cells and notes.</summary>
    public static TableStyle Json { get; } = new JsonTableStyle();

    /// <summary>An HTML table element with its caption and notes.</summary>
    public static TableStyle Html { get; } = new HtmlTableStyle();

    /// <summary>The table as text that ends with a line break.</summary>
    public abstract string Render(ReportTable table);

    /// <summary>The caption, with what the emphasis means where there is any.</summary>
    private protected static string Caption(ReportTable table, string emphasis = "Best in bold, second best underlined") =>
        table.HasEmphasis ? $"{table.Caption} {emphasis}, among methods with equal shots." : table.Caption;
}
