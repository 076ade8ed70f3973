using System.Globalization;
using System.Text;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>Where the cells come from, on a page.</summary>
internal static class ProvenanceSection
{
    /// <summary>The section as HTML; cells of the same build, machine and teacher stand together.</summary>
    public static string Render(CellSet cells)
    {
        var section = new StringBuilder();
        foreach (var same in cells.Cells.Select(cell => cell.Provenance).GroupBy(Origin.Of))
        {
            var cost = string.Create(
                CultureInfo.InvariantCulture,
                $"{same.Sum(p => p.WallSeconds):F0} s in all, at most {same.Max(p => p.PeakMemoryBytes) / 1e6:F0} MB of memory");
            section.Append($"<figure>\n<figcaption>{Wording.Count(same.Count(), "cell")}: {cost}</figcaption>\n<dl>\n");
            section.Append($"<dt>Falcon</dt><dd>{Wording.Html(same.Key.Build)}</dd>\n<dt>Runtime</dt><dd>{Wording.Html(same.Key.Runtime)}</dd>\n");
            section.Append($"<dt>Machine</dt><dd>{Wording.Html(same.Key.Machine)}</dd>\n<dt>Teacher</dt><dd>{Wording.Html(same.Key.Teacher)}</dd>\n");
            section.Append("</dl>\n</figure>\n");
        }
        return section.ToString();
    }

    // What cells of one run on one machine share.
    private sealed record Origin(string Build, string Runtime, string Machine, string Teacher)
    {
        public static Origin Of(Provenance p) => new(
            $"{p.Version}{(p.Commit is null ? "" : $", commit {p.Commit}")}{(p.Dirty ? " with uncommitted changes" : "")}",
            $"{p.Runtime}, {p.Engine}",
            $"{p.OperatingSystem}; {p.Cpu}, {Wording.Count(p.Cores, "core")}; {p.Device}, {Wording.Count(p.Threads, "thread")}",
            p.TeacherDigest);
    }
}
