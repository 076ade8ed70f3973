using Falcon.Randomness;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Backbones;

/// <summary>Draws the initial weights of a module anew. Each parameter has a random stream of its own, named by the parameter: the values do not depend on what
/// was built before, nor in which order.</summary>
public static class InitialWeights
{
    private const string Purpose = "initial-weights";

    /// <summary>As torchvision's residual networks: convolutions normal with variance 2 / (k²·outputs) (He et al. 2015, fan-out), batch norms 1 and 0, the
    /// rest (transposed convolutions, linear layers, biases) as <see cref="PyTorch"/>.</summary>
    /// <param name="module">Changed in place.</param>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="owner">Tells networks of one experiment apart, for example <c>student</c>.</param>
    public static void Torchvision(Module module, MasterSeed seed, string owner) => Draw(module, seed, owner, (convolution, generator) =>
    {
        var weight = convolution.weight;
        if (convolution is ConvolutionTranspose)
            Uniform(weight, FanIn(weight), generator);
        else
            weight.normal_(0, Math.Sqrt(2.0 * weight.shape[1] / weight.numel()), generator);
    });

    /// <summary>As PyTorch's own layers: weights and biases of convolutions and linear layers uniform within ±1/√(fan-in), norms 1 and 0.</summary>
    /// <param name="module">Changed in place.</param>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="owner">Tells networks of one experiment apart, for example <c>student</c>.</param>
    public static void PyTorch(Module module, MasterSeed seed, string owner) =>
        Draw(module, seed, owner, (convolution, generator) => Uniform(convolution.weight, FanIn(convolution.weight), generator));

    private static void Draw(Module module, MasterSeed seed, string owner, Action<Convolution, Generator> drawConvolution)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, part) in module.named_modules())
        {
            switch (part)
            {
                case Convolution convolution:
                    Fill("weight", convolution.weight, stream => drawConvolution(convolution, stream));
                    Fill("bias", convolution.bias, stream => Uniform(convolution.bias!, FanIn(convolution.weight), stream));
                    break;
                case Linear linear:
                    Fill("weight", linear.weight, stream => Uniform(linear.weight, FanIn(linear.weight), stream));
                    Fill("bias", linear.bias, stream => Uniform(linear.bias!, FanIn(linear.weight), stream));
                    break;
                case NormBase norm:
                    norm.reset_parameters();
                    norm.reset_running_stats();
                    break;
            }

            void Fill(string parameter, Tensor? tensor, Action<Generator> draw)
            {
                if (tensor is null)
                    return;
                using var stream = new Generator(seed.StreamSeed(Purpose, $"{owner}.{name}.{parameter}"));
                draw(stream);
            }
        }
    }

    /// <summary>Weights per first index, which is also PyTorch's rule for transposed convolutions.</summary>
    private static long FanIn(Tensor weight) => weight.numel() / weight.shape[0];

    private static void Uniform(Tensor tensor, long fanIn, Generator generator)
    {
        var bound = 1 / Math.Sqrt(fanIn);
        tensor.uniform_(-bound, bound, generator);
    }
}
