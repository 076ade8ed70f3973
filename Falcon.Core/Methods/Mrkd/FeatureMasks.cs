using Falcon.Randomness;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The positions of the decoder's levels that the generation blocks see: 1, or 0 for a hidden one.</summary>
/// <param name="Levels">(N, 1, h, w) float32 for layer1, layer2 and layer3; N = 1 stands for every image of a batch.</param>
internal sealed record FeatureMasks(IReadOnlyList<Tensor> Levels)
{
    /// <param name="uniform">Numbers in [0, 1) of the masks' shapes.</param>
    /// <param name="ratio">The share of positions to hide.</param>
    public static FeatureMasks Of(IEnumerable<Tensor> uniform, double ratio) =>
        new([.. uniform.Select(u => u.to(ScalarType.Float64).le(1 - ratio).to(ScalarType.Float32))]);

    /// <summary>Masks of a batch, each image's from its own stream, the deepest level first.</summary>
    /// <param name="images">A stream for each image.</param>
    /// <param name="sizes">Rows and columns of layer1, layer2 and layer3.</param>
    /// <param name="ratio">The share of positions to hide.</param>
    /// <param name="device">Where the masks are needed.</param>
    public static FeatureMasks Draw(IReadOnlyList<RandomStream> images, IReadOnlyList<(long Rows, long Columns)> sizes, double ratio, Device device)
    {
        var masks = new Tensor[sizes.Count];
        for (var level = sizes.Count - 1; level >= 0; level--)
        {
            var (rows, columns) = sizes[level];
            var values = new float[images.Count * rows * columns];
            for (var i = 0; i < values.Length; i++)
                values[i] = images[(int)(i / (rows * columns))].NextDouble() > 1 - ratio ? 0 : 1;
            masks[level] = tensor(values, [images.Count, 1, rows, columns], device: device);
        }
        return new(masks);
    }
}
