using Falcon;
using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;

namespace OwnMethod;

/// <summary>A small autoencoder restores one layer of the teacher through a narrow code; where it fails, the image is anomalous.</summary>
public sealed class FeatureAutoencoderOptions : DistillationOptions
{
    /// <summary>The published settings.</summary>
    public FeatureAutoencoderOptions()
    {
        (Epochs, BatchSize, LearningRate, Beta1) = (40, 4, 1e-3, 0.9);
    }

    /// <summary>A copy; F# sets properties on it: <c>FeatureAutoencoderOptions(options, CodeChannels = 8)</c>.</summary>
    public FeatureAutoencoderOptions(FeatureAutoencoderOptions original) => Copy(original);

    /// <summary>The name on the command line and in files.</summary>
    public override string Name => "feature-autoencoder";

    /// <summary>The name in tables and figures.</summary>
    public override string DisplayName => "Feature autoencoder";

    /// <summary>Channels of the code.</summary>
    public int CodeChannels { get; init; } = 16;

    /// <summary>The teachers that it allows, the default first.</summary>
    protected override IReadOnlyList<string> Backbones => ["resnet18", "resnet34", BackboneCatalog.Compact];

    /// <summary>What training reads of each image: the teacher's features of layer2, and no pixels.</summary>
    public override InputNeeds TrainingNeeds => ScoringNeeds;

    /// <summary>What scoring reads: the same.</summary>
    public override InputNeeds ScoringNeeds => new(Pixels: false, [BackboneTap.Layer2]);

    /// <summary>What is wrong with the values.</summary>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (CodeChannels < 1)
            yield return Wrong(nameof(CodeChannels), CodeChannels, "Give at least 1.");
    }

    /// <summary>The networks with freshly drawn weights.</summary>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new FeatureAutoencoderNetwork(this, teacher, seed);
}
