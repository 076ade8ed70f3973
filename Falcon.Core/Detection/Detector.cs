using Falcon.Backbones;
using Falcon.Data;
using Falcon.Methods;
using Falcon.Protocol;
using Falcon.Randomness;
using Falcon.Training;
using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Detection;

/// <summary>A trained anomaly detector: scores images and says where they are anomalous. Not safe for use from several threads at once.</summary>
public sealed class Detector : IDisposable
{
    private const int PredictionBatch = 16, DefaultLoaderWorkers = 2;

    private readonly AnomalyNetwork _network;
    private readonly bool _ownsTeacher;

    internal Detector(DetectorCard card, AnomalyNetwork network, bool ownsTeacher)
    {
        (Card, _network, _ownsTeacher) = (card, network, ownsTeacher);
        _network.Train(false);
    }

    /// <summary>Method, teacher, images, threshold and losses.</summary>
    public DetectorCard Card { get; private set; }

    /// <summary>The networks; they stay the detector's.</summary>
    public AnomalyNetwork Network => _network;

    /// <summary>Trains a detector on normal images.</summary>
    /// <param name="options">The method; its values are checked first.</param>
    /// <param name="teacher">The frozen teacher; it stays the caller's and must outlive the detector.</param>
    /// <param name="images">The normal images.</param>
    /// <param name="seed">The master seed.</param>
    /// <param name="source">Where the images come from, for the record; null for no record.</param>
    /// <param name="inputs">Where the images come from; null to decode them on two threads.</param>
    /// <param name="checkpoint">Continues an interrupted training; null to start anew.</param>
    /// <param name="progress">Told after each epoch.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    /// <param name="foundation">What the method's <see cref="MethodOptions.Foundation"/> has learnt of the same images, if it has one; null to train it
    /// first, unless it learns from defects (<see cref="TrainOnDefects"/>). It stays the caller's.</param>
    /// <exception cref="InvalidInputException">An option has an impossible value, there is no image, or one cannot be read.</exception>
    public static Detector Train(
        MethodOptions options, Teacher teacher, IReadOnlyList<ImageItem> images, MasterSeed seed, DetectorSource? source = null, IImageInputs? inputs = null,
        TrainingCheckpoint? checkpoint = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default,
        Detector? foundation = null)
    {
        source ??= new("", "", "");
        Check(options, teacher, images, source);
        CheckFoundation(options, foundation);
        using var first = foundation is null && options.Foundation is { } method
            ? Train(method, teacher, images, seed, source, inputs, checkpoint?.Of(method.Name), progress, cancellation)
            : null;
        return Make(options, teacher, images, seed, source, inputs, (network, training) =>
        {
            if ((foundation ?? first) is { } ground)
                network.BuildOn(ground.Network);
            return network.Learn(options.Plan, training, seed, checkpoint, progress, cancellation);
        }, cancellation);
    }

    /// <summary>Trains what other methods build on (<see cref="MethodOptions.Foundation"/>) on the defects of an auxiliary data set. What it gives detects nothing by
    /// itself and has no threshold: it is the foundation of any number of detectors.</summary>
    /// <param name="options">A method that <see cref="MethodOptions.LearnsFromDefects"/>; its values are checked first.</param>
    /// <param name="teacher">The frozen teacher; it stays the caller's and must outlive the result.</param>
    /// <param name="auxiliary">The data set; none of its categories may be judged later.</param>
    /// <param name="seed">The master seed.</param>
    /// <param name="inputs">Where the images come from; null to decode them on two threads, and to run the teacher on each in every epoch.</param>
    /// <param name="checkpoint">Continues an interrupted training; null to start anew.</param>
    /// <param name="progress">Told after each epoch.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    /// <exception cref="InvalidInputException">An option has an impossible value, the method does not learn from defects, or an image cannot be read.</exception>
    public static Detector TrainOnDefects(
        MethodOptions options, Teacher teacher, AuxiliarySet auxiliary, MasterSeed seed, IImageInputs? inputs = null, TrainingCheckpoint? checkpoint = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        CheckValues(options, teacher);
        if (!options.LearnsFromDefects)
            throw new InvalidInputException($"{options.DisplayName} does not learn from defects", auxiliary.Name, "Train it on normal images.");
        inputs ??= new ComputedInputs(teacher, DefaultLoaderWorkers);
        var images = new AuxiliaryImages(auxiliary, options.Preprocessing, teacher.Device, Read);
        var network = options.CreateNetwork(teacher, seed);
        try
        {
            var epochs = network.Learn(options.Plan, images, seed, checkpoint, progress, cancellation);
            var card = new DetectorCard(
                options, teacher.Provenance, new(auxiliary.Name, "", ""), seed.Value, images.Names, 0, [.. epochs.Select(losses => losses.ToDictionary())]);
            return new(card, network, ownsTeacher: false);
        }
        catch
        {
            network.Dispose();
            throw;
        }

        NetworkInput Read(IReadOnlyList<ImageItem> items, InputNeeds needs)
        {
            ImageInput[] loaded = [.. inputs.Load(items, options.Preprocessing, needs, cancellation)];
            var copied = ImageInput.Copy(loaded, teacher.Device);
            foreach (var image in loaded)
                image.Dispose();
            return copied;
        }
    }

