using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The descriptions of a batch in training, and the distances of each image to prototypes. Both are leaves of the losses' graph: <see cref="Backward"/> goes on
/// from them to the descriptor.</summary>
/// <param name="Description">(N, D, grid, grid).</param>
/// <param name="Near">Of each image.</param>
/// <param name="Distances">Of each image, (1, positions, count).</param>
/// <param name="Behind">The descriptions in the descriptor's graph; null where that is elsewhere.</param>
internal sealed record Adapted(Tensor Description, NearPrototypes[] Near, Tensor[] Distances, Tensor? Behind)
{
    /// <param name="adaptor">Descriptor and prototypes.</param>
    /// <param name="levels">What the descriptor reads.</param>
    /// <param name="count">To how many prototypes distances are needed, of each image.</param>
    public static Adapted Of(PrototypeAdaptor adaptor, IReadOnlyList<Tensor> levels, Func<int, int> count)
    {
        var behind = adaptor.Descriptor.call(levels);
        var description = behind.detach().requires_grad_(true);
        NearPrototypes[] near = [.. Enumerable.Range(0, (int)behind.shape[0]).Select(i => adaptor.Nearest(description.narrow(0, i, 1), count(i)))];
        return new(description, near, Array.ConvertAll(near, each => each.Distances.detach().requires_grad_(true)), behind);
    }

    /// <summary>The distances to the nearest prototypes, (N, positions, count).</summary>
    public Tensor Nearest(long count) => cat(Array.ConvertAll(Distances, each => each.narrow(2, 0, count)));

    /// <summary>These images, some of them replaced.</summary>
    public Adapted Mix(Adapted other, bool[] replaced) =>
        new(PcsNetTraining.Mix(Description, other.Description, replaced), Pick(Near, other.Near, replaced), Pick(Distances, other.Distances, replaced), null);

    /// <summary>The gradients of the descriptor, after those of the losses.</summary>
    public void Backward(PrototypeAdaptor adaptor)
    {
        using var scope = NewDisposeScope();
        var ofDistances = Near.Select((near, i) =>
            Distances[i].grad is { } gradient ? adaptor.Gradient(Description.narrow(0, i, 1), near, gradient) : zeros_like(Description.narrow(0, i, 1)));
        var whole = cat([.. ofDistances]);
        Behind!.backward([Description.grad is { } direct ? whole + direct : whole]);
    }

    private static T[] Pick<T>(T[] these, T[] others, bool[] replaced) => [.. replaced.Select((isReplaced, i) => (isReplaced ? others : these)[i])];
}
