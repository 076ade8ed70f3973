using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Data;
using Falcon.Engine;
using Falcon.Imaging;
using Falcon.Protocol;
using Falcon.Randomness;
using Falcon.Training;
using Falcon.Weights;

namespace Falcon.Methods;

/// <summary>Everything that determines what a method computes, apart from the images, the teacher and the seed. A value: equal options give equal
/// results. The options are its properties that have a setter; <see cref="MethodJson"/> writes and reads them.</summary>
/// <remarks>A method is found by <see cref="MethodCatalog"/> in every assembly that refers to this one: its options need a public constructor without
/// parameters, and nothing else is to be registered. A public constructor <c>MyOptions(MyOptions original) => Copy(original);</c> makes changed copies:
/// <c>new MyOptions(options) { Epochs = 20 }</c>, in F# <c>MyOptions(options, Epochs = 20)</c>.</remarks>
[JsonConverter(typeof(MethodOptionsJsonConverter))]
public abstract class MethodOptions : IEquatable<MethodOptions>
{
    private string? _backbone, _publishedBackbone;
    private string? _text;

    /// <summary>The published settings.</summary>
    protected MethodOptions()
    {
    }

    /// <summary>The method's name on the command line and in files, for example <c>falcon</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The method's name as the literature writes it, for tables and plots.</summary>
    public abstract string DisplayName { get; }

    /// <summary>What a study calls these options in tables, figures and ids; null for <see cref="DisplayName"/>. It is not among the options: it changes no result.</summary>
    public string? Label { get; private set; }

    /// <summary>Raised by hand when the method computes otherwise with the same options, so that earlier results are not used any more.</summary>
    public virtual int Version => 1;

    /// <summary>Whether training, or that of <see cref="Foundation"/>, runs the teacher on images that it makes itself. Then no study can put a computation of its own
    /// between teacher and method.</summary>
    public virtual bool RunsTeacher => Foundation?.RunsTeacher == true;

    /// <summary>Whether it makes a detector; a training that only makes a teacher does not.</summary>
    internal virtual bool Detects => true;

    /// <summary>Passes over the training images.</summary>
    public abstract int Epochs { get; init; }

    /// <summary>Images per training step.</summary>
    public abstract int BatchSize { get; init; }

    /// <summary>What the training does beyond passing over the images in batches.</summary>
    public virtual TrainingPlan Plan => new(Epochs, BatchSize);

    /// <summary>How the maps that <see cref="AnomalyNetwork.Map(NetworkInput)"/> gives have been smoothed.</summary>
    public virtual MapSmoothing MapSmoothing => new MapSmoothing.None();

    /// <summary>How an image gets its score unless something else is asked for: the maximum of its map, or, of a method that scores images itself,
    /// <see cref="ImageScoreReducer.Own"/>.</summary>
    public virtual ImageScoreReducer ImageScore => new ImageScoreReducer.Maximum();

    /// <summary>How an image becomes the network's input, in tiles where <see cref="Tiling"/> is set.</summary>
    public abstract Preprocessing Preprocessing { get; }

    /// <summary>Shows the network each image in tiles of the input's size, in training and in scoring; null to show it whole.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Tiling? Tiling { get; init; }

    /// <summary>What is looked at of photos that have no region of their own: patches outside are neither learnt nor scored. Null for whole photos.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RegionOfInterest? RegionOfInterest { get; init; }

    /// <summary>The value of 16-bit photos that is white, from 1 to 65535: 4095 of a camera of 12 bits. Null for 65535. Photos of 8 bits are read as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? WhiteLevel { get; init; }

    /// <summary>The teacher's architecture, one of <see cref="Teachers"/>; the published one where it is not set.</summary>
    public string Backbone
    {
        get => _backbone ?? _publishedBackbone ?? Backbones[0];
        init => _backbone = value;
    }

    /// <summary>Whether <see cref="Backbone"/> was set: then a teacher of another architecture is refused; otherwise the method takes the teacher's.</summary>
    public bool NamesBackbone => _backbone is not null;

    /// <summary>The published architecture, where it is not the first of <see cref="Backbones"/>.</summary>
    protected string PublishedBackbone { init => _publishedBackbone = value; }

    /// <summary>The architectures of teachers that the method's specification allows, as <see cref="BackboneCatalog"/> names them, <see cref="Backbone"/>
    /// first.</summary>
    public IReadOnlyList<string> Teachers => [Backbone, .. Backbones.Where(name => name != Backbone)];

    /// <summary>The architectures that the method's specification allows, the default first.</summary>
    protected abstract IReadOnlyList<string> Backbones { get; }

    /// <summary>Whether a teacher of an architecture can be used: one of <see cref="Backbones"/>, unless a method takes more than it can name.</summary>
    /// <param name="backbone">A name as in <see cref="Backbone"/>.</param>
    public virtual bool Allows(string backbone) => Backbones.Contains(backbone);

