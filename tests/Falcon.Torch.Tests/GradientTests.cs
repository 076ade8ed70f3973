using static TorchSharp.torch.nn.functional;

namespace Falcon.Torch.Tests;

public class GradientTests
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Cases = new()
    {
        ["pointwise"] = x => (x.sigmoid() * x.tanh() + x.exp() / (x * x + 1)).sum(),
        ["matmul"] = x => x.matmul(x.transpose(-1, -2)).softmax(-1).pow(2).sum(),
        ["convolution"] = x => conv2d(x, Weight(4, 2), strides: [2, 1], padding: [1, 1]).sin().sum(),
        ["transposed convolution"] = x => conv_transpose2d(x, Weight(2, 3), null, [2, 2], [1, 1]).cos().sum(),
        ["batch norm"] = x => batch_norm(x, null, null, training: true).pow(3).sum(),
        ["layer norm"] = x => layer_norm(x, [5, 6]).pow(3).sum(),
        ["average pooling and resizing"] = x =>
            interpolate(avg_pool2d(x, 2), [7, 5], mode: InterpolationMode.Bilinear).pow(2).sum(),
        ["reflection padding"] = x => pad(x, (1, 2, 2, 1), PaddingModes.Reflect).pow(3).sum(),
        ["cosine similarity"] = x => (1 - cosine_similarity(x[0], x[1], 0)).pow(2).sum(),
        ["indexing"] = x => (x[.., 1, 1..] * x[0, 0, 2]).sum() + x[.., 0, TensorIndex.Slice(step: 2)].pow(2).sum(),
        ["normalised distance"] = x => mse_loss(normalize(x), normalize(x.roll(1, 3))) + smooth_l1_loss(x, x.flip(3), beta: 0.3),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory(DisplayName = "gradients are the slopes that small differences give")]
    [MemberData(nameof(Names))]
    public void FiniteDifferences(string name)
    {
        using var scope = NewDisposeScope();
        var function = Cases[name];
        var start = Figures.Wave([2, 2, 5, 6], 0.61).to_type(float64);
        var x = start.clone().requires_grad_();
        function(x).backward();
        using var gradient = x.grad!;
        var analytic = gradient.data<double>().ToArray();
        const double Step = 1e-5;
        foreach (var i in new[] { 0, 7, 31, 59, 64, 90, 119 })
        {
            var slope = (Shifted(i, Step) - Shifted(i, -Step)) / (2 * Step);
            Assert.Equal(slope, analytic[i], 1e-6 * Math.Max(1, Math.Abs(slope)));
        }

        double Shifted(long index, double by)
        {
            using var inner = NewDisposeScope();
            using var noGrad = no_grad();
            var shifted = start.clone();
            shifted.view(-1)[index] += by;
            return function(shifted).item<double>();
        }
    }

    [Fact(DisplayName = "gradients of chosen inputs leave the others alone")]
    public void Chosen()
    {
        using var scope = NewDisposeScope();
        var a = tensor(3.0, requires_grad: true);
        var b = tensor(4.0, requires_grad: true);
        var product = a * b;
        var gradients = autograd.grad([product], [b], retain_graph: true);
        Assert.Equal(3.0, gradients[0].item<double>());
        Assert.Null(a.grad);
        product.backward();
        Assert.Equal(4.0, a.grad!.item<double>());
    }

    [Fact(DisplayName = "gradients of gradients")]
    public void Second()
    {
        using var scope = NewDisposeScope();
        var x = tensor(2.0, requires_grad: true);
        var first = autograd.grad([x.pow(3)], [x], create_graph: true)[0];
        Assert.Equal(12.0, autograd.grad([first], [x])[0].item<double>());
    }

    [Fact(DisplayName = "gradients add up until they are dropped")]
    public void Accumulation()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(2, 1, hasBias: false);
        var input = ones(1, 2);
        linear.call(input).backward();
        linear.call(input).backward();
        Assert.Equal([2f, 2f], linear.weight.grad!.data<float>().ToArray());
        linear.zero_grad();
        Assert.Null(linear.weight.grad);
    }

    [Fact(DisplayName = "nothing is recorded without gradients, in inference mode, and after detaching")]
    public void NotRecorded()
    {
        using var scope = NewDisposeScope();
        var x = ones([2], requires_grad: true);
        using (no_grad())
        {
            Assert.False((x * 2).requires_grad);
            using (enable_grad())
                Assert.True((x * 2).requires_grad);
            Assert.False(is_grad_enabled());
        }
        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            Assert.False((x * 2).requires_grad);
        }
        Assert.True(is_grad_enabled());
        Assert.False(x.detach().requires_grad);
        Assert.True(x.is_leaf);
        Assert.False((x * 2).is_leaf);
    }

    [Fact(DisplayName = "clipping scales all gradients to the norm that is allowed")]
    public void Clipping()
    {
        using var scope = NewDisposeScope();
        var parameters = new[] { new TorchSharp.Modules.Parameter(zeros(2)), new TorchSharp.Modules.Parameter(zeros(1)) };
        parameters[0].grad = tensor(new[] { 3f, 0f });
        parameters[1].grad = tensor(new[] { 4f });
        Assert.Equal(5, nn.utils.clip_grad_norm_(parameters, 1), 1e-6);
        Assert.Equal(0.6, parameters[0].grad![0].item<float>(), 1e-5);
        Assert.Equal(0.8, parameters[1].grad![0].item<float>(), 1e-5);
    }

    private static Tensor Weight(long first, long second) => Figures.Wave([first, second, 3, 3], 0.83).to_type(float64);
}
