using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Falcon.Reports;

/// <summary>A small LaTeX document that shows tables and figures as a paper would, for <c>pdflatex</c>.</summary>
public static class LatexDocument
{
    private const string Program = "pdflatex";
    private const int MostWaiting = 8;

    /// <summary>Writes the document as text.</summary>
    /// <param name="title">The heading.</param>
    /// <param name="cells">What is reported: its extent becomes the opening paragraph.</param>
    /// <param name="tables">The tables in order; the document inputs files of their labels.</param>
    /// <param name="figures">The figures by the names of their PDF files, which stand beside the document, with captions.</param>
    public static string Render(string title, CellSet cells, IReadOnlyList<ReportTable> tables, IReadOnlyList<(string Name, string Caption)> figures)
    {
        var body = Body(title, cells, tables, figures);
        return Beginning + LettersOf(body, tables).Preamble + body;
    }

    /// <summary>The letters of the document and its tables that pdflatex's fonts lack: they stand in a file beside.</summary>
    internal static LatexLetters Letters(string title, CellSet cells, IReadOnlyList<ReportTable> tables, IReadOnlyList<(string Name, string Caption)> figures) =>
        LettersOf(Body(title, cells, tables, figures), tables);

    private static LatexLetters LettersOf(string body, IReadOnlyList<ReportTable> tables) =>
        LatexLetters.Of(tables.Select(TableStyle.Booktabs.Render).Prepend(body), PlotFonts.OfMachine);

    private const string Beginning = """
            \documentclass[a4paper]{article}
            \usepackage[T1]{fontenc}
            \usepackage[utf8]{inputenc}
            \usepackage{lmodern}
            \usepackage[margin=25mm]{geometry}
            \usepackage{booktabs}
            \usepackage{siunitx}
            \usepackage{array}
            \usepackage{graphicx}

            """;

    private static string Body(string title, CellSet cells, IReadOnlyList<ReportTable> tables, IReadOnlyList<(string Name, string Caption)> figures)
    {
        var document = new StringBuilder();
        document.Append($"\\title{{{Latex.Escape(title)}}}\n\\author{{}}\n\\date{{}}\n\\begin{{document}}\n\\maketitle\n");
        document.Append($"\\noindent {Latex.Escape(Wording.Extent(cells))}\n");
        if (tables.Count > 0)
            document.Append($"{References("Table", tables.Select(table => $"tab:{table.Label}"))}\n");
        if (figures.Count > 0)
            document.Append($"{References("Figure", figures.Select(figure => $"fig:{figure.Name}"))}\n");
        document.Append("\n\\section{Results}\n");
        foreach (var table in tables)
            document.Append($"\\input{{{table.Label}}}\n");
        for (var i = 0; i < figures.Count; i++)
        {
            var (name, caption) = figures[i];
            // LaTeX gives up when too many floats wait for a page.
            if (i % MostWaiting == 0 && figures.Count > MostWaiting)
                document.Append("\\clearpage\n");
            document.Append("\\begin{figure}[htbp]\n  \\centering\n");
            document.Append($"  \\includegraphics{{{name}.pdf}}\n  \\caption{{{Latex.Escape(caption)}}}\n  \\label{{fig:{name}}}\n\\end{{figure}}\n");
        }
        return document.Append("\\end{document}\n").ToString();
    }

    /// <summary>Compiles a document, twice for its references.</summary>
    /// <param name="path">The <c>.tex</c> file; the <c>.pdf</c> is written beside it.</param>
    /// <returns>What LaTeX complained about without giving up: boxes that are too wide or high.</returns>
    /// <exception cref="InvalidInputException">pdflatex is missing or fails.</exception>
    public static IReadOnlyList<string> Compile(string path)
    {
        Run(path);
        return [.. Run(path).Split('\n').Where(line => line.StartsWith("Overfull", StringComparison.Ordinal))];
    }

    // Tables and figures are numbered in the order in which they follow: three or more are a range.
    private static string References(string kind, IEnumerable<string> labels)
    {
        var references = labels.Select(label => $"\\ref{{{label}}}").ToList();
        return references switch
        {
            [var one] => $"See {kind}~{one}.",
            [var first, var second] => $"See {kind}s~{first} and~{second}.",
            _ => $"See {kind}s~{references[0]}--{references[^1]}.",
        };
    }

    private static string Run(string path)
    {
        var start = new ProcessStartInfo(Program) { WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(path)), RedirectStandardOutput = true };
        start.ArgumentList.Add("-interaction=nonstopmode");
        start.ArgumentList.Add("-halt-on-error");
        start.ArgumentList.Add(Path.GetFileName(path));
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new InvalidInputException(
                "the program is not installed", Program, "Install it (Debian: apt-get install texlive-latex-recommended texlive-science texlive-pictures lmodern).");
        }
        // However this process ends, its child does not outlive it.
        AppDomain.CurrentDomain.ProcessExit += End;
        try
        {
            var log = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? log
                : throw new InvalidInputException(
                    $"pdflatex failed: {string.Join(' ', log.Split('\n').SkipWhile(line => !line.StartsWith('!')).Take(4)).Trim()}", path, "The .log file beside it says more; a name that LaTeX does not take may be given otherwise with Data.named or Method.named.");
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= End;
            process.Dispose();
        }

        void End(object? sender, EventArgs ending)
        {
            try
            {
                process.Kill(entireProcessTree: true);
            }
            catch (Exception error) when (error is InvalidOperationException or AggregateException or Win32Exception)
            {
                // It has ended, or a part of it.
            }
        }
    }
}
