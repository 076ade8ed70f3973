using Falcon.Results;
using Falcon.Weights;

namespace Falcon.Reports;

/// <summary>The anomaly maps of a cell, and the range of colours in which they can be compared with one another.</summary>
internal sealed class CellMaps
{
    private const int SampleSize = 1 << 20;
    private const double Brightest = 0.999;

    private readonly Dictionary<string, (float[] Values, int Width, int Height)> _maps = [];

    /// <summary>Reads the maps of those images that have one.</summary>
    /// <exception cref="InvalidInputException">A file cannot be read or lacks a map.</exception>
    public CellMaps(CellSource source)
    {
        if (source.Folder is null)
            return;
        foreach (var file in source.Cell.Images.Where(image => image.MapFile is not null).GroupBy(image => image.MapFile!))
        {
            using var maps = SafetensorsFile.Open(Path.Combine(source.Folder, file.Key));
            foreach (var image in file)
            {
                var shape = maps.Entry(image.Image).Shape;
                if (shape.Count != 2)
                    throw new InvalidInputException($"stores '{image.Image}' with {shape.Count} dimensions", maps.FilePath, "Store maps as (H, W).");
                _maps[image.Image] = (maps.Floats(image.Image), (int)shape[1], (int)shape[0]);
            }
        }
        (Low, High) = Range(source.Cell.Images);
    }

    /// <summary>What identifies the content of a file of maps.</summary>
    /// <exception cref="InvalidInputException">It is not there any more.</exception>
    public static string Digest(CellSource source, string file, IReportPieces pieces)
    {
        var path = Path.Combine(source.Folder!, file);
        return source.Has(file) ? pieces.DigestOf(path) : throw new InvalidInputException([Collected(path)]);
    }

    /// <summary>What is said of maps that are not there.</summary>
    public static Finding Collected(string path) =>
        new("its anomaly maps have been collected, so that pictures of them are left out", path, "Run the study again: it computes what is missing.");

    /// <summary>The value of the darkest colour: what half of the pixels of normal images stay below.</summary>
    public float Low { get; }

    /// <summary>The value of the brightest colour: what one pixel in a thousand exceeds.</summary>
    public float High { get; }

    /// <summary>The map of an image, row by row; null when it was not kept.</summary>
    public (float[] Values, int Width, int Height)? Of(ImageOutcome image) => _maps.TryGetValue(image.Image, out var map) ? map : null;

    private (float, float) Range(IReadOnlyList<ImageOutcome> images)
    {
        var all = Sorted(_maps.Values.Select(map => map.Values).ToList());
        var normal = Sorted(images.Where(image => !image.IsAnomalous).Select(image => Of(image)?.Values).OfType<float[]>().ToList());
        if (all.Length == 0)
            return (0, 1);
        var low = (normal.Length > 0 ? normal : all)[(normal.Length > 0 ? normal : all).Length / 2];
        return (low, Math.Max(all[(int)(Brightest * (all.Length - 1))], low + float.Epsilon));
    }

    // Evenly spaced values, at most about a million of them: enough for a range of colours.
    private static float[] Sorted(List<float[]> maps)
    {
        var step = Math.Max(1, (int)(maps.Sum(map => (long)map.Length) / SampleSize));
        var sample = maps.SelectMany(map => Enumerable.Range(0, map.Length / step).Select(i => map[i * step])).ToArray();
        Array.Sort(sample);
        return sample;
    }
}
