using Falcon.Metrics;
using Falcon.Weights;

namespace Falcon.Parity;

/// <summary>Replays <c>metrics.safetensors</c>: for each case <c>X</c> the scores, labels, maps and masks give the eight numbers of <c>X.expected</c>.</summary>
public sealed class MetricsParity : IParitySuite
{
    private const string FileName = "metrics.safetensors";
    private const string Expected = ".expected";
    private const double Tolerance = 1e-6;

    private static readonly Metric[] Order =
    [
        Metric.ImageAuroc, Metric.ImageAp, Metric.ImageF1Max, Metric.PixelAuroc, Metric.PixelAp, Metric.PixelF1Max, Metric.Aupro(0.3), Metric.Aupro(0.05),
    ];

    /// <inheritdoc/>
    public string Name => "metrics";

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => [FileName];

    /// <inheritdoc/>
    public IEnumerable<ParityResult> Replay(string folder)
    {
        using var file = SafetensorsFile.Open(Path.Combine(folder, FileName));
        foreach (var name in file.Names.Where(n => n.EndsWith(Expected, StringComparison.Ordinal)))
        {
            var (images, pixels) = Rankings(file, name[..^Expected.Length]);
            var expected = file.Doubles(name);
            for (var i = 0; i < Order.Length; i++)
            {
                var error = Math.Abs((Order[i].Of(images, pixels) ?? double.NaN) - expected[i]);
                yield return new ParityResult(FileName, $"{name}[{Order[i].Name}]", error, Tolerance, "absolute");
            }
        }
    }

    private static (ImageRanking, PixelRanking) Rankings(SafetensorsFile file, string name)
    {
        var (maps, masks) = (file.Floats($"{name}.maps"), file.Bytes($"{name}.masks").ToArray());
        var shape = file.Entry($"{name}.maps").Shape;
        var (width, size) = ((int)shape[2], (int)(shape[1] * shape[2]));
        var samples = Enumerable.Range(0, (int)shape[0])
            .Select(i => new AnomalyMapSample($"{name}.maps[{i}]", width, maps.AsMemory(i * size, size), masks.AsMemory(i * size, size)));
        var labels = Array.ConvertAll(file.Longs($"{name}.labels"), label => label != 0);
        return (new ImageRanking(file.Doubles($"{name}.scores"), labels), new PixelRanking([.. samples]));
    }
}
