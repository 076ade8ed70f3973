using Falcon.Onnx;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>A descriptor, the prototypes of good positions and the radius around them. Names: <c>Descriptor</c>, <c>C</c> (D, positions) and <c>r</c>.</summary>
internal sealed class PrototypeAdaptor : Module
{
    private const double FirstRadius = 1e-5, LeastSquare = 1e-12;
    private const int Block = 512, Few = 8;

    [ComponentName(Name = nameof(Descriptor))]
    private readonly Descriptor _descriptor;

    public PrototypeAdaptor(IReadOnlyList<int> channels, bool rotating, int grid) : base(nameof(PrototypeAdaptor))
    {
        _descriptor = new(channels, rotating, grid);
        RegisterComponents();
        register_parameter("r", new Parameter(full([1], FirstRadius, device: CPU)));
        var described = channels.Sum(count => rotating ? count / 2 : count);
        register_buffer("C", zeros([described, (long)grid * grid], device: CPU));
    }

    public Descriptor Descriptor => _descriptor;

    /// <summary>The radius around a prototype, (1).</summary>
    public Parameter Radius => get_parameter("r")!;

    /// <summary>The prototypes, (D, positions).</summary>
    public Tensor Prototypes => get_buffer("C")!;

    /// <summary>Takes the mean description of each position over batches of good images as its prototype.</summary>
    /// <param name="batches">The levels of each batch.</param>
    public void Fit(IEnumerable<IReadOnlyList<Tensor>> batches)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var sum = zeros_like(Prototypes);
        var images = 0L;
        foreach (var levels in batches)
        {
            using var inner = NewDisposeScope();
            sum.add_(Descriptor.call(levels).flatten(2).sum([0]));
            images += levels[0].shape[0];
        }
        Prototypes.copy_(sum / images);
    }

    /// <summary>The prototypes next to each position, without a graph: their gradient is <see cref="Gradient"/>'s.</summary>
    /// <param name="description">(N, D, grid, grid).</param>
    /// <param name="count">How many; all when there are fewer.</param>
    public NearPrototypes Nearest(Tensor description, long count)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (distances, indices) = (new List<Tensor>(), new List<Tensor>());

        // Of one image after the other, so that a block is no larger in a large batch.
        ForBlocks(Positions(description).flatten(0, 1).unsqueeze(0), Block, squares =>
        {
            var (values, places) = squares.topk((int)Math.Min(count, squares.shape[2]), dim: 2, largest: false, sorted: true);
            distances.Add(Root(values).MoveToOuterDisposeScope());
            indices.Add(places.MoveToOuterDisposeScope());
        });
        return new(Whole(distances), Whole(indices));

        Tensor Whole(List<Tensor> blocks) => cat(blocks, dim: 1).reshape(description.shape[0], -1, blocks[0].shape[2]).MoveToOuterDisposeScope();
    }

    /// <summary>The distances to the nearest prototypes, in a graph: (1, positions, count) for (1, D, grid, grid).</summary>
    public OnnxValue Nearest(OnnxValue description, long count)
    {
        using var scope = NewDisposeScope();
        var (graph, positions) = (description.Graph, description.Rows());
        var squares = positions.Square().KeptSum(1) + graph.Tensor(Prototypes.square().sum([0])) + positions.MatMul(graph.Tensor(Prototypes * -2));
        return squares.TopK(count, largest: false).AtLeast(LeastSquare).Sqrt().Reshape(1, positions.Shape[0], count);
    }

    /// <summary>The gradient of descriptions from that of their distances. Few of the distances to all prototypes have one, which an automatic gradient would not know.</summary>
    /// <param name="description">(N, D, grid, grid).</param>
    /// <param name="near">What <see cref="Nearest(Tensor, long)"/> gave of it.</param>
    /// <param name="gradient">Of the distances, (N, positions, count).</param>
    /// <returns>(N, D, grid, grid).</returns>
    public Tensor Gradient(Tensor description, NearPrototypes near, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (positions, prototypes) = (Positions(description), Prototypes.t());
        var (count, least) = (near.Distances.shape[2], Math.Sqrt(LeastSquare));

        // d = |p - c|, so that its gradient is (p - c) / d; none where the square was clamped.
        var weights = where(near.Distances.gt(least), gradient / near.Distances, zeros_like(gradient));
        var sums = new List<Tensor>();
        for (var from = 0L; from < positions.shape[1]; from += Block)
        {
            using var inner = NewDisposeScope();
            var length = Math.Min(Block, positions.shape[1] - from);
            var (places, theirs) = (near.Indices.narrow(1, from, length), weights.narrow(1, from, length));
            var sum = count <= Few
                ? (prototypes.index_select(0, places.flatten()).reshape([.. places.shape, prototypes.shape[1]]) * theirs.unsqueeze(3)).sum([2])
                : zeros([places.shape[0], length, prototypes.shape[0]], theirs.dtype, device: theirs.device).scatter_(2, places, theirs).matmul(prototypes);
            sums.Add(sum.MoveToOuterDisposeScope());
        }
        var result = positions * weights.sum([2], keepdim: true) - cat(sums, dim: 1);
        return result.transpose(1, 2).reshape(description.shape).MoveToOuterDisposeScope();
    }

    /// <summary>The distances to each prototype times a mask, of which the three smallest of every row of positions, (N, rows, 3, prototypes).</summary>
    /// <param name="description">(N, D, grid, grid).</param>
    /// <param name="mask">(N, 1, grid, grid).</param>
    public Tensor SmallestOfRows(Tensor description, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var grid = description.shape[3];
        var smallest = new List<Tensor>();
        ForBlocks(Positions(description), grid, squares =>
        {
            var shown = mask.select(1, 0).narrow(1, smallest.Count, 1).squeeze(1).unsqueeze(2);
            smallest.Add((Root(squares) * shown).topk((int)Math.Min(3, grid), dim: 1, largest: false).values.unsqueeze(1).MoveToOuterDisposeScope());
        });
        return cat(smallest, dim: 1).MoveToOuterDisposeScope();
    }

    /// <summary>Descriptions as (N, positions, D).</summary>
    private static Tensor Positions(Tensor description) => description.flatten(2).transpose(1, 2);

    /// <summary>Gives squared distances to all prototypes, (N, positions of a block, prototypes), block by block: those of all positions at once would be large.</summary>
    private void ForBlocks(Tensor positions, long size, Action<Tensor> take)
    {
        var prototypes = Prototypes;
        var (lengths, theirs) = (positions.square().sum([2], keepdim: true), prototypes.square().sum([0]));
        for (var from = 0L; from < positions.shape[1]; from += size)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(size, positions.shape[1] - from);
            take((lengths.narrow(1, from, count) + theirs).add_(positions.narrow(1, from, count).matmul(prototypes), alpha: -2));
        }
    }

    /// <summary>Clamped, since the gradient of a root is infinite at 0.</summary>
    private static Tensor Root(Tensor squares) => squares.clamp(min: LeastSquare).sqrt();
}

/// <summary>The prototypes next to each position, ascending.</summary>
/// <param name="Distances">(N, positions, count).</param>
/// <param name="Indices">Which prototypes, (N, positions, count) int64.</param>
internal sealed record NearPrototypes(Tensor Distances, Tensor Indices);
