using System.Text;

namespace Falcon.Reports;

/// <summary>Text in LaTeX.</summary>
internal static class Latex
{
    /// <summary>The text with everything that LaTeX would take as a command written so that it is printed.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var character in text)
        {
            // Two hyphens would become a dash.
            if (character == '-' && escaped.Length > 0 && escaped[^1] == '-')
                escaped.Append("{}");
            escaped.Append(character switch
            {
                '\\' => "\\textbackslash{}",
                '~' => "\\textasciitilde{}",
                '^' => "\\textasciicircum{}",
                '&' or '%' or '$' or '#' or '_' or '{' or '}' => $"\\{character}",
                '<' => "\\textless{}",
                '>' => "\\textgreater{}",
                '|' => "\\textbar{}",
                '"' => "''",
                '±' => "$\\pm$",
                '×' => "$\\times$",
                '−' => "$-$",
                '–' => "--",
                '†' => "$\\dagger$",
                '‡' => "$\\ddagger$",
                'σ' => "$\\sigma$",
                '*' => "$\\ast$",
                _ when char.IsControl(character) => " ",
                _ => character.ToString(),
            });
        }
        return escaped.ToString();
    }

    /// <summary>The mark of a note, raised; nothing for none.</summary>
    public static string Mark(string mark) => mark.Length == 0 ? "" : $"\\textsuperscript{{{Escape(mark)}}}";
}
