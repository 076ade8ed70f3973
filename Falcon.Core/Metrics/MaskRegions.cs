namespace Falcon.Metrics;

/// <summary>The 8-connected anomalous regions of one mask, as horizontal runs of pixels (run-based two-pass labelling with union–find,
/// He, Chao and Suzuki 2008).</summary>
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
    public static MaskRegions Of(ReadOnlySpan<byte> mask, int width)
    {
        List<MaskRun> runs = [];
        List<int> parents = [];
        int aboveStart = 0, aboveEnd = 0;
        for (var row = 0; row < mask.Length; row += width)
        {
            var (above, rowStart) = (aboveStart, runs.Count);
            foreach (var (start, length) in RunsOfRow(mask.Slice(row, width)))
            {
                var run = runs.Count;
                parents.Add(run);
                runs.Add(new MaskRun(row + start, length, run));
                while (above < aboveEnd && runs[above].Start + runs[above].Length < row - width + start)
                    above++;
                for (var touching = above; touching < aboveEnd && runs[touching].Start <= row - width + start + length; touching++)
                    Join(parents, touching, run);
            }
            (aboveStart, aboveEnd) = (rowStart, runs.Count);
        }
        return Numbered(runs, parents);
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

    private static List<(int Start, int Length)> RunsOfRow(ReadOnlySpan<byte> row)
    {
        List<(int, int)> runs = [];
        for (var start = 0; start < row.Length;)
        {
            var gap = row[start..].IndexOfAnyExcept((byte)0);
            if (gap < 0)
                break;
            start += gap;
            var length = row[start..].IndexOf((byte)0);
            length = length < 0 ? row.Length - start : length;
            runs.Add((start, length));
            start += length;
        }
        return runs;
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
