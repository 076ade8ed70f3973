using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;

namespace Falcon.Pretraining;

/// <summary>The distillation of a classifier into a patch description network, once, on many varied images (EfficientAD's specification, section 5). The result is
/// a teacher for <see cref="EfficientAdOptions"/>.</summary>
public sealed class PdnPretrainingOptions : PretrainingOptions
{
    /// <summary>The published recipe.</summary>
    public PdnPretrainingOptions()
    {
        Backbone = "wide_resnet101_2";
        (Steps, BatchSize, LearningRate, Beta1, WeightDecay) = (60_000, 16, 1e-4, 0.9, 1e-5);
    }

    /// <summary>A copy; F# sets properties on it: <c>PdnPretrainingOptions(options, Steps = 1000)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public PdnPretrainingOptions(PdnPretrainingOptions original) => Copy(original);

    /// <inheritdoc/>
    public override string Name => "pdn-pretraining";

    /// <inheritdoc/>
    public override string DisplayName => "PDN pre-training";

    /// <summary>The network to train.</summary>
    public PdnSize Size { get; init; } = PdnSize.Small;

    /// <summary>Images on which the classifier's channels are measured.</summary>
    public int StatisticsImages { get; init; } = 10_000;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => [.. BackboneCatalog.All.Select(known => known.Name)];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (StatisticsImages < 1)
            yield return Wrong(nameof(StatisticsImages), StatisticsImages, "Give at least 1.");
    }

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new PdnPretrainingNetwork(this, teacher, seed);

}
