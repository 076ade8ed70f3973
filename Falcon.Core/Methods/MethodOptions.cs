using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Data;
using Falcon.Engine;
using Falcon.Results;
using Falcon.Training;
using Falcon.Weights;

namespace Falcon.Methods;

/// <summary>Everything that determines what a method computes, apart from the images, the teacher and the seed. A value: equal options give equal
/// results. Its JSON names the method, so that <see cref="MethodOptions"/> can be read back without knowing which one it is.</summary>
/// <remarks>Properties are settable only so that F# can write <c>options.With(Epochs = 20)</c>, which sets them on a fresh copy.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "method")]
[JsonDerivedType(typeof(FalconOptions), FalconOptions.MethodName)]
[JsonDerivedType(typeof(DbfadOptions), DbfadOptions.MethodName)]
[JsonDerivedType(typeof(EfficientAdOptions), EfficientAdOptions.MethodName)]
[JsonDerivedType(typeof(MixedTeacherOptions), MixedTeacherOptions.MethodName)]
[JsonDerivedType(typeof(PadimOptions), PadimOptions.MethodName)]
[JsonDerivedType(typeof(PatchCoreOptions), PatchCoreOptions.MethodName)]
[JsonDerivedType(typeof(RememberingNormalityOptions), RememberingNormalityOptions.MethodName)]
[JsonDerivedType(typeof(SingleNetOptions), SingleNetOptions.MethodName)]
[JsonDerivedType(typeof(StpmOptions), StpmOptions.MethodName)]
[JsonDerivedType(typeof(ReverseDistillationOptions), ReverseDistillationOptions.MethodName)]
public abstract record MethodOptions
{
    /// <summary>The method's name on the command line and in files, for example <c>falcon</c>.</summary>
    [JsonIgnore]
    public abstract string Name { get; }

    /// <summary>The method's name as the literature writes it, for tables and plots.</summary>
    [JsonIgnore]
    public abstract string DisplayName { get; }

    /// <summary>Passes over the training images.</summary>
    public abstract int Epochs { get; set; }

    /// <summary>Images per training step.</summary>
    public abstract int BatchSize { get; set; }

    /// <summary>What the training does beyond passing over the images in batches.</summary>
    [JsonIgnore]
    public virtual TrainingPlan Plan => TrainingPlan.Plain;

    /// <summary>How the maps that <see cref="AnomalyNetwork.Map(NetworkInput)"/> gives have been smoothed.</summary>
    [JsonIgnore]
    public virtual MapSmoothing MapSmoothing => new MapSmoothing.None();

    /// <summary>How an image becomes the network's input.</summary>
    [JsonIgnore]
    public abstract Preprocessing Preprocessing { get; }

    /// <summary>The teacher's architecture, one of <see cref="Teachers"/>.</summary>
    public string Backbone { get; set; } = "resnet18";

    /// <summary>The architectures of teachers that the method's specification allows, as <see cref="BackboneCatalog"/> names them, <see cref="Backbone"/>
    /// first.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Teachers => [Backbone, .. Backbones.Where(name => name != Backbone)];

    /// <summary>The architectures that the method's specification allows, the default first.</summary>
    private protected abstract IReadOnlyList<string> Backbones { get; }

    /// <summary>What training reads of each image as it is: features of augmented images are the training's own business.</summary>
    [JsonIgnore]
    public abstract InputNeeds TrainingNeeds { get; }

    /// <summary>What the trained network reads of each image.</summary>
    [JsonIgnore]
    public abstract InputNeeds ScoringNeeds { get; }

    /// <summary>Whether training takes gradient steps.</summary>
    [JsonIgnore]
    public bool TakesSteps => Epochs > 0 || Plan.Steps > 0;

    /// <summary>How often a training on this many images uses one, repeats counted, unless it ends early.</summary>
    public long ImagesSeen(int images)
    {
        var training = images - (int)(Plan.ValidationShare * images);
        return (long)Plan.Epochs(Epochs, (training + BatchSize - 1) / BatchSize) * training;
    }

