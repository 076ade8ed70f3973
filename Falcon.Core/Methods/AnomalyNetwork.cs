using Falcon.Backbones;
using Falcon.Engine;
using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The networks of one method: a frozen teacher and the modules that were, or will be, trained.</summary>
/// <param name="teacher">The frozen teacher; it is not disposed with the network.</param>
/// <param name="needs">What <see cref="Map(NetworkInput)"/> reads.</param>
public abstract class AnomalyNetwork(Teacher teacher, InputNeeds needs) : IDisposable
{
    /// <summary>The frozen teacher.</summary>
    public Teacher Teacher { get; } = teacher;

    /// <summary>What <see cref="Map(NetworkInput)"/> reads of each image.</summary>
    public InputNeeds Needs { get; } = needs;

    /// <summary>The trained modules by their state-dict prefix (without the dot), as the method's specification names them.</summary>
    public abstract IReadOnlyList<(string Prefix, nn.Module Module)> Parts { get; }

    /// <summary>The anomaly map of each image, in evaluation mode and without gradients.</summary>
    /// <param name="input">What <see cref="Needs"/> names, on the teacher's device.</param>
    /// <returns>(N, h, w) float32 at the method's own resolution; higher is more anomalous.</returns>
    public abstract Tensor Map(NetworkInput input);

    /// <summary>The anomaly map of each image; the teacher runs as deep as the method needs.</summary>
    /// <param name="images">(N, 3, H, W) float32, normalised as the method's preprocessing says, on any device.</param>
    /// <returns>(N, h, w) float32 at the method's own resolution; higher is more anomalous.</returns>
    public Tensor Map(Tensor images)
    {
        using var scope = NewDisposeScope();
        var features = Needs.Taps.Count == 0 ? [] : Teacher.Features(images, Needs.Taps);
        return Map(new NetworkInput(images.PlacedOn(Teacher.Device), new(Needs.Taps, features))).MoveToOuterDisposeScope();
    }

    /// <summary>Takes over the trained modules' weights.</summary>
    /// <exception cref="InvalidInputException">The file does not hold these modules.</exception>
    internal virtual void Load(WeightFile file)
    {
        foreach (var (prefix, module) in Parts)
            StateDict.Load(module, file, $"{prefix}.");
    }

    /// <summary>Takes over weights that other programs trained: each module with parameters from that file which holds it, whatever the prefix; modules without
    /// any follow from the images.</summary>
    /// <exception cref="InvalidInputException">A module is in none of the files, or in several places.</exception>
    internal void Adopt(IReadOnlyList<WeightFile> files)
    {
        var findings = new List<Finding>();
        foreach (var (_, module) in Parts.Where(part => part.Module.parameters().Any()))
        {
            try
            {
                StateDict.Load(module, files);
            }
            catch (InvalidInputException error)
            {
                findings.AddRange(error.Findings);
            }
        }
        if (findings.Count > 0)
            throw new InvalidInputException(findings);
    }

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
            module.Release();
        GC.SuppressFinalize(this);
    }
}
