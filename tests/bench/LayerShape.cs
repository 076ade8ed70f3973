using System.Diagnostics;
using Falcon.Engine;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Bench;

/// <summary>A convolution or linear layer as a method runs it.</summary>
/// <param name="Layer">Its kind, stride, padding and groups.</param>
/// <param name="Input">The input's shape.</param>
/// <param name="Weight">The weight's shape.</param>
/// <param name="ToInput">Whether a gradient goes to the input.</param>
/// <param name="ToWeight">Whether a gradient goes to the weight.</param>
/// <param name="GigaFlop">Multiplications and additions, those of the gradients included, in 10⁹.</param>
public sealed record LayerShape(string Layer, string Input, string Weight, bool ToInput, bool ToWeight, double GigaFlop)
{
    private const int Calls = 6;

    /// <summary>The layers that a run calls.</summary>
    /// <param name="modules">The modules whose layers are looked at.</param>
    /// <param name="run">What calls them.</param>
    /// <returns>How often it calls each, and how long one call takes alone in numbers of a type, in seconds.</returns>
    public static IReadOnlyDictionary<LayerShape, (int Calls, Func<ScalarType, double> Alone)> Of(IEnumerable<nn.Module> modules, Action run)
    {
        var found = new Dictionary<LayerShape, (int Calls, Func<ScalarType, double> Alone)>();
        var layers = modules.SelectMany(module => module.modules().Prepend(module)).Distinct().OfType<nn.Module<Tensor, Tensor>>().Where(IsCounted);
        var hooks = layers.Select(layer => layer.register_forward_hook((_, input, output) =>
        {
            var shape = Of(layer, input, output);
            long[] size = [.. input.shape];
            found[shape] = (found.GetValueOrDefault(shape).Calls + 1, numbers => Alone(layer, size, shape, numbers));
            return output;
        })).ToArray();
        run();
        foreach (var hook in hooks)
            hook.remove();
        return found;
    }

    private static bool IsCounted(nn.Module module) => module is Convolution or TorchSharp.Modules.Linear;

    private static LayerShape Of(nn.Module layer, Tensor input, Tensor output)
    {
        var (weight, words, positions) = layer switch
        {
            ConvolutionTranspose c => (c.weight, $"transposed convolution, stride {c.stride[0]}", input.numel() / input.shape[1]),
            Convolution c => (c.weight, $"convolution, stride {c.stride[0]}, padding {c.padding?[0]}, groups {c.groups}", output.numel() / output.shape[1]),
            _ => (((TorchSharp.Modules.Linear)layer).weight, "linear", output.numel() / output.shape[^1]),
        };
        var (toInput, toWeight) = (is_grad_enabled() && input.requires_grad, is_grad_enabled() && weight.requires_grad);
        var passes = 1 + (toInput ? 1 : 0) + (toWeight ? 1 : 0);
        return new(words, string.Join('×', input.shape), string.Join('×', weight.shape), toInput, toWeight, 2e-9 * positions * weight.numel() * passes);
    }

    /// <summary>The fastest call, forward and, where gradients are wanted, back, in the layout that suits the layer.</summary>
    private static double Alone(nn.Module layer, long[] size, LayerShape shape, ScalarType numbers)
    {
        using var scope = NewDisposeScope();
        var image = rand(size, numbers, device: CPU);
        var plain = Fastest(layer, image, shape);
        return size.Length < 4 ? plain : Math.Min(plain, Fastest(layer, image.ChannelsLast(), shape));
    }

    private static double Fastest(nn.Module layer, Tensor input, LayerShape shape)
    {
        using var scope = NewDisposeScope();
        using var gradients = shape.ToInput || shape.ToWeight ? (IDisposable)enable_grad() : no_grad();
        input = input.detach().requires_grad_(shape.ToInput);
        var (weight, bias) = (Copy((Tensor)layer.get_parameter("weight")!), Copy(layer.get_parameter("bias")));
        var fastest = double.PositiveInfinity;
        for (var call = 0; call < Calls; call++)
        {
            using var each = NewDisposeScope();
            var started = Stopwatch.GetTimestamp();
            var output = layer switch
            {
                ConvolutionTranspose c => functional.conv_transpose2d(input, weight!, bias, c.stride, c.padding, c.output_padding, c.dilation, c.groups),
                Convolution c => functional.conv2d(input, weight!, bias, c.stride, c.padding, c.dilation, c.groups),
                _ => functional.linear(input, weight!, bias),
            };
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (shape.ToInput || shape.ToWeight)
            {
                var gradient = output.detach().clone();
                started = Stopwatch.GetTimestamp();
                output.backward([gradient]);
                seconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
            }
            fastest = Math.Min(fastest, seconds);
        }
        return fastest;

        Tensor? Copy(Tensor? parameter) => parameter?.detach().to(input.dtype).requires_grad_(shape.ToWeight);
    }
}
