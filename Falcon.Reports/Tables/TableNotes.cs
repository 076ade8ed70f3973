using Falcon.Metrics;
using Falcon.Protocol;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>Collects what must be said under a table: the protocol, the variant of a metric, and why numbers are missing.</summary>
internal sealed class TableNotes(CellSet cells, IReadOnlyList<Metric> metrics)
{
    private const string Dagger = "†", DoubleDagger = "‡", Section = "§", Ring = "°";

    private readonly List<Absence> _absences = [];
    private bool _hasFailures, _hasOracle;

    /// <summary>The marks of a method whose weights were chosen on the test images, whose training images were drawn with replacement, or whose options a search has
    /// chosen; empty for most.</summary>
    public string MethodMark(MethodLabel method) =>
        $"{(Has(method, IsOracle) ? Dagger : "")}{(Has(method, IsRepeated) ? Section : "")}{(Has(method, IsChosen) ? Ring : "")}";

    /// <summary>Measurements of a metric that stand to be compared as entries of the table, the best and the second marked.</summary>
    public IReadOnlyList<TableCell> Compared(Metric metric, IReadOnlyList<(Contender Contender, Measurement Measurement)> measurements) =>
        Comparison.Marked(metric.LowerIsBetter, [.. measurements.Select(m => (m.Contender, Entry(m.Measurement), !Has(m.Contender.Method, IsOracle)))]);

    /// <summary>The mark of a published number.</summary>
    public string ReportedMark(ReportedResult result)
    {
        _hasOracle |= result.IsOracle;
        return result.IsOracle ? Dagger : "";
    }

    /// <summary>All notes, once every entry is there.</summary>
    public IReadOnlyList<TableNote> All()
    {
        var variants = metrics.Select(metric => metric.Variant).OfType<string>().Distinct().ToList();
        List<TableNote> notes = [.. Protocols(variants).Select(line => new TableNote("", line))];
        if (cells.Settings.Length > 0)
            notes.Add(new TableNote("", $"Settings: {cells.Settings}."));
        var machines = cells.Cells.GroupBy(cell => cell.Provenance.Device == "cpu" ? cell.Provenance.Cpu : cell.Provenance.Device).ToList();
        if (machines.Count > 1)
            notes.Add(new TableNote("", $"Computed on {string.Join("; ", machines.Select(same => $"{same.Key} ({Cells(same.Count())})"))}: times do not compare, and last digits may differ."));
        if (_hasOracle || cells.Cells.Any(IsOracle))
            notes.Add(new TableNote(Dagger, "The epoch was chosen on the test images: an upper bound, not a result, and not ranked."));
        if (cells.Cells.Any(IsRepeated))
            notes.Add(new TableNote(Section, "The training images were drawn with replacement: there may be fewer than the shots."));
        if (cells.Cells.Any(IsChosen))
            notes.Add(new TableNote(Ring, "The options were chosen by a search that saw no test image."));
        if (_hasFailures)
            notes.Add(new TableNote(DoubleDagger, $"Cells failed and are not in the number: {string.Join("; ", cells.Failures.Select(failure => failure.Description))}."));
        notes.AddRange(_absences.Select((absence, i) => new TableNote(Letter(i), Reason(absence))));
        return notes;
    }

    /// <summary>A measurement as an entry.</summary>
    public TableCell Entry(Measurement measurement)
    {
        _hasFailures |= measurement.HasFailures;
        if (measurement.Estimate is { } estimate)
            return new TableCell.Number(estimate, Mark: measurement.HasFailures ? DoubleDagger : "");
        if (!_absences.Contains(measurement.Absence))
            _absences.Add(measurement.Absence);
        return new TableCell.Missing(Letter(_absences.IndexOf(measurement.Absence)) + (measurement.HasFailures ? DoubleDagger : ""));
    }

    // One line when all methods share a protocol, the variants of the metrics in it; else a line for each and one for the metrics.
    private IEnumerable<string> Protocols(List<string> variants)
    {
        var lines = cells.Cells.GroupBy(cell => cell.Protocol.Line).ToList();
        if (lines.Count == 1)
            return [$"Protocol: {string.Join("; ", variants.Prepend(lines[0].Key))}."];
        var methods = lines.Select(line => $"Protocol of {string.Join(", ", line.GroupBy(cell => cell.Method).Select(cells => Named(cells, lines)))}: {line.Key}.");
        return variants.Count == 0 ? methods : methods.Append($"Metrics: {string.Join("; ", variants)}.");
    }

    /// <summary>A method, with its numbers of shots where others of them have another protocol.</summary>
    private static string Named(IGrouping<MethodLabel, CellResult> cells, IEnumerable<IEnumerable<CellResult>> lines)
    {
        if (lines.Count(line => line.Any(cell => cell.Method == cells.Key)) == 1)
            return cells.Key.Title;
        return $"{cells.Key.Title} with {string.Join(", ", cells.Select(cell => cell.Protocol.Shots).Distinct().Order().Select(shots => shots.Description))}";
    }

    private static string Cells(int count) => count == 1 ? "1 cell" : $"{count} cells";

    private bool Has(MethodLabel method, Func<CellResult, bool> property) => cells.Cells.Any(cell => cell.Method == method && property(cell));

    private static bool IsChosen(CellResult cell) => cell.Protocol.Choice is not null;

    private static bool IsRepeated(CellResult cell) => cell.Protocol.Repeats;

    private static bool IsOracle(CellResult cell) => cell.Protocol.Checkpoint is CheckpointRule.OracleOnTest;

    private static string Letter(int index) => ((char)('a' + index)).ToString();

    private static string Reason(Absence absence) => absence switch
    {
        Absence.NotEvaluated => "Not evaluated.",
        Absence.NotRun => "Not run in this study.",
        Absence.NotPublished => "No published number is known.",
        Absence.Undefined => "Undefined: the test data are of one class only.",
        Absence.Failed => "Failed: no seed came to an end.",
        Absence.Incomplete => "No mean: no seed has a value for every category.",
        _ => throw new ArgumentOutOfRangeException(nameof(absence)),
    };
}
