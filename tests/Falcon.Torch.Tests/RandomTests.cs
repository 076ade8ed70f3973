namespace Falcon.Torch.Tests;

public class RandomTests
{
    private static readonly Dictionary<string, Figures.Recorded> Expected = Figures.Read<Figures.Recorded>("operators.json");

    [Fact(DisplayName = "seeded permutations are PyTorch's")]
    public void Permutation()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(616);
        Assert.Equal([17, 204, 40, 82, 50, 160, 180, 25, 196, 44], randperm(209, generator: generator)[..10].data<long>().ToArray());
    }

    [Fact(DisplayName = "a seeded generator gives PyTorch's numbers, one distribution after the other")]
    public void Distributions()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var weights = Figures.Wave([5], 1.7).abs();
        Figures.Equal(Expected["rand"], rand(5, generator: generator), 1e-6);
        Figures.Equal(Expected["randn"], randn(20, generator: generator), 1e-6);
        Figures.Equal(Expected["randint"], randint(3, 50, [6], generator: generator), 0);
        Figures.Equal(Expected["bernoulli"], full(8, 0.4f).bernoulli(generator), 0);
        Figures.Equal(Expected["uniform_"], empty(4).uniform_(-2, 3, generator), 1e-6);
        Figures.Equal(Expected["multinomial"], weights.multinomial(3, generator: generator), 0);
        Figures.Equal(Expected["normal_"], empty(3).normal_(1, 2, generator), 1e-6);
    }

    [Fact(DisplayName = "a generator continues from a saved state and starts anew from its seed")]
    public void State()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var first = rand(4, generator: generator);
        var state = generator.get_state();
        var second = rand(4, generator: generator);
        generator.set_state(state);
        Assert.True(rand(4, generator: generator).allclose(second, 0, 0));
        generator.manual_seed(3);
        Assert.True(rand(4, generator: generator).allclose(first, 0, 0));
        Assert.Equal(3, generator.initial_seed());
    }

    [Fact(DisplayName = "layers start with the weights that PyTorch draws from the same seed")]
    public void Layers()
    {
        using var scope = NewDisposeScope();
        manual_seed(11);
        using var convolution = nn.Conv2d(2, 3, 3);
        using var linear = nn.Linear(3, 2);
        Figures.Equal(Expected["init.conv.weight"], convolution.weight, 1e-6);
        Figures.Equal(Expected["init.conv.bias"], convolution.bias!, 1e-6);
        Figures.Equal(Expected["init.linear.weight"], linear.weight, 1e-6);
        Figures.Equal(Expected["init.linear.bias"], linear.bias!, 1e-6);
    }

    public static TheoryData<string> Initialisers => ["trunc_normal_", "orthogonal_", "xavier_uniform_", "kaiming_normal_"];

    [Theory(DisplayName = "initialisers draw what PyTorch draws from the same seed")]
    [MemberData(nameof(Initialisers))]
    public void Initial(string name)
    {
        using var scope = NewDisposeScope();
        var target = empty(3, 4);
        manual_seed(12);
        _ = name switch
        {
            "trunc_normal_" => nn.init.trunc_normal_(target, std: 0.02),
            "orthogonal_" => nn.init.orthogonal_(target),
            "xavier_uniform_" => nn.init.xavier_uniform_(target),
            _ => nn.init.kaiming_normal_(target, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU),
        };
        Figures.Equal(Expected[$"init.{name}"], target, 1e-6);
    }
}
