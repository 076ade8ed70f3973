using Falcon.Engine;
using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Training;

/// <summary>Modules that are trained together, with their names in files.</summary>
public abstract class TrainableNetwork : IDisposable
{
    /// <summary>The trained modules by their state-dict prefix (without the dot), as the method's specification names them.</summary>
    public abstract IReadOnlyList<(string Prefix, nn.Module Module)> Parts { get; }

    /// <summary>Puts every trained module into training mode or evaluation mode.</summary>
    public virtual void Train(bool training)
    {
        foreach (var (_, module) in Parts)
            module.train(training);
    }

    /// <summary>Takes over the trained modules' weights.</summary>
    /// <param name="file">Holds them behind the prefixes of <see cref="Parts"/>.</param>
    /// <exception cref="InvalidInputException">The file does not hold these modules.</exception>
    public virtual void Load(WeightFile file)
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

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        foreach (var (_, module) in Parts)
            module.Release();
        GC.SuppressFinalize(this);
    }
}