    /// <summary>What training reads of each image as it is: features of augmented images are the training's own business.</summary>
    public abstract InputNeeds TrainingNeeds { get; }

    /// <summary>What the trained network reads of each image.</summary>
    public abstract InputNeeds ScoringNeeds { get; }

    /// <summary>How deep a residual teacher must be.</summary>
    public BackboneTap DeepestTap => TrainingNeeds.AllTaps.Concat(ScoringNeeds.AllTaps).Select(tap => tap.Closed())
        .Where(tap => tap <= BackboneTap.Logits).Append(BackboneTap.Layer3).Max();

    /// <summary>A folder of further images that training reads, as the options name it; null for none. Its content determines the result, not its name.</summary>
    public virtual string? FurtherImages => null;

    /// <summary>A further file that training reads, as the options name it; null for none. Its content determines the result, too.</summary>
    public virtual string? FurtherFile => null;

    /// <summary>Whether scores of all images fall, in proportion, as a model learns from more of the same photos, so that scores by a model of some photos are brought to the scale of one of all
    /// of them (<see cref="Detection.HeldOutFolds.OnScaleOf"/>): where training takes steps. A memory of patches scores unseen photos alike, whether it has seen four or five others; maps that
    /// are put between quantiles have a scale already.</summary>
    public virtual bool ScoresFallWithPhotos => Plan.TakesSteps;

    /// <summary>What is trained first, on the same images and with the same seed: a method of its own, on whose trained network this one's builds
    /// (<see cref="AnomalyNetwork.BuildOn"/>). Studies keep it as a stage of its own, which everything shares that builds on it. Null for nothing.</summary>
    public virtual MethodOptions? Foundation => null;

    /// <summary>Whether it learns from the defects of an auxiliary data set (<see cref="AuxiliaryImages"/>) instead of the normal images of a category: once, for all
    /// that builds on it. Such a method is a <see cref="Foundation"/> and detects nothing by itself.</summary>
    public virtual bool LearnsFromDefects => false;

    /// <summary>Normal images that a method which <see cref="LearnsFromDefects"/> reads of each category of the auxiliary data set.</summary>
    public virtual int AuxiliaryNormals => 0;

    /// <summary>Whether this method, or what it builds on, learns from an auxiliary data set.</summary>
    public bool NeedsAuxiliary => LearnsFromDefects || Foundation?.NeedsAuxiliary == true;

    /// <summary>These options with what a trained foundation determines; those whose <see cref="Foundation"/> it is stay as they are.</summary>
    /// <param name="foundation">The options that it was trained with.</param>
    /// <exception cref="InvalidInputException">This method cannot build on it.</exception>
    public virtual MethodOptions BuiltOn(MethodOptions foundation) => foundation.Equals(Foundation)
        ? this
        : throw new InvalidInputException(
            $"{DisplayName} cannot build on it", $"foundation {foundation.DisplayName}", OtherFoundation(foundation));

    /// <summary>What to give in place of a foundation that this method cannot build on, in words.</summary>
    /// <param name="given">The options that it was trained with.</param>
    /// <param name="otherwise">What else could be done where the method builds on something.</param>
    internal string OtherFoundation(MethodOptions given, string otherwise = "") => Foundation is { } wanted
        ? $"Give what '{wanted.Name}' made{wanted.Differences(given)}{otherwise}."
        : $"{DisplayName} builds on nothing: leave it away.";

