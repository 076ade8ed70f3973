using TorchSharp.Modules;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Torch.Tests;

public class OperatorTests
{
    private static readonly Dictionary<string, Figures.Recorded> Expected = Figures.Read<Figures.Recorded>("operators.json");

    private static readonly Tensor x = Figures.Wave([2, 3, 4]);
    private static readonly Tensor y = Figures.Wave([2, 3, 4], 1.3, 0.5);
    private static readonly Tensor image = Figures.Wave([2, 4, 6, 6], 0.37);
    private static readonly Tensor weight = Figures.Wave([4, 2, 3, 3], 0.9);
    private static readonly Tensor transposed = Figures.Wave([4, 2, 3, 3], 1.1);
    private static readonly Tensor four = Figures.Wave([4], 2.0);
    private static readonly Tensor m = Figures.Wave([3, 5], 0.6);
    private static readonly Tensor q = Figures.Wave([5], 1.7).abs();
    private static readonly Tensor mask = x > 0.2;
    private static readonly Tensor order = tensor(new long[] { 2, 0, 1 });
    private static readonly Tensor labels = tensor(new long[,] { { 0, 2, 1, 0 }, { 1, 1, 2, 0 } });
    private static readonly Tensor square = x[0, .., ..3].pow(2) + eye(3);

