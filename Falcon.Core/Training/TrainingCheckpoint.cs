using System.Globalization;
using System.Text;
using System.Text.Json;
using Falcon.Engine;
using Falcon.Weights;

namespace Falcon.Training;

/// <summary>Where a training leaves what it needs to go on later, bit for bit: weights, optimisers, the weights chosen so far, losses and position. A checkpoint is one file, whose
/// name carries the digest of its content, so that a damaged one is not used. One that other libraries wrote is not used either: they would go on with other bits.</summary>
/// <param name="folder">A folder of this training alone: whoever continues must train the same network on the same images.</param>
/// <param name="interval">How much work may be lost: a checkpoint is written at the first step after this time, after a tenth of the training if that takes five seconds or
/// more, and on cancellation.</param>
/// <param name="time">The clock; null for the system's.</param>
public sealed class TrainingCheckpoint(string folder, TimeSpan interval, TimeProvider? time = null)
{
    private const double Share = 0.1;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private const string Extension = ".checkpoint", Engine = "engine", Position = "position", OptimiserPrefix = "optimiser.", Reached = "reached", Taken = "seconds";

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly long _started = (time ?? TimeProvider.System).GetTimestamp();
    private long _saved = (time ?? TimeProvider.System).GetTimestamp();
    private long? _savedStep;

    /// <summary>Whether enough has been done since the last checkpoint, or since the first time that this was asked.</summary>
    internal bool IsDue(TrainingMoment moment)
    {
        _savedStep ??= moment.Step;
        var elapsed = _time.GetElapsedTime(_saved);
        return elapsed >= interval || (elapsed >= Pause && moment.Step - _savedStep >= Share * moment.Steps);
    }

    /// <summary>Why <see cref="Restore"/> used no checkpoint although there is one; null where it did, or where there is none.</summary>
    internal string? Refusal { get; private set; }

    /// <summary>How long the training had taken, in earlier processes, when it left what it goes on from; zero where it starts anew.</summary>
    public TimeSpan Earlier { get; private set; }

    private string[] Files => Directory.Exists(folder) ? Directory.GetFiles(folder, $"*{Extension}") : [];

    /// <summary>That of a training which comes before this one.</summary>
    internal TrainingCheckpoint Of(string earlier) => new(Path.Combine(folder, earlier), interval, time);

    /// <summary>Keeps what a part of the work has given that is done, so that it is not done again, and drops the part's own checkpoint.</summary>
    /// <param name="part">The part, as <see cref="Of"/> has it.</param>
    /// <param name="numbers">What it gave.</param>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    internal void Keep(string part, double[] numbers)
    {
        AtomicFile.Write(KeptFile(part), stream => JsonSerializer.Serialize(stream, new KeptNumbers(EngineVersion.Text, numbers)));
        if (Path.Combine(folder, part) is var own && Directory.Exists(own))
            Directory.Delete(own, recursive: true);
    }

