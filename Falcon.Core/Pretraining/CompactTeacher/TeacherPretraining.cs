using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;
using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Pretraining;

/// <summary>Makes a compact teacher.</summary>
public static class TeacherPretraining
{
    /// <summary>Trains and writes the network's state dict in float16, which <see cref="Teacher.Load"/> reads under the network's name.</summary>
    /// <param name="options">The recipe; its values are checked first.</param>
    /// <param name="sources">The networks to distil, all of one architecture; none to start from scratch, as the options must say too.</param>
    /// <param name="photos">A folder of photos, also in folders below; null to learn from drawn pictures alone.</param>
    /// <param name="start">Weights of the same compact network to go on from; null to start with random ones.</param>
    /// <param name="path">The safetensors file to write.</param>
    /// <param name="seed">The master seed.</param>
    /// <param name="checkpoint">Continues an interrupted training; null to start anew.</param>
    /// <param name="progress">Told after each pass of <see cref="TeacherPretrainingOptions.StepsPerReport"/> steps.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    /// <returns>The mean losses of each pass, in order.</returns>
    /// <exception cref="InvalidInputException">An option has an impossible value, or there is no photo, or one cannot be read.</exception>
    public static IReadOnlyList<IReadOnlyList<(string Name, double Value)>> Run(
        TeacherPretrainingOptions options, IReadOnlyList<Teacher> sources, string? photos, string? start, string path, MasterSeed seed, TrainingCheckpoint? checkpoint = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        Finding[] findings = [.. options.Check()];
        if (findings.Length > 0)
            throw new InvalidInputException(findings);
        if (sources.Count == 0 != options.FromScratch)
            throw new ArgumentException("There is a source teacher unless the network starts from scratch.", nameof(sources));
        var files = photos is null ? [] : PictureFolder.Files(photos);
        using var nothing = options.FromScratch ? Teacher.Random(options.Network, seed) : null;
        using var network = Network(options, nothing is null ? sources : [nothing], seed);
        if (start is not null)
            network.GoOnFrom(start);
        using var images = Pictures(options, files);
        var losses = network.Learn(options.Plan, images, seed, checkpoint, progress, cancellation);
        SafetensorsWriter.Write(path, Halved(network.Compact));
        return losses;
    }

    private static TeacherPretrainingNetwork Network(TeacherPretrainingOptions options, IReadOnlyList<Teacher> sources, MasterSeed seed)
    {
        using var scope = NewDisposeScope();
        return (TeacherPretrainingNetwork)MethodOptions.Placed(new TeacherPretrainingNetwork(options, sources, seed));
    }

    /// <summary>A pass has the images of <see cref="TeacherPretrainingOptions.StepsPerReport"/> steps; their names are the photos', and empty beyond them.</summary>
    private static TrainingImages Pictures(TeacherPretrainingOptions options, IReadOnlyList<string> files)
    {
        var names = files.Concat(Enumerable.Repeat("", Math.Max(0, options.StepsPerReport * options.BatchSize - files.Count)));
        return new(null, new([], []), [], [.. names]);
    }

    private static List<StoredTensor> Halved(nn.Module network)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        return [.. network.state_dict().Where(entry => !entry.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal))
            .Select(entry => StateDict.Store(entry.Key, entry.Value.to(ScalarType.Float16)))];
    }
}