    /// <summary>A detector with weights that another program trained: nothing is trained here. The images give what the method measures on good parts, and
    /// the threshold.</summary>
    /// <param name="options">The method; a variant that shapes of tensors tell apart is recognised.</param>
    /// <param name="teacher">The teacher that the weights were trained with; it stays the caller's and must outlive the detector.</param>
    /// <param name="weights">Files that hold the trained modules, by the names of the method's specification or those of its authors' code.</param>
    /// <param name="images">Normal images, best those that the weights were trained on.</param>
    /// <param name="seed">The master seed.</param>
    /// <param name="source">Where the images come from, for the record.</param>
    /// <param name="inputs">Where the images come from; null to decode them on two threads.</param>
    /// <param name="cancellation">Stops at the next image.</param>
    /// <exception cref="InvalidInputException">An option has an impossible value, the method trains no weights, a file does not hold what it should, there is
    /// no image, or one cannot be read.</exception>
    public static Detector Adopt(
        MethodOptions options, Teacher teacher, IReadOnlyList<string> weights, IReadOnlyList<ImageItem> images, MasterSeed seed, DetectorSource source,
        IImageInputs? inputs = null, CancellationToken cancellation = default)
    {
        Check(options, teacher, images, source);
        if (!options.Plan.TakesSteps && options.Foundation is null)
            throw new InvalidInputException($"{options.DisplayName} trains no weights", string.Join(", ", weights), "Leave the weights away.");
        var files = new List<WeightFile>();
        try
        {
            foreach (var path in weights)
                files.Add(WeightFile.Open(path));
            var fitting = options.Fitting(files);
            return Make(fitting, teacher, images, seed, source, inputs, (network, training) =>
            {
                network.Adopt(files);
                network.Finish(fitting.Plan, training, seed);
                return [];
            }, cancellation);
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }

    /// <summary>Scores images in their order, a few at a time.</summary>
    /// <param name="images">Normal or defective images.</param>
    /// <param name="inputs">Where the images come from; null to decode them on two threads.</param>
    /// <param name="cancellation">Stops at the next batch.</param>
    /// <exception cref="InvalidInputException">An image cannot be read; images before it have been returned.</exception>
    /// <param name="imageScore">How an image gets its score; null for the method's <see cref="MethodOptions.ImageScore"/>.</param>
    public IEnumerable<Prediction> Predict(
        IReadOnlyList<ImageItem> images, IImageInputs? inputs = null, CancellationToken cancellation = default, ImageScoreReducer? imageScore = null)
    {
        inputs ??= new ComputedInputs(_network.Teacher, DefaultLoaderWorkers);
        return Score(Card.Method, _network, inputs.Load(images, Card.Method.Preprocessing, _network.Needs, cancellation), imageScore);
    }

    /// <summary>Says where the training images come from; it changes nothing but the card.</summary>
    public void Relabel(DetectorSource source) => Card = Card with { Source = source };

    /// <summary>Writes one self-contained file: all weights, the teacher's too, and the card.</summary>
    public void Save(string path) => DetectorFile.Write(path, this, withTeacher: true);

    /// <summary>Writes the trained weights and the card, without the teacher: <see cref="Load(string, Teacher)"/> needs it again.</summary>
    public void SaveTrained(string path) => DetectorFile.Write(path, this, withTeacher: false);

    /// <summary>Reads a detector that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidInputException">The file is missing, damaged or not a detector.</exception>
    /// <param name="path">The model file.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    public static Detector Load(string path, Device? device = null) => DetectorFile.Read(path, device);

    /// <summary>Reads a detector that <see cref="Save"/> or <see cref="SaveTrained"/> wrote, around a teacher that is loaded already.</summary>
    /// <exception cref="InvalidInputException">The file is missing, damaged or not a detector, or was trained with another teacher.</exception>
    /// <param name="path">The model file.</param>
    /// <param name="teacher">The teacher that it was trained with; it stays the caller's and must outlive the detector.</param>
    public static Detector Load(string path, Teacher teacher) => DetectorFile.Read(path, teacher);

    /// <summary>What a model file says of itself, without reading its weights.</summary>
    /// <exception cref="InvalidInputException">The file is missing, damaged or not a detector.</exception>
    public static DetectorCard CardOf(string path) => DetectorFile.ReadCard(path);

    /// <inheritdoc/>
    public void Dispose()
    {
        _network.Dispose();
        if (_ownsTeacher)
            _network.Teacher.Dispose();
    }

    private static void Check(MethodOptions options, Teacher teacher, IReadOnlyList<ImageItem> images, DetectorSource source)
    {
        CheckValues(options, teacher, images.Count > 0 ? [] : [new("there is no image to train on", source.Category, "Give at least one normal image.")]);
        if (options.LearnsFromDefects)
            throw new InvalidInputException(
                $"{options.DisplayName} learns from defects, not from good images alone", source.Category, "Name an auxiliary data set with masks.");
    }

    private static void CheckValues(MethodOptions options, Teacher teacher, params Finding[] others)
    {
        Finding[] findings = [.. options.Check(), .. Fits(options, teacher), .. others];
        if (findings.Length > 0)
            throw new InvalidInputException(findings);
    }

    private static void CheckFoundation(MethodOptions options, Detector? foundation)
    {
        if (foundation is null && options.Foundation is { LearnsFromDefects: true } first)
            throw new InvalidInputException(
                $"{options.DisplayName} builds on {first.DisplayName}, which learns from the defects of an auxiliary data set", options.DisplayName,
                $"Train {first.Name} on one first, and give it as the foundation.");
        if (foundation is not null && !foundation.Card.Method.Equals(options.Foundation))
            throw new InvalidInputException(
                $"was trained with other options than {options.DisplayName} builds on", $"foundation {foundation.Card.Method.DisplayName}",
                options.OtherFoundation(foundation.Card.Method, $", or take the options from it ({nameof(MethodOptions.BuiltOn)})"));
    }

    /// <summary>Creates a network, gives it its weights and takes the threshold.</summary>
    private static Detector Make(
        MethodOptions options, Teacher teacher, IReadOnlyList<ImageItem> images, MasterSeed seed, DetectorSource source, IImageInputs? inputs,
        Func<AnomalyNetwork, TrainingImages, IReadOnlyList<IReadOnlyList<(string Name, double Value)>>> train, CancellationToken cancellation)
    {
        inputs ??= new ComputedInputs(teacher, DefaultLoaderWorkers);
        var network = options.CreateNetwork(teacher, seed);
        try
        {
            using var training = Collect(inputs.Load(images, options.Preprocessing, options.TrainingNeeds, cancellation), teacher.Device);
            var epochs = train(network, training);
            var trained = inputs.Load(images, options.Preprocessing, network.Needs, cancellation);
            var threshold = ScoreThreshold.Of([.. Score(options, network, trained).Select(p => p.Score)]);
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

    private static IEnumerable<Finding> Fits(MethodOptions options, Teacher teacher)
    {
        if (!options.Teachers.Contains(teacher.Provenance.Backbone))
            yield return new(
                $"{options.DisplayName} is not specified for {teacher.Provenance.Backbone}", teacher.Provenance.Weights, $"Give one of: {string.Join(", ", options.Teachers)}.");
    }

    private static TrainingImages Collect(IEnumerable<ImageInput> images, Device device)
    {
        ImageInput[] loaded = [.. images];
        var collected = ImageInput.Collect(loaded, device);
        foreach (var image in loaded)
            image.Dispose();
        return collected;
    }

    private static IEnumerable<Prediction> Score(
        MethodOptions method, AnomalyNetwork network, IEnumerable<ImageInput> images, ImageScoreReducer? imageScore = null)
    {
        imageScore ??= method.ImageScore;
        foreach (var batch in images.Chunk(PredictionBatch))
        {
            AnomalyMap[] maps;
            double[]? own;
            using (NewDisposeScope())
            {
                (var tensors, own) = network.Detect(ImageInput.Join(batch).PlacedOn(network.Teacher.Device));
                maps = AnomalyMap.FromBatch(tensors);
            }
            for (var i = 0; i < batch.Length; i++)
            {
                var (image, preprocessing) = (batch[i], method.Preprocessing);
                image.Dispose();
                var map = preprocessing.CropOf(image.Width, image.Height) is { } crop ? maps[i].Uncropped(crop, preprocessing.Width, preprocessing.Height) : maps[i];
                yield return new(image.Item, ScoreOf(map.Resize(image.Width, image.Height), own?[i]), map, image.Width, image.Height);
            }
        }

        double ScoreOf(AnomalyMap enlarged, double? own) => imageScore is ImageScoreReducer.Own
            ? own ?? throw new InvalidInputException($"{method.DisplayName} defines no score of its own", "image score own", "Use max, topMean or pooledMax.")
            : imageScore.Of(enlarged.Values, enlarged.Width, enlarged.Height);
    }
}