    /// <summary>How deep a residual teacher must be.</summary>
    [JsonIgnore]
    public BackboneTap DeepestTap => TrainingNeeds.AllTaps.Concat(ScoringNeeds.AllTaps).Where(tap => tap <= BackboneTap.Logits).Append(BackboneTap.Layer3).Max();

    /// <summary>A folder of further images that training reads, as the options name it; null for none. Its content determines the result, not its name.</summary>
    [JsonIgnore]
    public virtual string? FurtherImages => null;

    /// <summary>The same options for a teacher of another architecture.</summary>
    public MethodOptions TaughtBy(string backbone) => this with { Backbone = backbone };

    /// <summary>The same options for the architecture that the catalogue knows for weights of a name, where the method allows it; else these.</summary>
    public MethodOptions SuitedTo(string weights) =>
        WeightsCatalog.All.FirstOrDefault(known => known.Name == weights) is { } known && Teachers.Contains(known.Backbone) ? TaughtBy(known.Backbone) : this;

    /// <summary>The options of the variant that weights of other programs belong to, where the shapes of tensors tell.</summary>
    /// <param name="files">The weights of all trained modules.</param>
    internal virtual MethodOptions Fitting(IReadOnlyList<WeightFile> files) => this;

    /// <summary>What is wrong with the values; empty when they can be used.</summary>
    public virtual IEnumerable<Finding> Check()
    {
        if (!Backbones.Contains(Backbone))
            yield return Wrong(nameof(Backbone), Backbone, $"Give one of: {string.Join(", ", Backbones)}.");
    }

    /// <summary>What is possible and costs accuracy; empty for nothing.</summary>
    public virtual IEnumerable<Finding> Warnings() => [];

    /// <summary>The method's networks with freshly drawn weights, on the teacher's device, where they train in single precision.</summary>
    /// <param name="teacher">The frozen teacher; it stays the caller's.</param>
    /// <param name="seed">Initial weights come from its stream <c>initial-weights</c>.</param>
    public AnomalyNetwork CreateNetwork(Teacher teacher, Randomness.MasterSeed seed)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var network = BuildNetwork(teacher, seed);
        foreach (var (_, module) in network.Parts)
        {
            Placement.Place(module, teacher.Device);
            module.Keep();
        }
        return network;
    }

    /// <summary>As <see cref="CreateNetwork"/>, on the CPU: where weights are drawn does not depend on where they are used.</summary>
    protected abstract AnomalyNetwork BuildNetwork(Teacher teacher, Randomness.MasterSeed seed);

    /// <summary>Prepares the training of a network: computes what stays constant over all steps.</summary>
    /// <param name="network">A network that <see cref="CreateNetwork"/> of the same options made.</param>
    /// <param name="images">The normal images with what <see cref="TrainingNeeds"/> names, on the network's device.</param>
    /// <param name="seed">The master seed; every draw of the training comes from its named streams.</param>
    public abstract TrainingRun StartTraining(AnomalyNetwork network, TrainingImages images, Randomness.MasterSeed seed);

    /// <summary>What is wrong with the values that gradient descent by Adam takes; the options have the same names in every method.</summary>
    private protected IEnumerable<Finding> CheckDescent(double learningRate, double beta1, double beta2, double weightDecay)
    {
        if (Epochs < 1)
            yield return Wrong(nameof(Epochs), Epochs, "Give at least 1.");
        if (BatchSize < 1)
            yield return Wrong(nameof(BatchSize), BatchSize, "Give at least 1.");
        if (!(learningRate > 0))
            yield return Wrong(nameof(DistillationOptions.LearningRate), learningRate, "Give a positive number.");
        if (!(beta1 is >= 0 and < 1))
            yield return Wrong(nameof(DistillationOptions.Beta1), beta1, "Give a number from 0 to below 1.");
        if (!(beta2 is >= 0 and < 1))
            yield return Wrong(nameof(DistillationOptions.Beta2), beta2, "Give a number from 0 to below 1.");
        if (!(weightDecay >= 0))
            yield return Wrong(nameof(DistillationOptions.WeightDecay), weightDecay, "Give 0 or more.");
    }

    /// <summary>A finding about one option.</summary>
    protected Finding Wrong(string option, object? value, string fix) =>
        new($"{value} is not a possible value", $"{DisplayName} option {option}", fix);
}
