using Falcon.Data;
using Falcon.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>From distances at the layers' sizes (N, h, w) to one anomaly map (N, H, W).</summary>
public static class DistanceMaps
{
    /// <summary>A map at another size, bilinear.</summary>
    /// <param name="map">(N, h, w).</param>
    /// <param name="height">Rows of the result.</param>
    /// <param name="width">Columns of the result.</param>
    /// <param name="alignCorners">Whether the centres of the corner cells stay in the corners; otherwise the cells' outer borders do.</param>
    public static Tensor Enlarge(Tensor map, long height, long width, bool alignCorners = false) =>
        interpolate(map.unsqueeze(1), [height, width], mode: InterpolationMode.Bilinear, align_corners: alignCorners).squeeze(1);

    /// <summary>A map at the size of the input, bilinear.</summary>
    /// <param name="map">(N, h, w).</param>
    /// <param name="size">Rows and columns of the result.</param>
    /// <param name="alignCorners">As above.</param>
    public static Tensor Enlarge(Tensor map, InputSize size, bool alignCorners = false) => Enlarge(map, size.Height, size.Width, alignCorners);

    /// <summary>The enlarged distances added up.</summary>
    public static Tensor Sum(IEnumerable<Tensor> distances, InputSize size, bool alignCorners = false) =>
        distances.Select(distance => Enlarge(distance, size, alignCorners)).Aggregate((a, b) => a + b);

    /// <summary>The enlarged distances, each divided by its number of positions, added up: the map of the DistillationAD collection, in which a layer of
    /// half the size counts four times.</summary>
    public static Tensor WeightedSum(IEnumerable<Tensor> distances, InputSize size) =>
        Sum(distances.Select(distance => distance / (distance.shape[1] * distance.shape[2])), size);

    /// <summary>As <see cref="Enlarge(Tensor, long, long, bool)"/>, in a graph.</summary>
    internal static OnnxValue Enlarge(OnnxValue map, long height, long width, bool alignCorners = false) =>
        map.Reshape(1, map.Shape[0], map.Shape[1], map.Shape[2]).Bilinear(height, width, alignCorners).Reshape(map.Shape[0], height, width);

    /// <summary>As <see cref="Enlarge(Tensor, InputSize, bool)"/>, in a graph.</summary>
    internal static OnnxValue Enlarge(OnnxValue map, InputSize size, bool alignCorners = false) => Enlarge(map, size.Height, size.Width, alignCorners);

    /// <summary>As <see cref="Sum(IEnumerable{Tensor}, InputSize, bool)"/>, in a graph.</summary>
    internal static OnnxValue Sum(IEnumerable<OnnxValue> distances, InputSize size, bool alignCorners = false) =>
        distances.Select(distance => Enlarge(distance, size, alignCorners)).Aggregate((a, b) => a + b);

    /// <summary>As <see cref="WeightedSum(IEnumerable{Tensor}, InputSize)"/>, in a graph.</summary>
    internal static OnnxValue WeightedSum(IEnumerable<OnnxValue> distances, InputSize size) =>
        Sum(distances.Select(distance => distance / (distance.Shape[1] * distance.Shape[2])), size);
}
