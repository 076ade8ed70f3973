using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The training of the amplification on images with synthetic defects (specification, section 5).</summary>
internal sealed class AandAmplificationTraining(AandAmplificationOptions options, AandAmplificationNetwork network, IAmplificationDraws draws)
    : DistillationTraining(options, Adam(options, network.Amplification.parameters()))
{
    private const int MostDefective = 1000, MostNormal = 5000;
    private const double AmplificationWeight = 0.1, GateThreshold = 0.5, LeastCount = 1e-5;

    public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        var sample = draws.Draw(moment, batch);
        var levels = network.Amplification.Levels.Select((level, i) => Losses(moment, i, level, sample.Levels[i], sample.Masks[i])).ToList();
        var focal = stack(levels.Select(level => level.Focal)).sum();
        var amplification = stack(levels.Select(level => level.Amplification)).sum();
        return
        [
            (Loss, focal + amplification * AmplificationWeight), ("focal", focal), ("amplification", amplification),
            ("precision", stack(levels.Select(level => level.Precision)).mean()), ("recall", stack(levels.Select(level => level.Recall)).mean()),
        ];
    }

    private LevelLosses Losses(TrainingMoment moment, int number, ResidualAmplification level, Tensor features, LevelMasks masks)
    {
        var gate = level.Gate(features);
        var (found, wanted) = (gate.detach().gt(GateThreshold).to(features.dtype), masks.Defect.squeeze(1));
        var right = (found * wanted).sum();
        return new(
            AmplificationLosses.Focal(gate, masks.Defect), Amplification(moment, number, level, features, gate, masks), right / (found.sum() + LeastCount),
            right / (wanted.sum() + LeastCount));
    }

    /// <summary>Only pairs of some positions count, so that nothing else is amplified.</summary>
    private Tensor Amplification(TrainingMoment moment, int number, ResidualAmplification level, Tensor features, Tensor gate, LevelMasks masks)
    {
        var vectors = features.permute(0, 2, 3, 1).reshape(-1, features.shape[1]);
        var (defective, normal) = (Places("defective", masks.Defective, MostDefective), Places("normal", masks.Normal, MostNormal));
        // Without a pair the scaling has a gradient of zeros, as for any other step: none would leave it out of the optimiser.
        if (defective.shape[0] == 0 || normal.shape[0] == 0)
            return Residuals(level, vectors.narrow(0, 0, 1)).sum() * 0;
        var abnormal = vectors.index_select(0, defective);
        var residuals = Residuals(level, abnormal);
        if (options.GateOfDefects == AmplificationGate.Predicted)
            residuals *= gate.flatten().index_select(0, defective).unsqueeze(1);
        return AmplificationLosses.Amplification(vectors.index_select(0, normal), abnormal, abnormal + residuals, options.Margin);

        Tensor Places(string kind, long[] positions, int most) =>
            tensor(draws.Choose(moment, $"{number}/{kind}", positions, most), ScalarType.Int64, device: features.device);
    }

    /// <summary>Δ of single positions, (n, C): the convolutions see them as a row of pixels.</summary>
    private static Tensor Residuals(ResidualAmplification level, Tensor vectors) =>
        level.Residual(vectors.t().unsqueeze(0).unsqueeze(2)).squeeze(2).squeeze(0).t();

    private sealed record LevelLosses(Tensor Focal, Tensor Amplification, Tensor Precision, Tensor Recall);
}
