using TorchSharp;

namespace Falcon.Methods;

/// <summary>The normal images a method learns from.</summary>
/// <param name="Images">(k, 3, H, W) float32, normalised; disposed with this record.</param>
/// <param name="Names">A name for each, unique: it selects the image's random streams.</param>
public sealed record TrainingImages(torch.Tensor Images, IReadOnlyList<string> Names) : IDisposable
{
    /// <summary>The number of images.</summary>
    public int Count => Names.Count;

    /// <inheritdoc/>
    public void Dispose() => Images.Dispose();
}
