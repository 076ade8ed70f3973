namespace Falcon.Onnx;

/// <summary>Operations that move, cut, join or resize.</summary>
internal static class OnnxShapes
{
    /// <summary>The same numbers in the same order with other sides, one of which may be −1.</summary>
    public static OnnxValue Reshape(this OnnxValue input, params long[] shape)
    {
        var known = shape.Where(side => side >= 0).Aggregate(1L, (product, side) => product * side);
        long[] sides = [.. shape.Select(side => side >= 0 ? side : Count(input) / known)];
        return input.Graph.Add("Reshape", [input, input.Graph.Whole(sides)], input.Type, sides);
    }

    /// <summary>The sides in another order.</summary>
    public static OnnxValue Transpose(this OnnxValue input, params int[] order) =>
        input.Graph.Add("Transpose", [input], input.Type, [.. order.Select(side => input.Shape[side])], new OnnxAttribute("perm", order.Select(side => (long)side).ToArray()));

    /// <summary>(N, C, h, w) as (N·h·w, C): a row for each position.</summary>
    public static OnnxValue Rows(this OnnxValue input) => input.Transpose(0, 2, 3, 1).Reshape(-1, input.Shape[1]);

    /// <summary>Values one after the other along a side.</summary>
    public static OnnxValue Concat(this IReadOnlyList<OnnxValue> inputs, int axis)
    {
        if (inputs.Count == 1)
            return inputs[0];
        var shape = (long[])inputs[0].Shape.Clone();
        shape[axis] = inputs.Sum(input => input.Shape[axis]);
        return inputs[0].Graph.Add("Concat", inputs, inputs[0].Type, shape, new OnnxAttribute("axis", axis));
    }

    /// <summary>A part of a side.</summary>
    /// <param name="input">Of any shape.</param>
    /// <param name="axis">The side.</param>
    /// <param name="start">The first place.</param>
    /// <param name="length">How many.</param>
    public static OnnxValue Narrow(this OnnxValue input, int axis, long start, long length)
    {
        var shape = (long[])input.Shape.Clone();
        shape[axis] = length;
        var graph = input.Graph;
        return graph.Add("Slice", [input, graph.Whole(start), graph.Whole(start + length), graph.Whole(axis)], input.Type, shape);
    }

    /// <summary>Chosen places of a side, in the order in which they are named.</summary>
    public static OnnxValue Select(this OnnxValue input, int axis, params long[] places) => input.Gather(axis, input.Graph.Whole(places));

    /// <summary>As above, by places that are computed, (M).</summary>
    public static OnnxValue Gather(this OnnxValue input, int axis, OnnxValue places)
    {
        var shape = (long[])input.Shape.Clone();
        shape[axis] = places.Shape[0];
        return input.Graph.Add("Gather", [input, places], input.Type, shape, new OnnxAttribute("axis", axis));
    }

    /// <summary>Zeros around the last two sides.</summary>
    public static OnnxValue Pad(this OnnxValue input, long margin)
    {
        var before = input.Shape.Select((_, side) => side >= input.Shape.Length - 2 ? margin : 0).ToArray();
        return input.Graph.Add("Pad", [input, input.Graph.Whole([.. before, .. before])], input.Type, [.. input.Shape.Select((length, side) => length + 2 * before[side])]);
    }

    /// <summary>(N, C, h, w) at another size, bilinear.</summary>
    /// <param name="input">(N, C, h, w).</param>
    /// <param name="height">Rows of the result.</param>
    /// <param name="width">Columns of the result.</param>
    /// <param name="alignCorners">Whether the centres of the corner cells stay in the corners; otherwise the cells' outer borders do.</param>
    public static OnnxValue Bilinear(this OnnxValue input, long height, long width, bool alignCorners = false) =>
        Resized(input, height, width, new("mode", "linear"), new("coordinate_transformation_mode", alignCorners ? "align_corners" : "half_pixel"));

    /// <summary>(N, C, h, w) at another size: each cell takes over the one in which its upper left corner lies.</summary>
    public static OnnxValue Nearest(this OnnxValue input, long height, long width) =>
        Resized(input, height, width, new("mode", "nearest"), new("coordinate_transformation_mode", "asymmetric"), new("nearest_mode", "floor"));

    /// <summary>(N, C, h, w) at a smaller size: the mean of all cells that a new one touches.</summary>
    public static OnnxValue AdaptiveMean(this OnnxValue input, long height, long width)
    {
        return Means(input.Shape[2], height, transposed: false).MatMul(input).MatMul(Means(input.Shape[3], width, transposed: true));

        OnnxValue Means(long old, long size, bool transposed)
        {
            var values = new float[old * size];
            for (var i = 0L; i < size; i++)
            {
                var (start, end) = (i * old / size, ((i + 1) * old + size - 1) / size);
                for (var j = start; j < end; j++)
                    values[transposed ? j * size + i : i * old + j] = 1f / (end - start);
            }
            using var matrix = TorchSharp.torch.tensor(values, transposed ? [old, size] : [size, old], device: TorchSharp.torch.CPU);
            return input.Graph.Tensor(matrix);
        }
    }

    private static OnnxValue Resized(OnnxValue input, long height, long width, params OnnxAttribute[] attributes)
    {
        if ((height, width) == (input.Shape[2], input.Shape[3]))
            return input;
        long[] shape = [input.Shape[0], input.Shape[1], height, width];
        var graph = input.Graph;
        // The second and third input, a region and scales, are not used where sizes are given.
        var none = new OnnxValue(graph, "", OnnxType.Float);
        return graph.Add("Resize", [input, none, none, graph.Whole(shape)], input.Type, shape, attributes);
    }

    private static long Count(OnnxValue input) => input.Shape.Aggregate(1L, (product, side) => product * side);
}
