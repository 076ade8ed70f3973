using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Falcon.Training;

/// <summary>Parameters as views into one flat tensor, and their gradients likewise, so that an optimiser's step is a handful of operations whatever their number.
/// The parameters stay the objects that they were, wherever modules hold them.</summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly IReadOnlyList<Parameter> _parameters;

    /// <summary>Lays parameters and gradients out one after another; a parameter without a gradient gets one of zeros.</summary>
    /// <param name="parameters">Of one type, on one device.</param>
    public FlatParameters(IReadOnlyList<Parameter> parameters)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        _parameters = parameters;
        Values = cat([.. parameters.Select(parameter => parameter.detach().reshape(-1))]).DetachFromDisposeScope();
        Gradients = cat([.. parameters.Select(parameter => parameter.grad?.reshape(-1) ?? zeros_like(parameter).reshape(-1))]).DetachFromDisposeScope();
        var start = 0L;
        foreach (var parameter in parameters)
        {
            var (count, shape) = (parameter.numel(), parameter.shape);
            parameter.set_(Values.narrow(0, start, count).view(shape));
            parameter.grad = Gradients.narrow(0, start, count).view(shape);
            start += count;
        }
    }

    /// <summary>All values, (P).</summary>
    public Tensor Values { get; }

    /// <summary>All gradients, (P).</summary>
    public Tensor Gradients { get; }

    /// <summary>The parameters keep their values, each in memory of its own, and no gradients. A view may begin anywhere, and libtorch sums in another order where memory is not
    /// aligned: a network would not give the bits of its own file.</summary>
    public void Dispose()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var parameter in _parameters)
        {
            parameter.grad = null;
            parameter.set_(parameter.clone());
        }
        Values.Dispose();
        Gradients.Dispose();
    }
}