    /// <summary>What <see cref="Keep"/> has kept; null where there is nothing, or nothing that this engine computed.</summary>
    internal double[]? Kept(string part)
    {
        try
        {
            return File.Exists(KeptFile(part)) && JsonSerializer.Deserialize<KeptNumbers>(File.ReadAllBytes(KeptFile(part))) is { } kept && kept.Engine == EngineVersion.Text
                ? kept.Numbers
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string KeptFile(string part) => Path.Combine(folder, $"{part}.json");

    private sealed record KeptNumbers(string Engine, double[] Numbers);

    /// <summary>Writes a checkpoint and removes the one before.</summary>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    internal void Save(TrainableNetwork network, TrainingRun run, WeightSelection selection, TrainingState state, TrainingMoment moment)
    {
        StoredTensor[] tensors =
        [
            .. network.Parts.SelectMany(part => StateDict.Tensors(part.Module, $"{part.Prefix}.")),
            .. run.Optimisers.SelectMany((optimiser, i) => optimiser.Tensors($"{OptimiserPrefix}{i}.")),
            .. selection.Tensors(),
            Store(Position, writer => Write(writer, state)),
        ];
        var temporary = Path.Combine(Directory.CreateDirectory(folder).FullName, "unfinished");
        var position = new TrainingPosition(moment.Epoch, moment.Epochs, moment.Step, moment.Steps);
        SafetensorsWriter.Write(temporary, tensors, new Dictionary<string, string>
        {
            [Engine] = EngineVersion.Text,
            [Reached] = position.Text,
            [Taken] = (Earlier + _time.GetElapsedTime(_started)).TotalSeconds.ToString("R", CultureInfo.InvariantCulture),
        });
        var finished = Path.Combine(folder, FileDigest.Sha256(temporary) + Extension);
        var old = Files;
        File.Move(temporary, finished, overwrite: true);
        foreach (var file in old.Where(file => file != finished))
            File.Delete(file);
        _saved = _time.GetTimestamp();
        _savedStep = moment.Step;
    }

    /// <summary>Where the newest checkpoint of a folder would go on; null when there is none that could be used. Its weights are neither read nor checked.</summary>
    /// <param name="folder">The folder that the training was given.</param>
    public static TrainingPosition? Find(string folder)
    {
        var newest = Directory.Exists(folder) ? Directory.GetFiles(folder, $"*{Extension}").MaxBy(File.GetLastWriteTimeUtc) : null;
        try
        {
            if (newest is null)
                return null;
            using var file = SafetensorsFile.Open(newest);
            return file.Metadata.GetValueOrDefault(Engine) == EngineVersion.Text ? TrainingPosition.TryParse(file.Metadata.GetValueOrDefault(Reached)) : null;
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }

    /// <summary>Puts network, optimisers and chosen weights back to where the newest sound checkpoint left them.</summary>
    /// <returns>The position; null, with nothing changed, when there is no sound checkpoint.</returns>
    internal TrainingState? Restore(TrainableNetwork network, TrainingRun run, WeightSelection selection)
    {
        foreach (var path in Files.OrderByDescending(File.GetLastWriteTimeUtc))
        {
            if (FileDigest.Sha256(path) != Path.GetFileNameWithoutExtension(path))
                continue;
            using var file = SafetensorsFile.Open(path);
            if (file.Metadata.GetValueOrDefault(Engine) is var engine && engine != EngineVersion.Text)
            {
                Refusal = $"a checkpoint of {engine ?? "an earlier Falcon"} cannot be continued with {EngineVersion.Text}: training starts anew ({path})";
                continue;
            }
            Refusal = null;
            Earlier = TimeSpan.FromSeconds(double.TryParse(file.Metadata.GetValueOrDefault(Taken), CultureInfo.InvariantCulture, out var seconds) ? seconds : 0);
            foreach (var (prefix, module) in network.Parts)
                StateDict.Load(module, file, $"{prefix}.", _ => true);
            selection.Load(file);
            for (var i = 0; i < run.Optimisers.Count; i++)
                run.Optimisers[i].Load(file, $"{OptimiserPrefix}{i}.");
            return Read(Reader(file, Position));
        }
        return null;
    }

    private static StoredTensor Store(string name, Action<BinaryWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
            write(writer);
        return StoredTensor.Of(name, bytes.ToArray(), bytes.Length);
    }

    private static BinaryReader Reader(SafetensorsFile file, string name) => new(new MemoryStream(file.Bytes(name).ToArray()));

    private static void Write(BinaryWriter writer, TrainingState state)
    {
        writer.Write(state.Epoch);
        writer.Write(state.StepOfEpoch);
        writer.Write(state.History.Count);
        foreach (var losses in state.History)
            Write(writer, losses);
        writer.Write(state.Losses.Images);
        Write(writer, state.Losses.Sums);
    }

    private static TrainingState Read(BinaryReader reader)
    {
        int epoch = reader.ReadInt32(), step = reader.ReadInt32();
        var history = new List<IReadOnlyList<(string, double)>>();
        for (var left = reader.ReadInt32(); left > 0; left--)
            history.Add(ReadNumbers(reader));
        return new(epoch, step, history, new(reader.ReadInt64(), ReadNumbers(reader)));
    }

    private static void Write(BinaryWriter writer, IReadOnlyList<(string Name, double Value)> numbers)
    {
        writer.Write(numbers.Count);
        foreach (var (name, value) in numbers)
        {
            writer.Write(name);
            writer.Write(value);
        }
    }

    private static List<(string Name, double Value)> ReadNumbers(BinaryReader reader)
    {
        var numbers = new List<(string, double)>();
        for (var left = reader.ReadInt32(); left > 0; left--)
            numbers.Add((reader.ReadString(), reader.ReadDouble()));
        return numbers;
    }
}

/// <summary>How far a training has come, apart from weights and optimisers.</summary>
/// <param name="Epoch">Epochs finished.</param>
/// <param name="StepOfEpoch">Steps finished of the epoch under way.</param>
/// <param name="History">Mean losses of each finished epoch.</param>
/// <param name="Losses">Losses of the epoch under way.</param>
internal sealed record TrainingState(int Epoch, int StepOfEpoch, List<IReadOnlyList<(string Name, double Value)>> History, MeanLosses Losses)
{
    public static TrainingState Start => new(0, 0, [], new());
}
