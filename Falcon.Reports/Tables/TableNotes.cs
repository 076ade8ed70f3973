using Falcon.Metrics;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>Collects what must be said under a table: the protocol, the variant of a metric, and why numbers are missing.</summary>
internal sealed class TableNotes(CellSet cells, IReadOnlyList<Metric> metrics)
{
    private const string Dagger = "†";

    private readonly List<Absence> _absences = [];

    /// <summary>The mark of a method whose weights were chosen on the test images; empty for an honest one.</summary>
    public string OracleMark(MethodLabel method) => cells.Cells.Any(cell => cell.Method == method && IsOracle(cell)) ? Dagger : "";

    /// <summary>Measurements that stand to be compared as entries of the table, the best and the second marked.</summary>
    public IReadOnlyList<TableCell> Compared(IReadOnlyList<(Contender Contender, Measurement Measurement)> measurements) =>
        Comparison.Marked([.. measurements.Select(m => (m.Contender, Entry(m.Measurement), OracleMark(m.Contender.Method).Length == 0))]);

    /// <summary>All notes, once every entry is there.</summary>
    public IReadOnlyList<TableNote> All()
    {
        List<TableNote> notes = [.. Protocols().Select(line => new TableNote("", line))];
        notes.AddRange(metrics.Select(metric => metric.Variant).OfType<string>().Distinct().Select(variant => new TableNote("", $"{variant}.")));
        if (cells.Cells.Any(IsOracle))
            notes.Add(new TableNote(Dagger, "The epoch was chosen on the test images: an upper bound, not a result, and not ranked."));
        notes.AddRange(_absences.Select((absence, i) => new TableNote(Letter(i), Reason(absence))));
        return notes;
    }

    private TableCell Entry(Measurement measurement)
    {
        if (measurement.Estimate is { } estimate)
            return new TableCell.Number(estimate);
        if (!_absences.Contains(measurement.Absence))
            _absences.Add(measurement.Absence);
        return new TableCell.Missing(Letter(_absences.IndexOf(measurement.Absence)));
    }

    private IEnumerable<string> Protocols()
    {
        var lines = cells.Cells.GroupBy(cell => cell.Protocol.Line).ToList();
        return lines.Count == 1
            ? [$"Protocol: {lines[0].Key}."]
            : lines.Select(line => $"Protocol of {string.Join(", ", line.Select(cell => cell.Method.Title).Distinct())}: {line.Key}.");
    }

    private static bool IsOracle(CellResult cell) => cell.Protocol.Checkpoint is CheckpointRule.OracleOnTest;

    private static string Letter(int index) => ((char)('a' + index)).ToString();

    private static string Reason(Absence absence) => absence switch
    {
        Absence.NotEvaluated => "Not evaluated.",
        Absence.Undefined => "Undefined: the test data are of one class only.",
        Absence.Incomplete => "No mean: no seed has a value for every category.",
        _ => throw new ArgumentOutOfRangeException(nameof(absence)),
    };
}
