namespace Falcon.Metrics;

/// <summary>The connected anomalous regions of one mask, as horizontal runs of pixels (run-based two-pass labelling with union–find, He, Chao and
/// Suzuki 2008).</summary>
public sealed class MaskRegions
{
    private MaskRegions(IReadOnlyList<MaskRun> runs, IReadOnlyList<int> areas) => (Runs, Areas) = (runs, areas);

    /// <summary>All anomalous pixels, in memory order.</summary>
    public IReadOnlyList<MaskRun> Runs { get; }

    /// <summary>The number of pixels of each region; regions are numbered by their first pixel in memory order.</summary>
    public IReadOnlyList<int> Areas { get; }

    /// <summary>Finds the regions of a mask.</summary>
    /// <param name="mask">(H, W) row by row, above 0 is anomalous.</param>
    /// <param name="width">Pixels per row; divides the length of <paramref name="mask"/>.</param>
    /// <param name="reach">Pixels whose columns and whose rows differ by no more belong together: 1 for 8-connected regions, n + 1 to join those with n columns or
    /// rows between them.</param>
    public static MaskRegions Of(ReadOnlySpan<byte> mask, int width, int reach = 1)
    {
        List<MaskRun> runs = [];
        List<int> parents = [], rows = [0];
        for (var row = 0; row * width < mask.Length; row++)
        {
            AddRuns(mask.Slice(row * width, width), row * width, runs);
            for (var run = parents.Count; run < runs.Count; run++)
                parents.Add(run);
            rows.Add(runs.Count);
            for (var run = rows[row] + 1; run < runs.Count; run++)
            {
                if (runs[run].Start - runs[run - 1].End < reach)
                    Join(parents, run - 1, run);
            }
            for (var back = 1; back <= Math.Min(reach, row); back++)
                JoinRows(runs, parents, (rows[row - back], rows[row - back + 1]), (rows[row], runs.Count), back * width, reach);
        }
        return Numbered(runs, parents);
    }

    /// <summary>Joins the runs of a row with those that they reach of an earlier one, which lies <paramref name="distance"/> pixels before it in memory.</summary>
    private static void JoinRows(List<MaskRun> runs, List<int> parents, (int Start, int End) earlier, (int Start, int End) later, int distance, int reach)
    {
        var first = earlier.Start;
        for (var run = later.Start; run < later.End; run++)
        {
            var (start, end) = (runs[run].Start - distance, runs[run].End - distance);
            while (first < earlier.End && runs[first].End + reach <= start)
                first++;
            for (var reached = first; reached < earlier.End && runs[reached].Start < end + reach; reached++)
                Join(parents, reached, run);
        }
    }

    private static MaskRegions Numbered(List<MaskRun> runs, List<int> parents)
    {
        List<int> areas = [];
        var numbers = new int[runs.Count];
        for (var i = 0; i < runs.Count; i++)
        {
            var root = Root(parents, i);
            if (root == i)
            {
                numbers[i] = areas.Count;
                areas.Add(0);
            }
            var region = numbers[root];
            areas[region] += runs[i].Length;
            runs[i] = runs[i] with { Region = region };
        }
        return new MaskRegions(runs, areas);
    }

    private static void AddRuns(ReadOnlySpan<byte> row, int offset, List<MaskRun> runs)
    {
        for (var start = 0; start < row.Length;)
        {
            var gap = row[start..].IndexOfAnyExcept((byte)0);
            if (gap < 0)
                break;
            start += gap;
            var length = row[start..].IndexOf((byte)0);
            length = length < 0 ? row.Length - start : length;
            runs.Add(new MaskRun(offset + start, length, 0));
            start += length;
        }
    }

    // The root of a set is its earliest run, so that regions can be numbered in one sweep.
    private static void Join(List<int> parents, int one, int other)
    {
        var (a, b) = (Root(parents, one), Root(parents, other));
        parents[Math.Max(a, b)] = Math.Min(a, b);
    }

    private static int Root(List<int> parents, int run)
    {
        while (parents[run] != run)
            run = parents[run] = parents[parents[run]];
        return run;
    }
}
