using System.Globalization;
using System.Text.Json;
using Falcon.Data;
using Falcon.Detection;
using Falcon.Diagnostics;
using Falcon.Engine;
using Falcon.Imaging;
using Falcon.Methods;
using Falcon.Onnx;
using Falcon.Protocol;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Export;

/// <summary>Writes detectors as ONNX files that programs without Falcon run: the whole way from the 8-bit pixels of an input to map and image score. No file is written
/// before it has been seen to say what the detector says.</summary>
public static class OnnxExport
{
    /// <summary>What names in the metadata begin with.</summary>
    public const string Prefix = "falcon.";

    /// <summary>The version of the metadata.</summary>
    public const string Format = "1";

    private static readonly int[] ThreadCounts = [1, 4];

    /// <summary>Writes a detector and proves the file on sixteen images, on one thread and on four.</summary>
    /// <param name="detector">The detector; it stays the caller's.</param>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="runtime">What runs the file.</param>
    /// <param name="photos">Photos of parts to prove it on, among others; they may be anything that the detector will see.</param>
    /// <param name="digest">The SHA-256 of the detector's file, for the record; null for none.</param>
    /// <param name="cancellation">Stops before the next image.</param>
    /// <returns>What was seen.</returns>
    /// <exception cref="InvalidInputException">The detector cannot be written as ONNX (nothing has been computed), a photo cannot be read, or the file does not say what the
    /// detector says: then there is no file.</exception>
    public static ExportProof Write(
        Detector detector, string path, IOnnxRuntime runtime, IReadOnlyList<ImageItem>? photos = null, string? digest = null, CancellationToken cancellation = default)
    {
        var graph = DetectorGraph.Of(detector).Message();
        return Write(detector, graph, path, runtime, ProofImages.Of(detector, photos ?? []), digest, cancellation);
    }

    /// <summary>As above, of a graph that has been made, on other images of the input's size.</summary>
    internal static ExportProof Write(
        Detector detector, OnnxMessage graph, string path, IOnnxRuntime runtime, IReadOnlyList<RasterImage> images, string? digest, CancellationToken cancellation)
    {
        if (!(Math.Abs(detector.Threshold) > 0) || !double.IsFinite(detector.Threshold))
            throw new InvalidInputException(
                $"its threshold is {detector.Threshold}, by which no difference can be measured", detector.Card.Method.DisplayName, "Set a threshold, or calibrate it on good photos.");
        var described = Description(detector, digest);
        var version = BuildInfo.Current.Version;
        var unproven = $"{Path.GetFullPath(path)}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.unproven";
        try
        {
            OnnxFile.Write(unproven, graph, version, described);
            var proof = Prove(detector, unproven, runtime, images, cancellation);
            if (!proof.Holds)
                throw new InvalidInputException(Refusal(proof, detector), path, "Nothing was written. Report it with the model file, and predict with Falcon itself.");
            OnnxFile.Write(path, graph, version, [.. described, new($"{Prefix}proof", JsonSerializer.Serialize(proof, JsonSerializerOptions.Web))]);
            return proof;
        }
        finally
        {
            File.Delete(unproven);
        }
    }

    private static string Refusal(ExportProof proof, Detector detector) => string.Create(
        CultureInfo.InvariantCulture,
        $"does not say what the detector says: on {proof.Images} images maps differ by up to {proof.Map:G3} and scores by up to {proof.Score:G3} of the threshold {detector.Threshold:G6}, or of themselves where they are above it (allowed: {ExportProof.Tolerance}), and {proof.OtherVerdicts} verdicts are others");

    private static ExportProof Prove(
        Detector detector, string path, IOnnxRuntime runtime, IReadOnlyList<RasterImage> images, CancellationToken cancellation)
    {
        var (threshold, size) = (detector.Threshold, Math.Abs(detector.Threshold));
        var expected = images.Select(image => Judged.By(detector, image)).ToArray();
        double map = 0, score = 0;
        var others = 0;
        foreach (var threads in ThreadCounts)
        {
            using var session = runtime.Open(path, threads);
            foreach (var (image, judged) in images.Zip(expected))
            {
                cancellation.ThrowIfCancellationRequested();
                var given = session.Run(image.Pixels, image.Width, image.Height);
                map = Math.Max(map, Farthest(judged.Map.Values, given[DetectorGraph.Map], size));
                if (given.TryGetValue(DetectorGraph.OwnMap, out var own))
                    map = Math.Max(map, Farthest(judged.OwnMap.Values, own, size));
                var found = given[DetectorGraph.Score][0];
                score = Larger(score, Difference(judged.Score, found, size));
                if (found > threshold != judged.Score > threshold && !(Math.Abs(judged.Score - threshold) <= ExportProof.Tolerance * size))
                    others++;
            }
        }
        return new(
            images.Count, expected.Count(judged => judged.Score > threshold), ThreadCounts, runtime.Name, map, score, others);
    }

    /// <summary>The largest difference; infinite where a value is no number or the sizes differ.</summary>
    private static double Farthest(float[] ours, float[] theirs, double threshold) =>
        ours.Length == theirs.Length ? ours.Zip(theirs, (a, b) => Difference(a, b, threshold)).Aggregate(0.0, Larger) : double.PositiveInfinity;

    private static double Difference(double ours, double theirs, double threshold) => Math.Abs(ours - theirs) / Math.Max(threshold, Math.Abs(ours));

    private static double Larger(double known, double difference) => double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(known, difference);

    private static List<KeyValuePair<string, string>> Description(Detector detector, string? digest)
    {
        var card = detector.Card;
        List<KeyValuePair<string, string>> entries =
        [
            new("format", Format), new("version", BuildInfo.Current.Version), new("method", card.Method.Name), new("options", MethodJson.Write(card.Method).ToJsonString()),
            new("imageScore", card.Method.ImageScore.ToString()), new("threshold", Number(card.Threshold)), new("preprocessing", DetectorFile.ToJson(card.Method.Preprocessing)),
            new("teacher", DetectorFile.ToJson(card.Teacher)), new("source", DetectorFile.ToJson(card.Source)), new("card", DetectorFile.ToJson(card)),
        ];
        if (card.PixelThreshold is { } pixel)
            entries.Add(new("pixelThreshold", Number(pixel)));
        if (digest is not null)
            entries.Add(new("detector", digest));
        return [.. entries.Select(entry => KeyValuePair.Create(Prefix + entry.Key, entry.Value))];

        static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>What the detector's network says of an input.</summary>
    private sealed record Judged(AnomalyMap OwnMap, AnomalyMap Map, double Score)
    {
        public static Judged By(Detector detector, RasterImage image)
        {
            var (method, network) = (detector.Card.Method, detector.Network);
            ComputeThreads.Adopt();
            using var turn = new DeviceTurn(network.Teacher.Device);
            using var scope = NewDisposeScope();
            var pixels = method.Preprocessing.Input(image, network.Teacher.Device);
            var needs = network.Needs;
            var (maps, own) = network.Detect(new NetworkInput(pixels, network.Teacher.SharedFeatures(pixels, needs.Taps)));
            var map = AnomalyMap.FromBatch(maps)[0];
            var enlarged = map.Resize(image.Width, image.Height);
            return new(map, enlarged, method.ImageScore is ImageScoreReducer.Own ? own![0] : enlarged.Score(method.ImageScore));
        }
    }
}
