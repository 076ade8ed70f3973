using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Pretraining;

/// <summary>A network that becomes a teacher, with what its training needs beside it.</summary>
internal abstract class PretrainingNetwork(PretrainingOptions options, Teacher source) : AnomalyNetwork(source, options.ScoringNeeds)
{
    /// <summary>The pictures to learn from, and the master seed.</summary>
    public sealed override TrainingRun StartTraining(TrainingImages images, MasterSeed seed) => Start(images.Names, seed);

    /// <summary>Prepares the training.</summary>
    /// <param name="files">Picture files.</param>
    /// <param name="seed">The master seed.</param>
    protected abstract PretrainingRun Start(IReadOnlyList<string> files, MasterSeed seed);

    public sealed override Tensor Map(NetworkInput input) => throw new InvalidOperationException("A network that is pre-trained detects nothing.");
}
