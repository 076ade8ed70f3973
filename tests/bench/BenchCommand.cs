using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Falcon.Backbones;
using Falcon.Cli;
using Falcon.Diagnostics;
using Falcon.Randomness;
using Falcon.Training;
using Falcon.Weights;
using Microsoft.FSharp.Collections;
using TorchSharp;

namespace Falcon.Bench;

/// <summary>The command: measures a training step and its parts, images per second, or a verdict, and the memory that they take.</summary>
public static class BenchCommand
{
    private const int LayersShown = 12;

    private const string Usage = """
        USAGE: dotnet run --project tests/bench -c Release -- step|predict|floor|verdict|onnx|regions|start [OPTIONS]

            step                  one training step and its parts; for a method without steps, its fit to five images
            predict               images per second, from the normalised image to the map
            floor                 how much longer a step and a prediction take than their convolutions and linear layers alone
            verdict               a photo at a time, from its file to its score beside the threshold; the method is trained first (--set epochs=1)
            onnx                  a verdict on a frame by libtorch and by ONNX Runtime, in turn; the method is trained first (--set epochs=1)
            regions               the regions of maps of one megapixel
            start                 from the start of this process to the first tensor

            --method <name>       the method; default: falcon
            --set <name=value>    an option of the method; repeat it for several
            --steps <count>       step, floor: how many to measure, after a warm-up; default: 50
            --batch <size>        predict: images per batch; repeat it for several; default: 1 and 16
            --rounds <count>      predict, floor: batches to measure for each size, after a warm-up; verdict: verdicts for each kind of photo; regions: searches of each
                                  map; default: 10, verdict and onnx: 40
            --weights <file>      onnx: the teacher's weights; default: the shipped ones of resnet18, and drawn ones of any other architecture
            --device <name>       where tensors live: cpu (default) or cuda:N
            --threads <count>     threads for each tensor operation; default: all cores
            --json                print one JSON value
        """;

    private static readonly Dictionary<string, string[]> Known = new()
    {
        ["step"] = ["--method", "--set", "--device", "--threads", "--steps"],
        ["predict"] = ["--method", "--set", "--device", "--threads", "--batch", "--rounds"],
        ["floor"] = ["--method", "--set", "--threads", "--steps", "--rounds"],
        ["verdict"] = ["--method", "--set", "--device", "--threads", "--rounds"],
        ["onnx"] = ["--method", "--set", "--weights", "--threads", "--rounds"],
        ["regions"] = ["--rounds"],
        ["start"] = ["--threads"],
    };

    private static int Main(string[] arguments)
    {
        if (arguments.Length == 0 || arguments.Contains("--help") || arguments.Contains("-h"))
        {
            Console.WriteLine(Usage);
            return arguments.Length == 0 ? ExitCode.InvalidInput : ExitCode.Fine;
        }
        try
        {
            Measure(arguments[0], [.. arguments[1..].Where(argument => argument != "--json")], arguments.Contains("--json"));
            return ExitCode.Fine;
        }
        catch (InvalidInputException invalid)
        {
            Falcon.Experiments.Findings.write(Console.Error, invalid.Findings);
            return ExitCode.InvalidInput;
        }
    }

