using System.Text;

namespace Falcon.Reports;

/// <summary>A small LaTeX document that shows tables and figures as a paper would, for <c>pdflatex</c>.</summary>
internal static class LatexDocument
{
    /// <summary>Writes the document as text.</summary>
    /// <param name="title">The heading.</param>
    /// <param name="tables">The table files to input, without extension.</param>
    /// <param name="figures">The figures; their PDF files stand beside the document.</param>
    public static string Render(string title, IEnumerable<string> tables, IEnumerable<Figure> figures)
    {
        var document = new StringBuilder();
        document.Append("""
            \documentclass[a4paper]{article}
            \usepackage[utf8]{inputenc}
            \usepackage[margin=25mm]{geometry}
            \usepackage{booktabs}
            \usepackage{graphicx}

            """);
        document.Append($"\\title{{{Latex.Escape(title)}}}\n\\author{{}}\n\\date{{}}\n\\begin{{document}}\n\\maketitle\n");
        foreach (var table in tables)
            document.Append($"\\input{{{table}}}\n");
        foreach (var figure in figures)
        {
            document.Append("\\begin{figure}[htbp]\n  \\centering\n");
            document.Append($"  \\includegraphics{{{figure.Name}.pdf}}\n  \\caption{{{Latex.Escape(figure.Caption)}}}\n  \\label{{fig:{figure.Name}}}\n\\end{{figure}}\n");
        }
        return document.Append("\\end{document}\n").ToString();
    }
}
