using Falcon.Metrics;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>The cells of a study, arranged as tables and figures need them. Data sets, categories and methods keep the order in which they first appear;
/// shots ascend.</summary>
public sealed class CellSet
{
    /// <param name="cells">In any order.</param>
    /// <param name="failures">Cells that failed: tables say where a number lacks them. Null for none.</param>
    /// <exception cref="InvalidInputException">Two cells are the same, or numbers of different protocols would stand under one heading.</exception>
    public CellSet(IReadOnlyList<CellResult> cells, IReadOnlyList<FailedCell>? failures = null)
    {
        var titles = new VariantTitles([.. cells.Select(cell => cell.Method).Concat((failures ?? []).Select(failure => failure.Method)).Distinct()]);
        MethodLabel Titled(MethodLabel method) => method with { Title = titles.Of(method) };
        cells = Cells = [.. cells.Select(cell => cell.Called(Titled(cell.Method)))];
        Failures = [.. (failures ?? []).Select(failure => failure with { Method = Titled(failure.Method) })];
        Settings = titles.Shown;
        DataSets = [.. cells.Select(cell => cell.DataSet).Distinct()];
        var methods = cells.Select(cell => cell.Method).Distinct();
        Contenders = [.. methods.SelectMany(method => cells.Where(cell => cell.Method == method).Select(cell => cell.Protocol.Shots).Distinct().Order()
            .Select(shots => new Contender(method, shots)))];
        Metrics = [.. cells.SelectMany(cell => cell.Metrics).Select(value => value.Metric).Distinct()];
        var findings = Repeated(cells).Concat(MixedProtocols(cells)).ToList();
        if (findings.Count > 0)
            throw new InvalidInputException(findings);
    }

    /// <summary>All cells in the order given. Their methods' titles say what differs between the methods of this set.</summary>
    public IReadOnlyList<CellResult> Cells { get; }

    /// <summary>The cells that failed.</summary>
    public IReadOnlyList<FailedCell> Failures { get; }

    /// <summary>What the titles leave out: settings that all methods share, then what else is said of single ones, for example
    /// <c>teacher kestrel, input size 64; FALCON: epochs 20</c>; empty where there is nothing.</summary>
    public string Settings { get; }

    /// <summary>The data sets.</summary>
    public IReadOnlyList<string> DataSets { get; }

    /// <summary>Every method with every number of shots that it was given.</summary>
    public IReadOnlyList<Contender> Contenders { get; }

    /// <summary>Every metric that was evaluated.</summary>
    public IReadOnlyList<Metric> Metrics { get; }

    /// <summary>The categories of a data set.</summary>
    public IReadOnlyList<string> Categories(string dataSet) => [.. Cells.Where(cell => cell.DataSet == dataSet).Select(cell => cell.Category).Distinct()];

    /// <summary>The cells of one contender, on all data sets.</summary>
    public IReadOnlyList<CellResult> Of(Contender contender) =>
        [.. Cells.Where(cell => cell.Method == contender.Method && cell.Protocol.Shots == contender.Shots)];

    /// <summary>A metric on one category, over seeds.</summary>
    public Measurement Measure(string dataSet, string category, Contender contender, Metric metric)
    {
        var values = Of(contender).Where(cell => cell.DataSet == dataSet && cell.Category == category).Select(cell => cell.Find(metric)).OfType<MetricValue>().ToList();
        return values.Exists(value => value.Value is null)
            ? new Measurement(null, Absence.Undefined)
            : Measurement.Of([.. values.Select(value => value.Value!.Value)], Absence.NotEvaluated, HasFailures(dataSet, contender, category));
    }

    /// <summary>The mean of a metric over all categories of a data set, over those seeds that have them all.</summary>
    public Measurement MeasureMean(string dataSet, Contender contender, Metric metric)
    {
        var categories = Categories(dataSet).Count;
        var means = Of(contender).Where(cell => cell.DataSet == dataSet).GroupBy(cell => cell.Seed)
            .Select(seed => seed.Select(cell => cell.Find(metric)?.Value).OfType<double>().ToList())
            .Where(values => values.Count == categories)
            .Select(values => values.Average());
        return Measurement.Of([.. means], Absence.Incomplete, HasFailures(dataSet, contender));
    }

    /// <summary>The kinds of defects of the test images, in the order of their names.</summary>
    public IReadOnlyList<string> Defects => [.. Cells.SelectMany(cell => cell.Images).Where(image => image.IsAnomalous).Select(image => image.Defect).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The cells with good images and those of one kind of defect alone, where there are such. Metrics of images are measured anew; those of pixels are left out.</summary>
    /// <param name="defect">The kind.</param>
    public CellSet OfDefect(string defect) => new([.. Cells.Where(cell => Shows(cell, defect)).Select(cell => cell.OfDefect(defect))], Failures);

    /// <summary>The cells, each as one for each kind of its defects, whose name follows that of the category: <c>bottle: broken_large</c>.</summary>
    public CellSet ByDefect()
    {
        var defects = Defects;
        return new([.. Cells.SelectMany(cell => defects.Where(defect => Shows(cell, defect)).Select(defect => cell.OfDefect(defect).In($"{cell.Category}: {defect}")))], Failures);
    }

    private static bool Shows(CellResult cell, string defect) => cell.Images.Any(image => image.IsAnomalous && image.Defect == defect);

    /// <summary>The lines that stand under a table of these cells: the protocol, and what some metrics mean.</summary>
    /// <param name="metrics">The metrics that the table shows.</param>
    public IReadOnlyList<TableNote> Notes(IReadOnlyList<Metric> metrics) => new TableNotes(this, metrics).All();

    private bool HasFailures(string dataSet, Contender contender, string? category = null) => Failures.Any(failure =>
        failure.DataSet == dataSet && failure.Method == contender.Method && failure.Shots == contender.Shots && (category is null || failure.Category == category));

    private static IEnumerable<Finding> Repeated(IReadOnlyList<CellResult> cells) => cells
        .GroupBy(cell => (cell.DataSet, cell.Category, cell.Method, cell.Protocol.Shots, cell.Seed))
        .Where(same => same.Count() > 1)
        .Select(same => new Finding($"there are {same.Count()} results for one cell", Place(same.First()), "Report each cell once."));

    private static IEnumerable<Finding> MixedProtocols(IReadOnlyList<CellResult> cells) => cells
        .GroupBy(cell => (cell.DataSet, cell.Method, cell.Protocol.Shots))
        .Where(heading => heading.Select(cell => cell.Protocol).Distinct().Count() > 1)
        .Select(heading => new Finding(
            $"results of different protocols would stand under one heading ({string.Join(" / ", heading.Select(cell => cell.Protocol).Distinct())})",
            Place(heading.First()),
            "Give the variants different method titles, or report them apart."));

    private static string Place(CellResult cell) => $"{cell.Method.Title}, {cell.DataSet} {cell.Category}, {cell.Protocol.Shots.Description}, seed {cell.Seed}";
}
