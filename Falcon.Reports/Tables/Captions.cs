namespace Falcon.Reports;

/// <summary>What captions share.</summary>
internal static class Captions
{
    /// <summary>What the numbers are and over how many seeds, as the end of a caption's sentence.</summary>
    public static string Reading(IEnumerable<TableRow> rows)
    {
        var counts = rows.SelectMany(row => row.Cells).OfType<TableCell.Number>().Select(number => number.Estimate.Count).Where(count => count > 0).ToList();
        if (counts.Count == 0)
            return ".";
        var (fewest, most) = (counts.Min(), counts.Max());
        return most == 1 ? ", in percent (one seed)."
            : fewest == most ? $", in percent: mean ± standard deviation over n = {most} seeds."
            : $", in percent: mean ± standard deviation over n = {fewest} to {most} seeds.";
    }
}