    private static readonly Dictionary<string, Func<Tensor>> Cases = new()
    {
        ["add"] = () => x + y * 2,
        ["sub"] = () => x - y,
        ["rsub"] = () => 1 - x,
        ["div"] = () => x / (y + 3),
        ["rdiv"] = () => 2 / (x + 3),
        ["div.floor"] = () => x.div(y, RoundingMode.floor),
        ["pow"] = () => (x.abs() + 0.5).pow(1.5),
        ["remainder"] = () => x * 5 % 3,
        ["clamp"] = () => x.clamp(-0.5, 0.5),
        ["clamp_min"] = () => x.clamp_min(0.1),
        ["erf"] = () => x.erf(),
        ["log1p"] = () => (x + 1.5).log1p(),
        ["round.decimals"] = () => x.round(2),
        ["atan2"] = () => x.atan2(y),
        ["lerp"] = () => x.lerp(y, tensor(0.3f)),
        ["where"] = () => where(mask, x, y),
        ["addcmul"] = () => x.addcmul(x, y, 0.5),
        ["logit"] = () => x.sigmoid().logit(1e-6),
        ["hypot"] = () => x.hypot(y),
        ["sum"] = () => x.sum(),
        ["sum.dims"] = () => x.sum([0, 2]),
        ["sum.keepdim"] = () => x.sum(1, keepdim: true),
        ["mean.dims"] = () => x.mean([1, 2]),
        ["std"] = () => x.std(),
        ["std.biased"] = () => x.std(2, unbiased: false),
        ["var.dims"] = () => x.var([0, 1], unbiased: false),
        ["amax"] = () => x.amax(0, 2),
        ["min.dim"] = () => x.min(1).Item1,
        ["argmax"] = () => x.argmax(2),
        ["prod"] = () => x.prod(),
        ["cumsum"] = () => x.cumsum(1),
        ["norm"] = () => x.norm(),
        ["norm.dim"] = () => x.norm(1, p: 3),
        ["logsumexp"] = () => x.logsumexp(2),
        ["any"] = () => mask.any(2),
        ["all"] = () => mask.all(0),
        ["count_nonzero"] = () => mask.count_nonzero(),
        ["sort"] = () => x.sort(1, descending: true).Item1,
        ["argsort"] = () => x.argsort(2),
        ["topk"] = () => x.topk(2, 1).Item1,
        ["topk.smallest"] = () => x.topk(2, 2, largest: false).Item2,
        ["kthvalue"] = () => x.kthvalue(2, 2).Item1,
        ["median"] = () => x.median(),
        ["quantile"] = () => x.quantile(tensor(new[] { 0.1f, 0.5f, 0.9f }), 2),
        ["unique"] = () => tensor(new long[] { 3, 1, 2, 3, 1 }).unique().Item1,
        ["histc"] = () => x.histc(5, -1, 1),
        ["bincount"] = () => bincount(tensor(new long[] { 0, 2, 2, 5 })),
        ["searchsorted"] = () => searchsorted(tensor(new[] { 0f, 0.3f, 0.6f }), q),
        ["cummax"] = () => x.cummax(2).Item1,
        ["permute"] = () => x.permute(2, 0, 1),
        ["cat"] = () => cat([x, y], 1),
        ["stack"] = () => stack([x, y], 1),
        ["chunk"] = () => x.chunk(2, 2)[1],
        ["split"] = () => x.split([1, 2], 1L)[1],
        ["narrow"] = () => x.narrow(2, 1, 2),
        ["flip"] = () => x.flip(1, 2),
        ["roll"] = () => x.roll([1, 2], [1, 2]),
        ["rot90"] = () => x.rot90(1, (1, 2)),
        ["repeat"] = () => x.repeat(1, 2, 1),
        ["expand"] = () => x[.., .., ..1].expand(2, 3, 3),
        ["unfold"] = () => x.unfold(2, 2, 1),
        ["tril"] = () => x.tril(),
        ["diagonal"] = () => x.diagonal(0, 1, 2),
        ["meshgrid"] = () => meshgrid([arange(3.0f), arange(2.0f)], "xy")[0],
        ["gather"] = () => x.gather(1, zeros([2, 1, 4], int64) + order[..2].view(2, 1, 1)),
        ["scatter_add"] = () => zeros(2, 3, 4).scatter_add(1, order.view(1, 3, 1).expand(2, 3, 4), x),
        ["index_select"] = () => x.index_select(1, order),
        ["masked_select"] = () => x.masked_select(mask),
        ["masked_fill"] = () => x.masked_fill(mask, 9),
        ["nonzero"] = () => mask.nonzero(),
        ["index.slice"] = () => x[.., 1.., TensorIndex.Slice(step: 2)],
        ["index.ellipsis"] = () => x[TensorIndex.Ellipsis, TensorIndex.None, 1],
        ["index.mask"] = () => x[mask],
        ["index.mixed"] = () => x[1, TensorIndex.Tensor(order[..2]), 1..],
        ["index.put"] = Written,
        ["take"] = () => x.take(tensor(new long[] { 0, 23, 5 })),
        ["matmul"] = () => x.matmul(x.transpose(1, 2)),
        ["mm"] = () => x[0].mm(m.t()[..4, ..3]),
        ["einsum"] = () => einsum("bij,bkj->bik", x, y),
        ["cdist"] = () => cdist(x, y),
        ["cdist.1"] = () => cdist(x, y, 1),
        ["det"] = () => square.det(),
        ["inverse"] = () => square.inverse(),
        ["outer"] = () => q.outer(q),
        ["softmax"] = () => x.softmax(1),
        ["log_softmax"] = () => x.log_softmax(2),
        ["gelu"] = () => gelu(x),
        ["gelu.tanh"] = () => gelu(x, GELU.Approximate.tanh),
        ["silu"] = () => silu(x),
        ["leaky_relu"] = () => leaky_relu(x, 0.2),
        ["elu"] = () => elu(x, 1),
        ["hardswish"] = () => hardswish(x * 4),
        ["softplus"] = () => softplus(x),
        ["relu6"] = () => relu6(x * 8),
        ["conv2d"] = () => conv2d(image, weight, four, strides: [2, 1], padding: [1, 1], groups: 2),
        ["conv2d.same"] = () => conv2d_padding(image, weight, padding: Padding.Same, dilation: [2, 2], groups: 2),
        ["conv_transpose2d"] = () => conv_transpose2d(image, transposed, strides: [2, 2], padding: [1, 1], output_padding: [1, 1]),
        ["unfold2d"] = () => nn.functional.unfold(image, 2, stride: 3),
        ["fold"] = () => fold(nn.functional.unfold(image, 3, padding: 1), 6, 3, padding: 1),
        ["avg_pool2d"] = () => avg_pool2d(image, 3, 2, 1, count_include_pad: false),
        ["max_pool2d"] = () => max_pool2d(image, 3, 2, 1),
        ["adaptive_avg_pool2d"] = () => adaptive_avg_pool2d(image, (4, 5)),
        ["batch_norm"] = () => batch_norm(image, null, null, four, four * 2, training: true),
        ["batch_norm.eval"] = () => batch_norm(image, four, four.abs() + 1, four, four * 2),
        ["instance_norm"] = () => instance_norm(image),
        ["group_norm"] = () => group_norm(image, 2, four, four),
        ["layer_norm"] = () => layer_norm(image, [6, 6]),
        ["normalize"] = () => normalize(x, dim: 1),
        ["cosine_similarity"] = () => cosine_similarity(x, y),
        ["interpolate.nearest"] = () => interpolate(image, [4, 9]),
        ["interpolate.nearest-exact"] = () => interpolate(image, [4, 9], mode: InterpolationMode.NearestExact),
        ["interpolate.bilinear"] = () => interpolate(image, [4, 9], mode: InterpolationMode.Bilinear),
        ["interpolate.bicubic"] = () => interpolate(image, [4, 9], mode: InterpolationMode.Bicubic),
        ["interpolate.area"] = () => interpolate(image, [4, 9], mode: InterpolationMode.Area),
        ["interpolate.corners"] = () => interpolate(image, scale_factor: [1.7], mode: InterpolationMode.Bilinear, align_corners: true),
        ["interpolate.antialias"] = () => interpolate(image, [3, 4], mode: InterpolationMode.Bilinear, antialias: true),
        ["interpolate.recompute"] = () =>
            interpolate(image, scale_factor: [1.7, 1.7], mode: InterpolationMode.Bilinear, recompute_scale_factor: true),
        ["interpolate.scale"] = () => interpolate(image, scale_factor: [1.7], mode: InterpolationMode.Bilinear),
        ["pad.constant"] = () => pad(x, (1, 2, 0, 1), value: 3),
        ["pad.reflect"] = () => pad(image, (1, 2, 2, 1), PaddingModes.Reflect),
        ["pad.replicate"] = () => pad(image, (1, 2, 2, 1), PaddingModes.Replicate),
        ["pad.circular"] = () => pad(image, (1, 2, 2, 1), PaddingModes.Circular),
        ["grid_sample"] = Sampled,
        ["pixel_shuffle"] = () => pixel_shuffle(image, 2),
        ["mse_loss"] = () => mse_loss(x, y),
        ["l1_loss.sum"] = () => l1_loss(x, y, nn.Reduction.Sum),
        ["smooth_l1_loss"] = () => smooth_l1_loss(x, y, beta: 0.3),
        ["huber_loss"] = () => huber_loss(x, y, 0.4),
        ["cross_entropy"] = () => cross_entropy(x, labels, label_smoothing: 0.1),
        ["binary_cross_entropy"] = () => binary_cross_entropy(x.sigmoid(), y.sigmoid()),
        ["binary_cross_entropy_with_logits"] = () => binary_cross_entropy_with_logits(x, y.sigmoid(), pos_weights: tensor(2f)),
        ["cosine_embedding_loss"] = () => cosine_embedding_loss(x[0], y[0], tensor(new[] { 1f, -1f, 1f }), 0.1),
        ["kl_div"] = () => kl_div(x.log_softmax(2), y.log_softmax(2)),
        ["triplet_margin_loss"] = () => triplet_margin_loss(x[0], x[1], y[0]),
        ["one_hot"] = () => one_hot(labels, 3),
        ["attention"] = () => scaled_dot_product_attention(x, y, x),
        ["linspace"] = () => linspace(0, 1, 4),
        ["arange"] = () => arange(1, 2, 0.25),
        ["eye"] = () => eye(2, 3),
        ["full"] = () => full(2, 2, 1.5),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory(DisplayName = "operators give PyTorch's numbers")]
    [MemberData(nameof(Names))]
    public void Numbers(string name)
    {
        using var scope = NewDisposeScope();
        Figures.Equal(Expected[name], Cases[name](), 2e-6);
    }

    private static Tensor Written()
    {
        var target = x.clone();
        target[.., 1] = 7;
        target[0, TensorIndex.Ellipsis, ^1] = y[0, .., 0];
        target[mask] = 0;
        return target;
    }

    private static Tensor Sampled()
    {
        var theta = tensor(new[] { 0.8f, 0.1f, 0.2f, -0.1f, 0.9f, 0.0f }, [1, 2, 3]).repeat(2, 1, 1);
        return grid_sample(image, affine_grid(theta, [2, 4, 5, 5]), padding_mode: GridSamplePaddingMode.Border);
    }
}
