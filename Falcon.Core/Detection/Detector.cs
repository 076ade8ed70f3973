using Falcon.Backbones;
using Falcon.Data;
using Falcon.Imaging;
using Falcon.Methods;
using Falcon.Metrics;
using Falcon.Protocol;
using Falcon.Randomness;
using Falcon.Training;
using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Detection;

/// <summary>A trained anomaly detector: scores images and says where they are anomalous.</summary>
/// <remarks>Any number of threads may predict with one detector at once, also while another one changes its threshold; each gets the bits that it would get alone. On a
/// CUDA device predictions take turns. Training its <see cref="Network"/> and <see cref="Dispose"/> must wait until they are done.</remarks>
public sealed class Detector : IDisposable
{
    private const int DefaultLoaderWorkers = 2;

    private readonly AnomalyNetwork _network;
    private readonly bool _ownsTeacher;
    private readonly Lock _changing = new();
    private volatile DetectorCard _card;

    internal Detector(DetectorCard card, AnomalyNetwork network, bool ownsTeacher)
    {
        (_card, _network, _ownsTeacher) = (card, network, ownsTeacher);
        _network.Train(false);
    }

    /// <summary>Method, teacher, images, threshold and losses.</summary>
    public DetectorCard Card => _card;

    /// <summary>The photos that it was trained on, where it needs them to learn further (<see cref="Teaching"/>); null for none.</summary>
    internal KeptPhotos? Photos { get; set; }

    /// <summary>The networks; they stay the detector's.</summary>
    public AnomalyNetwork Network => _network;