    private static void Measure(string what, string[] arguments, bool asJson)
    {
        var given = Read(what, arguments);
        var threads = Counts("--threads", what == "regions" ? 1 : ComputeThreads.Cores)[0];
        var (steps, rounds, batches) = (Counts("--steps", 50)[0], Counts("--rounds", what is "verdict" or "onnx" ? 40 : 10)[0], Counts("--batch", 1, 16));
        if (what == "regions")
        {
            var measured = RegionBenchmark.Run(rounds);
            Write(measured, [.. measured.MedianSeconds.Select(map => (map.Key, Milliseconds(map.Value)))]);
            return;
        }
        if (what == "start")
        {
            ComputeThreads.Use(threads);
            using var first = torch.zeros(1);
            var seconds = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalSeconds;
            Write(seconds, [("first tensor", Milliseconds(seconds))]);
            return;
        }
        var device = given["--device"].LastOrDefault("cpu");
        if (!HostInfo.Has(device))
            throw new InvalidInputException("this machine has no such device", $"--device {device}", "'falcon doctor' lists the devices.");
        var options = Falcon.Experiments.MethodSettings.resolve(given["--method"].LastOrDefault("falcon"), null, ListModule.OfSeq(given["--set"]));
        ComputeThreads.Use(threads);

        if (what == "onnx")
        {
            using var known = given["--weights"].LastOrDefault() is { } weights ? Teacher.Load(weights, options.Backbone, options.DeepestTap)
                : options.Backbone == WeightsCatalog.Shipped.Backbone ? Teacher.Shipped() : Teacher.Random(options.Backbone, new MasterSeed(0), options.DeepestTap);
            var measured = OnnxBenchmark.Run(options, known, threads, rounds);
            Write(measured, [
                .. new[] { ("libtorch", measured.Libtorch), ("ONNX Runtime", measured.OnnxRuntime) }.Select(part => (
                    part.Item1, $"{Milliseconds(part.Item2.Median)}, 95 % within {Milliseconds(part.Item2.Percentile95)}, fastest {Milliseconds(part.Item2.Fastest)}")),
                ("ONNX Runtime / libtorch", $"{measured.Ratio:F2}"),
                ("largest differences", $"map {measured.Proof.Map:G2}, score {measured.Proof.Score:G2} of the threshold"),
            ]);
            return;
        }

        // Times do not depend on the weights, so the teacher's are drawn.
        using var teacher = Teacher.Random(options.Backbone, new MasterSeed(0), options.DeepestTap, device: torch.device(device));
        if (what == "step")
        {
            var measured = StepBenchmark.Run(options, teacher, steps);
            Write(measured, [
                .. measured.Parts.Select(part => (part.Key, Milliseconds(part.Value))),
                (options.Plan.TakesSteps ? "whole step" : "fit to five images", Milliseconds(measured.MedianSeconds)),
                ("computed once before", Milliseconds(measured.PreparationSeconds)),
            ]);
        }
        else if (what == "floor")
        {
            var measured = FloorBenchmark.Run(options, teacher, steps, rounds);
            Write(measured, [
                .. new[] { ("step", measured.Step), ("prediction", measured.Prediction) }.Where(part => part.Item2 is not null).SelectMany(part => Floor(part.Item1, part.Item2!)),
            ]);
        }
        else if (what == "verdict")
        {
            var measured = VerdictBenchmark.Run(options, teacher, rounds);
            Write(measured, [.. measured.Seconds.SelectMany(photo => photo.Value.Select(part => (
                $"{photo.Key}, {part.Key}",
                $"{Milliseconds(part.Value.Median)}, 95 % within {Milliseconds(part.Value.Percentile95)}, fastest {Milliseconds(part.Value.Fastest)}")))]);
        }
        else
        {
            var measured = PredictBenchmark.Run(options, teacher, batches, rounds);
            Write(measured, [.. measured.ImagesPerSecond.Select(p => ($"batch {p.Key}", $"{Milliseconds(1 / p.Value)} per image, {p.Value:F1} images/s"))]);
        }

        int[] Counts(string option, params int[] otherwise) => given[option].Any() ? [.. given[option].Distinct().Select(text => Count(option, text))] : otherwise;

        void Write<TMeasured>(TMeasured measured, IReadOnlyList<(string What, string Value)> rows)
        {
            var peak = HostInfo.PeakMemoryBytes;
            if (asJson)
                Console.WriteLine(JsonSerializer.Serialize(new { Measured = measured, Threads = threads, PeakMemoryBytes = peak }, JsonSerializerOptions.Web));
            else
                foreach (var (name, value) in rows.Append(("threads", $"{threads}")).Append(("peak memory of the whole process", $"{peak / 1e6:F0} MB")))
                    Console.WriteLine($"{name,-32}  {value}");
        }
    }

    private static ILookup<string, string> Read(string what, string[] arguments)
    {
        if (!Known.TryGetValue(what, out var known))
            throw new InvalidInputException("there is nothing of this name to measure", what, "Measure step, predict, floor, verdict, onnx, regions or start.");
        var pairs = arguments.Chunk(2).ToArray();
        Finding[] findings =
        [
            .. pairs.Where(pair => !known.Contains(pair[0])).Select(pair => new Finding("there is no such option", pair[0], $"There are: {string.Join(", ", known)}.")),
            .. pairs.Where(pair => known.Contains(pair[0]) && pair.Length == 1).Select(pair => new Finding("its value is missing", pair[0], "Write it behind.")),
        ];
        return findings.Length == 0 ? pairs.ToLookup(pair => pair[0], pair => pair[1]) : throw new InvalidInputException(findings);
    }

    private static int Count(string option, string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
        ? count
        : throw new InvalidInputException($"'{text}' is no number of at least 1", option, "Give a whole number, at least 1.");

    private static IEnumerable<(string, string)> Floor(string name, FloorBenchmark.Part part) =>
    [
        (name, $"{part.GigaFlop:F2} GFLOP, {Milliseconds(part.Fastest)} fastest, {Milliseconds(part.Median)} median"),
        ($"{name}, layers alone", $"{Milliseconds(part.Floor)}, {part.GigaFlop / part.Floor:F0} GFLOP/s{(part.FloorOfBFloat16 is { } half ? $"; bfloat16 {Milliseconds(half)}" : "")}"),
        ($"{name}, multiple", $"{part.Multiple:F2}"),
        .. part.Layers.Take(LayersShown).Select(layer => (
            $"  {layer.Calls} × {Milliseconds(layer.Seconds)}",
            $"{layer.Shape.Layer}; {layer.Shape.Input}, weight {layer.Shape.Weight}{(layer.Shape.ToWeight ? ", learns" : "")}: {layer.Shape.GigaFlop / layer.Seconds:F0} GFLOP/s")),
    ];

    private static string Milliseconds(double seconds) => $"{1000 * seconds:F1} ms";
}
