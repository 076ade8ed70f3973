namespace Falcon.Torch.Tests;

public class IndexingTests
{
    [Fact(DisplayName = "seeded permutations are PyTorch's")]
    public void Permutation()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(616);
        Assert.Equal([17, 204, 40, 82, 50, 160, 180, 25, 196, 44], randperm(209, generator: generator)[..10].data<long>().ToArray());
    }
}
