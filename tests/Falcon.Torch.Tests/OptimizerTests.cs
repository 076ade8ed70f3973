using TorchSharp.Modules;

namespace Falcon.Torch.Tests;

public class OptimizerTests
{
    private static readonly Dictionary<string, double[]> Expected = Figures.Read<double[]>("optimisers.json");

    private static readonly Dictionary<string, Func<Parameter[], OptimizerHelper>> Cases = new()
    {
        ["adam"] = p => optim.Adam(p, 0.03, 0.5, 0.99),
        ["adam.decay"] = p => optim.Adam(p, 0.03, weight_decay: 0.1),
        ["adam.amsgrad"] = p => optim.Adam(p, 0.03, amsgrad: true, weight_decay: 1e-2),
        ["adam.maximize"] = p => optim.Adam(p, 0.03, maximize: true),
        ["adam.groups"] = p => optim.Adam(
            [
                new Adam.ParamGroup([p[0]], new Adam.Options { LearningRate = 0.1 }),
                new Adam.ParamGroup([p[1]], new Adam.Options { LearningRate = 0.01, beta1 = 0.3, beta2 = 0.9 }),
            ],
            lr: 0.5),
        ["adamw"] = p => optim.AdamW(p, 0.03, weight_decay: 0.1),
        ["sgd"] = p => optim.SGD(p, 0.05),
        ["sgd.momentum"] = p => optim.SGD(p, 0.05, momentum: 0.9, dampening: 0.3, weight_decay: 0.01),
        ["sgd.nesterov"] = p => optim.SGD(p, 0.05, momentum: 0.9, nesterov: true),
        ["rmsprop"] = p => optim.RMSProp(p, 0.01, alpha: 0.9, weight_decay: 0.01),
        ["rmsprop.centered"] = p => optim.RMSProp(p, 0.01, momentum: 0.5, centered: true),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory(DisplayName = "six steps lead where PyTorch's lead")]
    [MemberData(nameof(Names))]
    public void Steps(string name)
    {
        using var scope = NewDisposeScope();
        var parameters = Start(float32);
        using var optimizer = Cases[name](parameters);
        for (var i = 0; i < 6; i++)
            Step(parameters, optimizer);
        Figures.Equal(Expected[name], Values(parameters), 2e-6);
    }

    [Theory(DisplayName = "steps by separate operators, as on other devices and types, lead to the same place")]
    [InlineData("adam.decay")]
    [InlineData("adam.amsgrad")]
    [InlineData("adam.maximize")]
    [InlineData("adamw")]
    public void OtherTypes(string name)
    {
        using var scope = NewDisposeScope();
        var parameters = Start(float64);
        using var optimizer = Cases[name](parameters);
        for (var i = 0; i < 6; i++)
            Step(parameters, optimizer);
        Figures.Equal(Expected[name], Values(parameters), 2e-6);
    }

    [Theory(DisplayName = "an optimiser that loads a saved state goes on as the one that saved it")]
    [MemberData(nameof(Names))]
    public void Saved(string name)
    {
        using var scope = NewDisposeScope();
        var parameters = Start(float32);
        using var optimizer = Cases[name](parameters);
        for (var i = 0; i < 3; i++)
            Step(parameters, optimizer);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        optimizer.save_state_dict(writer);
        stream.Position = 0;
        var copies = Array.ConvertAll(parameters, parameter => new Parameter(parameter.detach().clone()));
        using var loaded = Cases[name](copies);
        using var reader = new BinaryReader(stream);
        loaded.load_state_dict(reader);
        using var copied = Cases[name](Array.ConvertAll(copies, parameter => new Parameter(parameter.detach().clone())));
        copied.load_state_dict(optimizer.state_dict());
        for (var i = 0; i < 3; i++)
        {
            Step(copies, loaded);
            Step([.. copied.parameters()], copied);
        }
        Figures.Equal(Expected[name], Values(copies), 2e-6);
        Figures.Equal(Values(copies), Values([.. copied.parameters()]), 0);
    }

    [Fact(DisplayName = "a step gives the same bits with one thread and with two")]
    public void Deterministic()
    {
        using var scope = NewDisposeScope();
        var threads = get_num_threads();
        try
        {
            var results = new[] { 1, 2 }.Select(count =>
            {
                set_num_threads(count);
                manual_seed(4);
                var parameter = new Parameter(randn(100_003));
                parameter.grad = randn(100_003);
                using var optimizer = optim.Adam([parameter], 1e-3, weight_decay: 1e-5);
                optimizer.step();
                optimizer.step();
                return parameter.data<float>().ToArray();
            }).ToArray();
            Assert.Equal(results[0], results[1]);
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Fact(DisplayName = "the memory layout of a parameter makes no difference to its step")]
    public void Layout()
    {
        using var scope = NewDisposeScope();
        var start = Figures.Wave([2, 3, 4, 5]);
        var gradient = Figures.Wave([2, 3, 4, 5], 1.1);
        var plain = new Parameter(start.clone());
        var channelsLast = new Parameter(start.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2));
        var mixed = new Parameter(start.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2));
        plain.grad = gradient;
        channelsLast.grad = gradient.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        mixed.grad = gradient;
        foreach (var parameter in new[] { plain, channelsLast, mixed })
        {
            using var optimizer = optim.Adam([parameter], 0.1, weight_decay: 0.1);
            optimizer.step();
            Assert.True(parameter.allclose(plain, 1e-6, 1e-6));
        }
    }

    [Fact(DisplayName = "a parameter without a gradient stays as it is")]
    public void NoGradient()
    {
        using var scope = NewDisposeScope();
        var parameters = Start(float32);
        using var optimizer = optim.AdamW(parameters, 0.1);
        parameters[0].grad = ones_like(parameters[0]);
        optimizer.step();
        Assert.True(parameters[1].allclose(Figures.Wave([5], 1.9), 0, 0));
        Assert.False(parameters[0].allclose(Figures.Wave([3, 4]), 0, 1e-3));
    }

    private static Parameter[] Start(ScalarType type) =>
        [new Parameter(Figures.Wave([3, 4]).to_type(type)), new Parameter(Figures.Wave([5], 1.9).to_type(type))];

    private static void Step(Parameter[] parameters, OptimizerHelper optimizer)
    {
        var (a, b) = (parameters[0], parameters[1]);
        optimizer.zero_grad();
        var loss = (a * a).sum() * 0.3 + (a.sum() - 1).pow(2) * 0.05 + b.sin().sum() + b.pow(4).sum() * 0.1;
        loss.backward();
        optimizer.step();
    }

    private static double[] Values(Parameter[] parameters) =>
        cat([.. parameters.Select(parameter => parameter.detach().flatten().to_type(float64))]).data<double>().ToArray();
}
