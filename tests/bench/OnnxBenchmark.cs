using System.Diagnostics;
using Falcon.Backbones;
using Falcon.Cli;
using Falcon.Data;
using Falcon.Detection;
using Falcon.Export;
using Falcon.Imaging;
using Falcon.Methods;
using Falcon.Randomness;

namespace Falcon.Bench;

/// <summary>How long a verdict on a frame takes by libtorch and, of the same detector as an ONNX file, by ONNX Runtime: in turn, on as many threads.</summary>
/// <param name="Libtorch"><see cref="Detector.Predict(ReadOnlySpan{byte}, PixelOrder, int, int, int, string)"/>.</param>
/// <param name="OnnxRuntime"><see cref="Inference.Inspector"/>.</param>
/// <param name="Ratio">The median of the ratios of neighbouring verdicts: below 1 ONNX Runtime is faster.</param>
/// <param name="Proof">How far both are apart.</param>
public sealed record OnnxBenchmark(RepeatedTime Libtorch, RepeatedTime OnnxRuntime, double Ratio, ExportProof Proof)
{
    private const int WarmUp = 5, LearntPhotos = 5, Side = 256;

    /// <summary>Trains a detector on drawn photos, exports it and inspects one frame over and over.</summary>
    /// <param name="options">The method.</param>
    /// <param name="teacher">The teacher.</param>
    /// <param name="threads">Threads of both.</param>
    /// <param name="rounds">Verdicts of each.</param>
    public static OnnxBenchmark Run(MethodOptions options, Teacher teacher, int threads, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("falcon-bench-").FullName;
        try
        {
            ImageItem[] learnt = [.. BenchmarkImages.Names(LearntPhotos).Select(Learnt)];
            using var detector = Detector.Train(options, teacher, learnt, new MasterSeed(0));
            var file = Path.Combine(folder, "part.onnx");
            var proof = OnnxExport.Write(detector, file, OnnxProof.runtime);
            using var inspector = Inference.Inspector.Load(file, threads);
            var frame = Picture("frame");
            var (libtorch, onnx) = (new List<double>(), new List<double>());
            for (var round = 0; round < WarmUp + rounds; round++)
            {
                var (first, second) = (
                    Time(() => detector.Predict(frame.Pixels, PixelOrder.Rgb, Side, Side, 3 * Side)),
                    Time(() => inspector.Inspect(frame.Pixels, Inference.PixelOrder.Rgb, Side, Side, 3 * Side)));
                if (round < WarmUp)
                    continue;
                libtorch.Add(first);
                onnx.Add(second);
            }
            return new(RepeatedTime.Of(libtorch), RepeatedTime.Of(onnx), StepBenchmark.Median([.. onnx.Zip(libtorch, (a, b) => a / b)]), proof);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        ImageItem Learnt(string name)
        {
            var path = Path.Combine(folder, $"{name}.png");
            ImageFile.WritePng(path, Picture(name));
            return new(path, name, "good", IsAnomalous: false);
        }

        static RasterImage Picture(string name) => BenchmarkImages.Disc(Side, Side, new MasterSeed(0).Stream("benchmark", name));

        static double Time(Action verdict)
        {
            var started = Stopwatch.GetTimestamp();
            verdict();
            return Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
    }
}
