using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;
using Falcon.Weights;

namespace Falcon.Pretraining;

/// <summary>Makes a teacher for EfficientAD of a classifier and a folder of varied images.</summary>
public static class PdnPretraining
{
    /// <summary>Trains a patch description network and writes its state dict, which <see cref="Teacher.Load"/> reads as <c>pdn_small</c> or <c>pdn_medium</c>.</summary>
    /// <param name="options">The recipe; its values are checked first.</param>
    /// <param name="classifier">The network to distil, at least up to layer3.</param>
    /// <param name="folder">Images, also in folders below.</param>
    /// <param name="path">The safetensors file to write.</param>
    /// <param name="seed">The master seed.</param>
    /// <param name="checkpoint">Continues an interrupted training; null to start anew.</param>
    /// <param name="progress">Told after each pass.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    /// <exception cref="InvalidInputException">An option has an impossible value, there is no image, or one cannot be read.</exception>
    public static void Run(
        PdnPretrainingOptions options, Teacher classifier, string folder, string path, MasterSeed seed, TrainingCheckpoint? checkpoint = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        Finding[] findings = [.. options.Check()];
        if (findings.Length > 0)
            throw new InvalidInputException(findings);
        var files = PictureFolder.Files(folder);
        using var network = (PdnPretrainingNetwork)options.CreateNetwork(classifier, seed);
        using var images = new TrainingImages(null, new([], []), [.. files.Select(_ => Array.Empty<StoredTensor>())], files);
        network.Learn(options.Plan, images, seed, checkpoint, progress, cancellation);
        SafetensorsWriter.Write(path, StateDict.Tensors(network.Described));
    }
}
