using TorchSharp.Modules;

namespace Falcon.Torch.Tests;

public class TrainingTests
{
    private sealed class SmallNetwork : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv = nn.Conv2d(3, 8, 3, padding: 1, bias: false);
        private readonly BatchNorm2d bn = nn.BatchNorm2d(8);
        private readonly Sequential head = nn.Sequential(nn.Conv2d(8, 4, 3, stride: 2), nn.ReLU(), nn.ConvTranspose2d(4, 3, 4, stride: 2));

        internal SmallNetwork()
            : base(nameof(SmallNetwork)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var features = conv.call(input);
            using var normal = bn.call(features);
            using var active = nn.functional.relu(normal);
            return head.call(active);
        }
    }

    [Fact(DisplayName = "a small convolutional network learns to reproduce its input")]
    public void Learns()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var network = new SmallNetwork();
        var images = rand(4, 3, 16, 16);
        using var optimizer = optim.Adam(network.parameters(), lr: 0.01);
        double first = 0, last = 0;
        for (var step = 0; step < 60; step++)
        {
            using var inner = NewDisposeScope();
            network.zero_grad();
            var loss = nn.functional.mse_loss(network.call(images), images);
            loss.backward();
            optimizer.step();
            last = loss.item<float>();
            if (step == 0)
                first = last;
        }
        Assert.True(last < first / 3, $"the loss went from {first} to {last}");
    }

    [Fact(DisplayName = "the state dictionary has PyTorch's names in PyTorch's order")]
    public void Names()
    {
        using var network = new SmallNetwork();
        Assert.Equal(
            [
                "conv.weight", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var", "bn.num_batches_tracked",
                "head.0.weight", "head.0.bias", "head.2.weight", "head.2.bias",
            ],
            network.state_dict().Keys);
    }
}
