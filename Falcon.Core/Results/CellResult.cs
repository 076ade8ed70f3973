using System.Text.Json.Serialization;
using Falcon.Metrics;
using Falcon.Protocol;

namespace Falcon.Results;

/// <summary>One evaluated cell of a study: a method trained on a few images of one category with one seed, and what came of it.</summary>
/// <param name="Method">The method.</param>
/// <param name="DataSet">The data set, for example <c>MVTec AD</c>.</param>
/// <param name="Category">The category, for example <c>bottle</c>.</param>
/// <param name="Seed">The master seed.</param>
/// <param name="Protocol">How the numbers were obtained.</param>
/// <param name="Metrics">The metrics in the order asked for, as fractions.</param>
/// <param name="Images">Every test image.</param>
/// <param name="Timings">Where the time went.</param>
/// <param name="Provenance">Where the result comes from.</param>
/// <param name="Losses">How training went; null when that was not recorded.</param>
/// <param name="HeldOut">Scores of the training images by models that had not seen them; null when no metric needs them.</param>
/// <param name="HeldOutModels">How many models gave them, in turn, whose scores have different levels (<see cref="FalseAlarmLimit.Of"/>); null for one level.</param>
public sealed record CellResult(
    MethodLabel Method,
    string DataSet,
    string Category,
    long Seed,
    EvaluationProtocol Protocol,
    [property: JsonConverter(typeof(MetricValuesJsonConverter))] IReadOnlyList<MetricValue> Metrics,
    IReadOnlyList<ImageOutcome> Images,
    Timings Timings,
    Provenance Provenance,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<LossCurve>? Losses = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? HeldOut = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? HeldOutModels = null)
{
    /// <summary>The value of a metric; null when it was not evaluated, which is not the same as evaluated and undefined.</summary>
    public MetricValue? Find(Metric metric) => Metrics.FirstOrDefault(value => value.Metric == metric);

    /// <summary>The same under another name of its method.</summary>
    public CellResult Called(MethodLabel method) => this with { Method = method };

    /// <summary>The same under another name of its category.</summary>
    public CellResult In(string category) => this with { Category = category };

    /// <summary>The same with good images and those of one kind of defect alone: metrics of images are measured anew, those of pixels left out.</summary>
    /// <param name="defect">The kind.</param>
    public CellResult OfDefect(string defect)
    {
        var left = this with { Images = [.. Images.Where(image => !image.IsAnomalous || image.Defect == defect)] };
        var ranking = left.Ranking();
        return left with { Metrics = [.. Metrics.Where(value => !value.Metric.NeedsMaps).Select(value => new MetricValue(value.Metric, value.Metric.Of(ranking, null)))] };
    }

    /// <summary>The test images in order of their scores.</summary>
    public ImageRanking Ranking() => new([.. Images.Select(image => image.Score)], [.. Images.Select(image => image.IsAnomalous)], HeldOut, HeldOutModels ?? 1);
}

/// <summary>Where the wall time of a cell went, in seconds.</summary>
/// <param name="Prepare">Decoding, teacher features and whatever else is computed once.</param>
/// <param name="Train">The training loop.</param>
/// <param name="Predict">Maps and scores of the test images.</param>
/// <param name="Evaluate">Metrics.</param>
public sealed record Timings(double Prepare, double Train, double Predict, double Evaluate);

/// <summary>How one loss went down in training.</summary>
/// <param name="Name">Which loss, as figures name it, for example <c>reconstruction</c>.</param>
/// <param name="Values">Its mean over the steps of each epoch, the first epoch first.</param>
public sealed record LossCurve(string Name, IReadOnlyList<double> Values);
