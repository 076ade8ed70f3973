using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>What is drawn for a batch of RD++'s training.</summary>
internal interface ITrainingDraws : IDisposable
{
    /// <summary>The teacher's features of noised copies of the images, in the batch's order.</summary>
    TeacherFeatures Noised(TrainingMoment moment, ReadOnlySpan<int> batch);

    /// <summary>A random order of the batch's images, (N) int64.</summary>
    Tensor Partners(TrainingMoment moment, ReadOnlySpan<int> batch);
}

/// <summary>Draws noise and partners from streams of the master seed.</summary>
internal sealed class TrainingDraws(ReverseDistillationPlusOptions options, Teacher teacher, TrainingImages images, MasterSeed seed) : ITrainingDraws
{
    private const long LargestSeed = 10_000_000_000;

    private readonly Tensor? _field = options.NoiseField == NoiseField.Run
        ? Field(seed.Stream("noise-field"), NoiseRectangle.Longest(options.InputSize.Height), NoiseRectangle.Longest(options.InputSize.Width), images.Pixels!.device)
            .DetachFromDisposeScope()
        : null;

    public TeacherFeatures Noised(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var noised = new List<Tensor>();
        foreach (var index in batch)
        {
            var (image, place) = (images.Pixels![index], $"{images.Names[index]}/{moment.Epoch}");
            var rectangle = NoiseRectangle.Draw(options.InputSize, seed.Stream("noise", place).NextInt);
            noised.Add(rectangle.Paste(image, _field ?? Field(seed.Stream("noise-field", place), rectangle.Height, rectangle.Width, image.device)));
        }
        var features = teacher.Features(stack(noised), ReverseDistillationOptions.Taps);
        return new(ReverseDistillationOptions.Taps, features.Select(layer => layer.MoveToOuterDisposeScope()));
    }

    public Tensor Partners(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        long[] order = [.. Enumerable.Range(0, batch.Length)];
        seed.Stream("partners", $"{moment.Step}").Shuffle<long>(order);
        return tensor(order, device: images.Pixels!.device);
    }

    public void Dispose() => _field?.Dispose();

    /// <summary>Noise of a seed in ±10¹⁰, (3, height, width).</summary>
    private static Tensor Field(RandomStream random, int height, int width, Device device)
    {
        var noise = new SimplexNoise((long)Math.Floor(random.NextDouble(-LargestSeed, LargestSeed)));
        return tensor(noise.Block(height, width), [3, height, width], device: device);
    }
}