    /// <summary>In which options others of the same method differ from these, in words; empty for another method.</summary>
    private string Differences(MethodOptions others)
    {
        if (others.GetType() != GetType())
            return "";
        var (own, theirs) = (MethodJson.WriteAll(this), MethodJson.WriteAll(others));
        return $" with {string.Join(", ", own.Where(option => !JsonNode.DeepEquals(option.Value, theirs[option.Key]))
            .Select(option => $"{option.Key} {option.Value} instead of {theirs[option.Key]}"))}";
    }

    /// <summary>The same options for a teacher of another architecture.</summary>
    public MethodOptions TaughtBy(string backbone)
    {
        var copy = (MethodOptions)MemberwiseClone();
        (copy._backbone, copy._text) = (backbone, null);
        return copy;
    }

    /// <summary>Options that name a backbone where others do, and the same one.</summary>
    internal MethodOptions TaughtAs(MethodOptions others)
    {
        var copy = (MethodOptions)MemberwiseClone();
        (copy._backbone, copy._publishedBackbone, copy._text) = (others._backbone, others._publishedBackbone, null);
        return copy;
    }

    /// <summary>The same options under a name that a study gives them; null for none.</summary>
    public MethodOptions Named(string? label)
    {
        var copy = (MethodOptions)MemberwiseClone();
        copy.Label = label;
        return copy;
    }

    /// <summary>The options of the variant that weights of other programs belong to, where the shapes of tensors tell.</summary>
    /// <param name="files">The weights of all trained modules.</param>
    public virtual MethodOptions Fitting(IReadOnlyList<WeightFile> files) => this;

    /// <summary>What is wrong with the values; empty when they can be used.</summary>
    public virtual IEnumerable<Finding> Check()
    {
        if (!Allows(Backbone))
            yield return Wrong(nameof(Backbone), Backbone, $"Give one of: {string.Join(", ", Backbones)}.");
        else if (Preprocessing is var seen && Math.Max((long)seen.Width * seen.Height, (long)(seen.ShorterSide ?? 0) * (seen.ShorterSide ?? 0)) > ImageFile.MostPixels)
            yield return Wrong("InputSize", $"{seen.Width}×{seen.Height}", $"Give at most {ImageFile.MostPixels / 1_000_000} megapixels, and tiling for large photos.");
        if (Tiling is { } tiling)
            foreach (var fix in TilingFaults(tiling))
                yield return Wrong(nameof(Tiling), tiling, fix);
        if (RegionOfInterest is { Width: var width, Height: var height } && Preprocessing.RegionOfInterest is null)
            yield return Wrong(nameof(RegionOfInterest), $"{width}×{height}", $"{DisplayName} looks at whole photos: leave it away.");
        if (WhiteLevel is < 1 or > ushort.MaxValue)
            yield return Wrong(nameof(WhiteLevel), WhiteLevel, $"Give a value from 1 to {ushort.MaxValue}, for example 4095.");
    }

    private IEnumerable<string> TilingFaults(Tiling tiling)
    {
        var seen = Preprocessing;
        if (seen.Tiling is null)
            yield return $"{DisplayName} looks at whole images: leave it away.";
        if (seen.ShorterSide is not null)
            yield return "Its scale says how images are resized: leave ShorterSide away.";
        if (tiling.Fault(new(seen.Width, seen.Height)) is { } fault)
            yield return fault;
    }

    /// <summary>What is possible and costs accuracy; empty for nothing.</summary>
    public virtual IEnumerable<Finding> Warnings() => [];

    /// <summary>The method's networks with freshly drawn weights, on the teacher's device, where they train in single precision.</summary>
    /// <param name="teacher">The frozen teacher; it stays the caller's.</param>
    /// <param name="seed">Initial weights come from its stream <c>initial-weights</c>.</param>
    public AnomalyNetwork CreateNetwork(Teacher teacher, MasterSeed seed)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        return Placed(BuildNetwork(teacher, seed));
    }

    /// <summary>A new network on its teacher's device.</summary>
    internal static AnomalyNetwork Placed(AnomalyNetwork network)
    {
        foreach (var (_, module) in network.Parts)
        {
            Placement.Place(module, network.Teacher.Device);
            module.Keep();
        }
        return network;
    }

    /// <summary>As <see cref="CreateNetwork"/>, on the CPU: where weights are drawn does not depend on where they are used.</summary>
    protected abstract AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed);

    /// <summary>Whether training counts <see cref="Epochs"/>; otherwise it counts steps.</summary>
    protected virtual bool CountsEpochs => true;

    /// <summary>What is wrong with the values that gradient descent by Adam takes; the options have the same names in every method.</summary>
    protected IEnumerable<Finding> CheckDescent(double learningRate, double beta1, double beta2, double weightDecay)
    {
        if (CountsEpochs && Epochs < 1)
            yield return Wrong(nameof(Epochs), Epochs, "Give at least 1.");
        if (BatchSize < 1)
            yield return Wrong(nameof(BatchSize), BatchSize, "Give at least 1.");
        if (!(learningRate > 0))
            yield return Wrong("LearningRate", learningRate, "Give a positive number.");
        if (!(beta1 is >= 0 and < 1))
            yield return Wrong("Beta1", beta1, "Give a number from 0 to below 1.");
        if (!(beta2 is >= 0 and < 1))
            yield return Wrong("Beta2", beta2, "Give a number from 0 to below 1.");
        if (!(weightDecay >= 0))
            yield return Wrong("WeightDecay", weightDecay, "Give 0 or more.");
    }

    /// <summary>Takes over all options, for a public constructor that copies.</summary>
    /// <param name="original">The options to copy, of the same type.</param>
    protected void Copy(MethodOptions original)
    {
        for (var type = original.GetType(); type != typeof(object); type = type!.BaseType)
            foreach (var field in type!.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
                field.SetValue(this, field.GetValue(original));
        _text = null;
    }

    /// <inheritdoc/>
    public bool Equals(MethodOptions? other) => other is not null && other.GetType() == GetType() && other.Label == Label && other.ToString() == ToString();

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as MethodOptions);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>All options as JSON.</summary>
    public sealed override string ToString() => _text ??= MethodJson.WriteAll(this).ToJsonString();

    /// <summary>A finding about one option.</summary>
    protected Finding Wrong(string option, object? value, string fix) =>
        new($"{value} is not a possible value", $"{DisplayName} option {option}", fix);
}
