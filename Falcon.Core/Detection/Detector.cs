using Falcon.Backbones;
using Falcon.Data;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Detection;

/// <summary>A trained anomaly detector: scores images and says where they are anomalous. Not safe for use from several threads at once.</summary>
public sealed class Detector : IDisposable
{
    private const int PredictionBatch = 16;

    private readonly AnomalyNetwork _network;
    private readonly bool _ownsTeacher;

    internal Detector(DetectorCard card, AnomalyNetwork network, bool ownsTeacher)
    {
        (Card, _network, _ownsTeacher) = (card, network, ownsTeacher);
        _network.Train(false);
    }

    /// <summary>Method, teacher, images, threshold and losses.</summary>
    public DetectorCard Card { get; }

    /// <summary>The networks; they stay the detector's.</summary>
    public AnomalyNetwork Network => _network;

    /// <summary>Trains a detector on normal images.</summary>
    /// <param name="options">The method; its values are checked first.</param>
    /// <param name="teacher">The frozen teacher; it stays the caller's and must outlive the detector.</param>
    /// <param name="images">The normal images.</param>
    /// <param name="seed">The master seed.</param>
    /// <param name="source">Where the images come from, for the record.</param>
    /// <param name="loaderWorkers">Threads that decode images; they do not change the result.</param>
    /// <param name="progress">Told after each epoch.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    /// <exception cref="InvalidInputException">An option has an impossible value, there is no image, or one cannot be read.</exception>
    public static Detector Train(
        MethodOptions options, Teacher teacher, IReadOnlyList<ImageItem> images, MasterSeed seed, DetectorSource source, int loaderWorkers = 2,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        Finding[] findings = [.. options.Check(), .. Fits(options, teacher)];
        if (images.Count == 0)
            findings = [.. findings, new("there is no image to train on", source.Category, "Give at least one normal image.")];
        if (findings.Length > 0)
            throw new InvalidInputException(findings);

        var (training, sizes) = LoadTraining(options, images, loaderWorkers, cancellation);
        using var ownImages = training;
        var network = options.CreateNetwork(teacher, seed);
        try
        {
            var epochs = Trainer.Train(options, network, training, seed, progress, cancellation);
            var trained = images.Select((image, i) => new LoadedImage(image, training.Images[i], sizes[i].Width, sizes[i].Height));
            var threshold = ScoreThreshold.Of([.. Score(network, trained).Select(p => p.Score)]);
            var card = new DetectorCard(
                options, teacher.Provenance, source, seed.Value, training.Names, threshold, [.. epochs.Select(losses => losses.ToDictionary())]);
            return new(card, network, ownsTeacher: false);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Scores images in their order, a few at a time.</summary>
    /// <param name="images">Normal or defective images.</param>
    /// <param name="loaderWorkers">Threads that decode images ahead; they do not change the result.</param>
    /// <param name="cancellation">Stops at the next batch.</param>
    /// <exception cref="InvalidInputException">An image cannot be read; images before it have been returned.</exception>
    public IEnumerable<Prediction> Predict(IReadOnlyList<ImageItem> images, int loaderWorkers = 2, CancellationToken cancellation = default) =>
        Score(_network, ImageLoader.Load(images, Card.Method.Preprocessing, loaderWorkers, cancellation));

    /// <summary>Writes one self-contained file: all weights, the teacher's too, and the card.</summary>
    public void Save(string path) => DetectorFile.Write(path, this);

    /// <summary>Reads a detector that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidInputException">The file is missing, damaged or not a detector.</exception>
    /// <param name="path">The model file.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    public static Detector Load(string path, Device? device = null) => DetectorFile.Read(path, device);

    /// <inheritdoc/>
    public void Dispose()
    {
        _network.Dispose();
        if (_ownsTeacher)
            _network.Teacher.Dispose();
    }

    private static IEnumerable<Finding> Fits(MethodOptions options, Teacher teacher)
    {
        if (!options.Teachers.Contains(teacher.Architecture.Name))
            yield return new(
                $"{options.DisplayName} is not specified for {teacher.Architecture.Name}", teacher.Provenance.Weights, $"Give one of: {string.Join(", ", options.Teachers)}.");
    }

    private static (TrainingImages Images, (int Width, int Height)[] Sizes) LoadTraining(
        MethodOptions options, IReadOnlyList<ImageItem> images, int workers, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        LoadedImage[] loaded = [.. ImageLoader.Load(images, options.Preprocessing, workers, cancellation)];
        var pixels = stack([.. loaded.Select(image => image.Pixels)]).DetachFromDisposeScope();
        return (new(pixels, [.. images.Select(image => image.RelativeName)]), [.. loaded.Select(image => (image.Width, image.Height))]);
    }

    private static IEnumerable<Prediction> Score(AnomalyNetwork network, IEnumerable<LoadedImage> images)
    {
        foreach (var batch in images.Chunk(PredictionBatch))
        {
            AnomalyMap[] maps;
            using (NewDisposeScope())
                maps = AnomalyMap.FromBatch(network.Map(stack([.. batch.Select(image => image.Pixels)])));
            foreach (var (image, map) in batch.Zip(maps))
            {
                image.Pixels.Dispose();
                yield return new(image.Item, map.Resize(image.Width, image.Height).Maximum, map, image.Width, image.Height);
            }
        }
    }
}
