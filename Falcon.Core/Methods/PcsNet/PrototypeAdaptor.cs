using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>A descriptor, the prototypes of good positions and the radius around them. Names: <c>Descriptor</c>, <c>C</c> (D, positions) and <c>r</c>.</summary>
internal sealed class PrototypeAdaptor : Module
{
    private const double FirstRadius = 1e-5, LeastSquare = 1e-12;
    private const int Block = 512;

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

    /// <summary>The distances of each position to the prototypes next to it, ascending, (N, positions, count).</summary>
    /// <param name="description">(N, D, grid, grid).</param>
    /// <param name="count">How many; all when there are fewer.</param>
    public Tensor Nearest(Tensor description, long count)
    {
        using var scope = NewDisposeScope();
        var nearest = Blocks(description, Block, squares => squares.topk((int)Math.Min(count, squares.shape[2]), dim: 2, largest: false, sorted: true).values);
        return Root(cat(nearest, dim: 1)).MoveToOuterDisposeScope();
    }

    /// <summary>The distances to each prototype times a mask, of which the three smallest of every row of positions, (N, rows, 3, prototypes).</summary>
    /// <param name="description">(N, D, grid, grid).</param>
    /// <param name="mask">(N, 1, grid, grid).</param>
    public Tensor SmallestOfRows(Tensor description, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var grid = description.shape[3];
        var row = 0L;
        var smallest = Blocks(description, grid, squares =>
        {
            var shown = mask.select(1, 0).narrow(1, row++, 1).squeeze(1).unsqueeze(2);
            return (Root(squares) * shown).topk((int)Math.Min(3, grid), dim: 1, largest: false).values.unsqueeze(1);
        });
        return cat(smallest, dim: 1).MoveToOuterDisposeScope();
    }

    /// <summary>Squared distances (N, positions of the block, prototypes), which would be large for all positions at once.</summary>
    private List<Tensor> Blocks(Tensor description, long size, Func<Tensor, Tensor> take)
    {
        var positions = description.flatten(2).transpose(1, 2);
        var prototypes = Prototypes;
        var (lengths, theirs) = (positions.square().sum([2], keepdim: true), prototypes.square().sum([0]));
        var taken = new List<Tensor>();
        for (var from = 0L; from < positions.shape[1]; from += size)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(size, positions.shape[1] - from);
            var squares = lengths.narrow(1, from, count) + theirs - 2 * positions.narrow(1, from, count).matmul(prototypes);
            taken.Add(take(squares).MoveToOuterDisposeScope());
        }
        return taken;
    }

    /// <summary>Clamped, since the gradient of a root is infinite at 0.</summary>
    private static Tensor Root(Tensor squares) => squares.clamp(min: LeastSquare).sqrt();
}
