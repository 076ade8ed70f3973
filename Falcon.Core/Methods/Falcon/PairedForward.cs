using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>Runs a module on clean and noised inputs at once. Convolutions see both joined in one batch, which keeps the cores busy at batch size 1;
/// batch norm sees each half alone, in the order in which separate calls would have come, so the numbers are those of two calls.</summary>
internal static class PairedForward
{
    /// <param name="part">The module to run, in training mode.</param>
    /// <param name="joined">(2N, C, h, w): N clean inputs, then N noised ones.</param>
    /// <param name="noisedFirst">Whether batch norm updates its running statistics with the noised half before the clean one.</param>
    public static Tensor Run(FalconModules.Part part, Tensor joined, bool noisedFirst = false)
    {
        foreach (var layer in part.Stages.SelectMany(stage => stage.children()).Cast<nn.Module<Tensor, Tensor>>())
            joined = layer is BatchNorm2d norm ? EachHalf(norm, joined, noisedFirst) : layer.call(joined);
        return joined;
    }

    private static Tensor EachHalf(BatchNorm2d norm, Tensor joined, bool noisedFirst)
    {
        var halves = joined.chunk(2);
        if (noisedFirst)
        {
            var noised = norm.call(halves[1]);
            return cat([norm.call(halves[0]), noised]);
        }
        return cat([norm.call(halves[0]), norm.call(halves[1])]);
    }
}
