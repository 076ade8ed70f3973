using Falcon.Backbones;
using TorchSharp;

namespace Falcon.Methods;

/// <summary>The networks of one method: a frozen teacher and the modules that were, or will be, trained.</summary>
/// <param name="teacher">The frozen teacher; it is not disposed with the network.</param>
public abstract class AnomalyNetwork(Teacher teacher) : IDisposable
{
    /// <summary>The frozen teacher.</summary>
    public Teacher Teacher { get; } = teacher;

    /// <summary>The trained modules by their state-dict prefix (without the dot), as the method's specification names them.</summary>
    public abstract IReadOnlyList<(string Prefix, torch.nn.Module Module)> Parts { get; }

    /// <summary>The anomaly map of each image.</summary>
    /// <param name="images">(N, 3, H, W) float32, normalised as the method's preprocessing says.</param>
    /// <returns>(N, h, w) float32 at the method's own resolution; higher is more anomalous.</returns>
    public abstract torch.Tensor Map(torch.Tensor images);

    /// <summary>Puts every trained module into training mode or evaluation mode.</summary>
    public void Train(bool training)
    {
        foreach (var (_, module) in Parts)
            module.train(training);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, module) in Parts)
            module.Dispose();
        GC.SuppressFinalize(this);
    }
}
