using Falcon.Backbones;
using Falcon.Methods;
using static TorchSharp.torch;

namespace Falcon.Pretraining;

/// <summary>A network that becomes a teacher, with what its training needs beside it.</summary>
internal abstract class PretrainingNetwork(PretrainingOptions options, Teacher source) : AnomalyNetwork(source, options.ScoringNeeds)
{
    public sealed override Tensor Map(NetworkInput input) => throw new InvalidOperationException("A network that is pre-trained detects nothing.");
}
