using System.Diagnostics;
using Falcon.Backbones;
using Falcon.Data;
using Falcon.Detection;
using Falcon.Imaging;
using Falcon.Methods;
using Falcon.Randomness;
using static TorchSharp.torch;

namespace Falcon.Bench;

/// <summary>How long a verdict takes, from a photo's file on the disk to its score beside the threshold, one photo at a time.</summary>
/// <param name="Seconds">By the kind of photo, then by what is done.</param>
public sealed record VerdictBenchmark(IReadOnlyDictionary<string, IReadOnlyDictionary<string, RepeatedTime>> Seconds)
{
    private const int WarmUp = 3, LearntPhotos = 5;

    private static readonly (string Kind, int Width, int Height, Func<RasterImage, byte[]?> Encode)[] Photos =
    [
        ("PNG 450×450", 450, 450, _ => null),
        ("PNG 900×900", 900, 900, _ => null),
        ("JPEG 900×900", 900, 900, image => ImageFile.EncodeJpeg(image)),
        ("JPEG 2592×1944", 2592, 1944, image => ImageFile.EncodeJpeg(image)),
    ];

    /// <summary>Trains a detector on drawn photos, writes others into a folder, and reads them over and over.</summary>
    /// <param name="options">The method.</param>
    /// <param name="teacher">The teacher.</param>
    /// <param name="rounds">Verdicts to measure for each kind of photo.</param>
    public static VerdictBenchmark Run(MethodOptions options, Teacher teacher, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("falcon-bench-").FullName;
        try
        {
            ImageItem[] learnt = [.. BenchmarkImages.Names(LearntPhotos).Select(name => Write(folder, name, 256, 256, _ => null))];
            using var detector = Detector.Train(options, teacher, learnt, new MasterSeed(0));
            return new(Photos.ToDictionary(photo => photo.Kind, photo => Measure(detector, Write(folder, photo.Kind, photo.Width, photo.Height, photo.Encode), rounds)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ImageItem Write(string folder, string name, int width, int height, Func<RasterImage, byte[]?> encode)
    {
        var image = BenchmarkImages.Disc(width, height, new MasterSeed(0).Stream("benchmark", name));
        var path = Path.Combine(folder, $"{name}.image");
        if (encode(image) is { } bytes)
            File.WriteAllBytes(path, bytes);
        else
            ImageFile.WritePng(path, image);
        return new(path, name, "good", IsAnomalous: false);
    }

    /// <summary>Each part by itself, and the whole as a program calls it.</summary>
    private static IReadOnlyDictionary<string, RepeatedTime> Measure(Detector detector, ImageItem photo, int rounds)
    {
        var times = new Dictionary<string, List<double>>();
        for (var round = 0; round < WarmUp + rounds; round++)
        {
            using var scope = NewDisposeScope();
            var (method, network) = (detector.Card.Method, detector.Network);
            var (width, height, pixels) = Time("decode and resize", () =>
            {
                var image = ImageFile.ReadRgb(photo.Path);
                var values = method.Preprocessing.Apply(image);
                return (image.Width, image.Height, tensor(values, [1, 3, method.Preprocessing.Height, method.Preprocessing.Width], device: network.Teacher.Device));
            });
            var features = Time("teacher", () => network.Teacher.SharedFeatures(pixels, network.Needs.Taps));
            var (map, own) = Time("method", () =>
            {
                var (maps, scores) = network.Detect(new(network.Needs.Pixels ? pixels : null, features));
                return (AnomalyMap.FromBatch(maps)[0], scores?[0]);
            });
            Time("score", () => own ?? method.ImageScore.Of(map.Resize(width, height).Values, width, height));
            Time("whole", () => detector.Predict([photo]).Single().Score > detector.Threshold);

            T Time<T>(string what, Func<T> work)
            {
                var started = Stopwatch.GetTimestamp();
                var result = work();
                if (round >= WarmUp)
                    (times.TryGetValue(what, out var known) ? known : times[what] = []).Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
                return result;
            }
        }
        return times.ToDictionary(part => part.Key, part => RepeatedTime.Of(part.Value));
    }
}
