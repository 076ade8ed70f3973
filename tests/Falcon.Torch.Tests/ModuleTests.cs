using TorchSharp.Modules;
using TorchSharp.Utils;

namespace Falcon.Torch.Tests;

public class ModuleTests
{
    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = "bn.1")]
        private readonly Parameter misnamed = new(ones(1));

        internal Block()
            : base(nameof(Block)) => RegisterComponents();

        public override Tensor forward(Tensor input) => input * misnamed;
    }

    private sealed class Nested : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = "downsample")]
        private readonly Sequential _shortcut = nn.Sequential(("0", nn.Conv2d(2, 2, 1)), ("norm", nn.BatchNorm2d(2)));
        private readonly ModuleList<Linear> heads = nn.ModuleList(nn.Linear(2, 1), nn.Linear(2, 1, hasBias: false));
        private readonly ModuleDict<Linear> byName = nn.ModuleDict(("left", nn.Linear(1, 1)));
        private readonly ParameterList tables = nn.ParameterList(new Parameter(zeros(2)));
        private readonly Parameter scale = new(ones(1));
        private readonly Tensor mean = full([1], 0.5f);

        internal Nested()
            : base(nameof(Nested))
        {
            RegisterComponents();
            register_buffer("cache", zeros(3), persistent: false);
        }

        public override Tensor forward(Tensor input) => _shortcut.call(input) * scale + mean + heads[0].weight.sum() + byName["left"].weight.sum() + tables[0].sum();
    }

    [Fact(DisplayName = "parts are named by their fields or attributes, nested parts by their path")]
    public void Names()
    {
        using var module = new Nested();
        Assert.Equal(
            [
                "scale", "mean", "downsample.0.weight", "downsample.0.bias", "downsample.norm.weight", "downsample.norm.bias",
                "downsample.norm.running_mean", "downsample.norm.running_var", "downsample.norm.num_batches_tracked",
                "heads.0.weight", "heads.0.bias", "heads.1.weight", "byName.left.weight", "byName.left.bias", "tables.0",
            ],
            module.state_dict().Keys);
        Assert.Contains("cache", module.named_buffers().Select(buffer => buffer.Item1));
        Assert.True(module.has_parameter("heads.0.bias"));
        Assert.Equal(["downsample", "heads", "byName", "tables"], module.named_children().Select(child => child.Item1));
        Assert.Contains("downsample.norm", module.named_modules().Select(inner => inner.Item1));
        Assert.Throws<ArgumentException>(() => new Block());
    }

    [Fact(DisplayName = "a state dictionary is copied into the module; what does not fit is named")]
    public void LoadState()
    {
        using var scope = NewDisposeScope();
        using var source = new Nested();
        using var target = new Nested();
        var state = source.state_dict();
        target.load_state_dict(state);
        var input = Figures.Wave([2, 2, 3, 3]);
        source.eval();
        target.eval();
        Assert.True(source.call(input).allclose(target.call(input), 0, 0));

        state.Remove("scale");
        state["surplus"] = ones(1);
        var error = Assert.Throws<InvalidOperationException>(() => target.load_state_dict(state));
        Assert.Contains("scale", error.Message);
        Assert.Contains("surplus", error.Message);
        var (missing, unexpected) = target.load_state_dict(state, strict: false);
        Assert.Equal(["scale"], missing);
        Assert.Equal(["surplus"], unexpected);
        target.load_state_dict(state, skip: ["scale", "surplus"]);
        state["mean"] = ones(2);
        Assert.Contains("mean", Assert.Throws<InvalidOperationException>(() => target.load_state_dict(state, strict: false)).Message);
    }

    [Fact(DisplayName = "conversion keeps the parameter objects, so an optimiser keeps working")]
    public void Conversion()
    {
        using var scope = NewDisposeScope();
        using var module = new Nested();
        var before = module.parameters().ToList();
        using var optimizer = optim.SGD(module.parameters(), 0.1);
        module.to(float64);
        Assert.All(module.parameters().Zip(before), pair => Assert.Same(pair.Second, pair.First));
        Assert.All(module.parameters(), parameter => Assert.Equal(float64, parameter.dtype));
        Assert.Equal(int64, module.get_buffer("downsample.norm.num_batches_tracked")!.dtype);
        module.call(Figures.Wave([2, 2, 3, 3]).to_type(float64)).square().sum().backward();
        optimizer.step();
        Assert.NotEqual(1.0, module.get_parameter("scale")!.item<double>());
    }

    [Fact(DisplayName = "training and evaluation reach every part")]
    public void Modes()
    {
        using var module = new Nested();
        module.eval();
        Assert.All(module.modules(), part => Assert.False(part.training));
        module.train();
        Assert.All(module.modules(), part => Assert.True(part.training));
    }

    [Fact(DisplayName = "a module made in a dispose scope outlives it and frees everything when disposed")]
    public void Lifetime()
    {
        var before = LiveTensors.Count();
        Nested module;
        using (NewDisposeScope())
            module = new Nested();
        Assert.All(module.parameters(), parameter => Assert.False(parameter.IsInvalid));
        module.Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact(DisplayName = "batch norm normalises by the batch, remembers its statistics, and uses them in evaluation")]
    public void BatchNorm()
    {
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm2d(2, momentum: 0.3);
        var input = Figures.Wave([3, 2, 4, 4], 0.41);
        var normal = norm.call(input);
        Assert.True(normal.mean([0, 2, 3]).allclose(zeros(2), 0, 1e-6));
        Assert.Equal(1, norm.num_batches_tracked!.item<long>());
        Assert.True(norm.running_mean!.allclose(input.mean([0, 2, 3]) * 0.3));
        Assert.True(norm.running_var!.allclose(input.var([0, 2, 3]) * 0.3 + 0.7, 1e-5));
        norm.eval();
        var expected = (input - norm.running_mean!.view(1, 2, 1, 1)) / (norm.running_var!.view(1, 2, 1, 1) + 1e-5).sqrt();
        Assert.True(norm.call(input).allclose(expected, 1e-5, 1e-6));
        Assert.Equal(1, norm.num_batches_tracked!.item<long>());
    }

    [Fact(DisplayName = "a convolution pads by reflection, by 'same', and by zeros as told")]
    public void Padding()
    {
        using var scope = NewDisposeScope();
        var input = Figures.Wave([1, 2, 5, 5]);
        using var reflecting = nn.Conv2d(2, 3, 3, padding: 1, padding_mode: PaddingModes.Reflect);
        var padded = nn.functional.pad(input, (1, 1, 1, 1), PaddingModes.Reflect);
        Assert.True(reflecting.call(input).allclose(nn.functional.conv2d(padded, reflecting.weight, reflecting.bias)));
        using var same = nn.Conv2d(2, 3, 3, TorchSharp.Padding.Same);
        Assert.Equal([1, 3, 5, 5], same.call(input).shape);
        using var sameReflecting = nn.Conv2d(2, 3, 4, TorchSharp.Padding.Same, padding_mode: PaddingModes.Reflect);
        Assert.Equal([1, 3, 5, 5], sameReflecting.call(input).shape);
    }

    [Fact(DisplayName = "dropout is the identity in evaluation and keeps the mean in training")]
    public void Dropout()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        using var dropout = nn.Dropout(0.25);
        var input = ones(100_000);
        var dropped = dropout.call(input);
        Assert.Equal(1, dropped.mean().item<float>(), 0.02);
        Assert.Equal(0.25, (dropped == 0).to_type(float32).mean().item<float>(), 0.01);
        dropout.eval();
        Assert.True(dropout.call(input).allclose(input, 0, 0));
    }

    [Fact(DisplayName = "a list of modules renumbers its parts when one is taken out")]
    public void Lists()
    {
        using var list = nn.ModuleList(nn.Linear(1, 1), nn.Linear(2, 1), nn.Linear(3, 1));
        using var removed = list[0];
        list.RemoveAt(0);
        list.append(nn.Linear(4, 1));
        Assert.Equal([("0", 2L), ("1", 3L), ("2", 4L)], list.named_children().Select(child => (child.Item1, ((Linear)child.Item2).in_features)));
    }
}