    /// <summary>Trains a detector on normal images. Its threshold comes from the scores of these images, which it knows, and is too low where it knows them well:
    /// <see cref="CalibratedTraining"/> holds images out.</summary>
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
        inputs ??= new ComputedInputs(teacher, DefaultLoaderWorkers);
        return TrainUncalibrated(options, teacher, images, seed, source, inputs, checkpoint, progress, cancellation, foundation)
            .CalibratedBy(detector => HeldOutScores.Of(CalibrationWay.None, detector.Predict(images, inputs, cancellation)));
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
            var copied = ImageInput.Copy(loaded, options.Preprocessing, teacher.Device);
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
            inputs ??= new ComputedInputs(teacher, DefaultLoaderWorkers);
            return Make(fitting, teacher, images, seed, source, inputs, (network, training) =>
            {
                network.Adopt(files);
                network.Finish(fitting.Plan, training, seed, cancellation);
                return [];
            }, cancellation).CalibratedBy(detector => HeldOutScores.Of(CalibrationWay.None, detector.Predict(images, inputs, cancellation)));
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }

    /// <summary>Scores images in their order, each as if it were alone.</summary>
    /// <param name="images">Normal or defective images.</param>
    /// <param name="inputs">Where the images come from; null to decode them on two threads.</param>
    /// <param name="cancellation">Stops at the next image.</param>
    /// <exception cref="InvalidInputException">An image cannot be read; images before it have been returned. Or some files' images are smaller than a tile: all are named
    /// before the first is scored.</exception>
    /// <param name="imageScore">How an image gets its score; null for the method's <see cref="MethodOptions.ImageScore"/>.</param>
    public IEnumerable<Prediction> Predict(
        IReadOnlyList<ImageItem> images, IImageInputs? inputs = null, CancellationToken cancellation = default, ImageScoreReducer? imageScore = null)
    {
        if (inputs is null && Card.Method.Preprocessing.Misfits(images).ToArray() is { Length: > 0 } misfits)
            throw new InvalidInputException(misfits);
        inputs ??= new ComputedInputs(_network.Teacher, DefaultLoaderWorkers);
        return ImageScoring.Score(Card.Method, _network, inputs.Load(images, Card.Method.Preprocessing, _network.Needs, cancellation), imageScore);
    }

    /// <summary>Scores a frame that is in memory, as a camera gives it: to the bit what <see cref="Predict(IReadOnlyList{ImageItem}, IImageInputs, CancellationToken,
    /// ImageScoreReducer)"/> says of a file with the same pixels.</summary>
    /// <param name="pixels">Rows from top to bottom, 8 bits a channel. They are copied; the caller may overwrite them afterwards.</param>
    /// <param name="order">What a pixel's bytes are.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="stride">Bytes from the start of one row to that of the next, at least those of a row's pixels.</param>
    /// <param name="name">The <see cref="ImageItem.RelativeName"/> of the prediction's item, which has no path.</param>
    /// <exception cref="ArgumentException">A size is not positive, a row does not fit into the stride, or there are too few bytes.</exception>
    /// <exception cref="InvalidInputException">The detector sees images in tiles, and the frame is smaller than one.</exception>
    public Prediction Predict(ReadOnlySpan<byte> pixels, PixelOrder order, int width, int height, int stride, string name = "frame")
    {
        var image = FramePixels.ToRgb(pixels, order, width, height, stride);
        var item = new ImageItem("", name, "unknown", IsAnomalous: false);
        return ImageScoring.Score(Card.Method, _network, ComputedInputs.Of(_network.Teacher, item, image, Card.Method.Preprocessing, _network.Needs)).Single();
    }

    /// <summary>The image score above which a part counts as defective. Setting it by hand forgets the rate of false alarms.</summary>
    public double Threshold
    {
        get => Card.Threshold;
        set => Change(card => card with { Threshold = value, FalseAlarms = null });
    }

    /// <summary>Takes the threshold from scores of good photos that a model had not seen.</summary>
    /// <param name="heldOut">The scores; they are kept.</param>
    /// <param name="falseAlarms">The probability that a good part exceeds the threshold, in (0, 0.5).</param>
    public void Calibrate(HeldOutScores heldOut, double falseAlarms = FalseAlarmLimit.UsualRate) =>
        Change(card => card with
        {
            HeldOut = heldOut,
            FalseAlarms = falseAlarms,
            Threshold = heldOut.Limit(falseAlarms),
            PixelThreshold = heldOut.PixelLimit,
        });

    /// <summary>How regions are found in this detector's maps. Where images are scored by the maximum of their maps, a region needs a peak above <see cref="Threshold"/>, as
    /// an image needs it to be anomalous, and reaches as far as the map is above the pixel threshold or, where that is lower, the threshold: then an image has a region
    /// if and only if it is anomalous.</summary>
    /// <param name="pixelThreshold">Map values above it belong to a region; null for the calibrated one.</param>
    /// <exception cref="InvalidInputException">No threshold is given, and the detector comes from a file of an earlier version, without one.</exception>
    public RegionSearch RegionSearch(double? pixelThreshold = null)
    {
        var card = Card;
        var threshold = pixelThreshold ?? card.PixelThreshold ?? throw new InvalidInputException(
            "the detector has no pixel threshold, above which regions are found", card.Method.DisplayName,
            "Train it again with this Falcon, or give a pixel threshold (--pixel-threshold VALUE).");
        return card.Method.ImageScore is ImageScoreReducer.Maximum
            ? new(pixelThreshold ?? Math.Min(threshold, card.Threshold), PeakAbove: card.Threshold)
            : new(threshold);
    }

    /// <summary>Where an image is anomalous, the region with the highest peak first. An image whose score is not above <see cref="Threshold"/> has no regions; one whose score
    /// the method defines otherwise than by its map may be anomalous as a whole, without a region.</summary>
    /// <param name="prediction">What this detector said of the image.</param>
    /// <param name="search">What counts as a region; null for <see cref="RegionSearch"/>'s.</param>
    /// <exception cref="InvalidInputException">There is no search, and the detector has no pixel threshold.</exception>
    public IReadOnlyList<AnomalousRegion> Regions(Prediction prediction, RegionSearch? search = null)
    {
        search ??= RegionSearch();
        return prediction.Score > Threshold ? prediction.Regions(search) : [];
    }

    /// <summary>Keeps the photos that it was trained on, as its network sees them, in its file, if the method needs them to learn further (<see cref="Teaching"/>) and they do not take
    /// too much of it (16 MB).</summary>
    /// <param name="photos">The photos, in their order.</param>
    /// <exception cref="InvalidInputException">A photo cannot be read.</exception>
    public void Keep(IReadOnlyList<ImageItem> photos) => Photos = _network.Absorbs ? null : KeptPhotos.Of(photos, Card.Method.Preprocessing);

    /// <summary>Says where the training images come from; it changes nothing but the card.</summary>
    public void Relabel(DetectorSource source) => Change(card => card with { Source = source });

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

    /// <summary><see cref="Train"/> without a threshold.</summary>
    internal static Detector TrainUncalibrated(
        MethodOptions options, Teacher teacher, IReadOnlyList<ImageItem> images, MasterSeed seed, DetectorSource? source, IImageInputs? inputs,
        TrainingCheckpoint? checkpoint, IProgress<TrainingProgress>? progress, CancellationToken cancellation, Detector? foundation)
    {
        source ??= new("", "", "");
        Check(options, teacher, images, source);
        CheckFoundation(options, foundation);
        using var first = foundation is null && options.Foundation is { } method
            ? TrainUncalibrated(method, teacher, images, seed, source, inputs, checkpoint?.Of(method.Name), progress, cancellation, null)
            : null;
        return Make(options, teacher, images, seed, source, inputs, (network, training) =>
        {
            if ((foundation ?? first) is { } ground)
                network.BuildOn(ground.Network);
            return network.Learn(options.Plan, training, seed, checkpoint, progress, cancellation);
        }, cancellation);
    }

    /// <summary>This new detector with its threshold; disposed where there are no scores to take it from.</summary>
    internal Detector CalibratedBy(Func<Detector, HeldOutScores> scores, double falseAlarms = FalseAlarmLimit.UsualRate)
    {
        try
        {
            Calibrate(scores(this), falseAlarms);
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Changes the card in one step, whatever other threads do with it.</summary>
    internal void Change(Func<DetectorCard, DetectorCard> change)
    {
        lock (_changing)
            _card = change(_card);
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

    /// <summary>Creates a network and gives it its weights.</summary>
    private static Detector Make(
        MethodOptions options, Teacher teacher, IReadOnlyList<ImageItem> images, MasterSeed seed, DetectorSource source, IImageInputs? inputs,
        Func<AnomalyNetwork, TrainingImages, IReadOnlyList<IReadOnlyList<(string Name, double Value)>>> train, CancellationToken cancellation)
    {
        inputs ??= new ComputedInputs(teacher, DefaultLoaderWorkers);
        var network = options.CreateNetwork(teacher, seed);
        try
        {
            using var training = Collect(inputs.Load(images, options.Preprocessing, options.TrainingNeeds, cancellation), options.Preprocessing, teacher.Device);
            var epochs = train(network, training);
            var card = new DetectorCard(options, teacher.Provenance, source, seed.Value, [.. images.Select(image => image.RelativeName)], 0, [.. epochs.Select(losses => losses.ToDictionary())],
                OwnRegions: images.Any(image => image.RegionPath is not null));
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

    internal static TrainingImages Collect(IEnumerable<ImageInput> images, Preprocessing preprocessing, Device device)
    {
        ImageInput[] loaded = [.. images];
        var collected = ImageInput.Collect(loaded, preprocessing, device);
        foreach (var image in loaded)
            image.Dispose();
        return collected;
    }
}
