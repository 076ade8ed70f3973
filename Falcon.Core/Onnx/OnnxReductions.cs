namespace Falcon.Onnx;

/// <summary>Sums, means and extremes along sides.</summary>
internal static class OnnxReductions
{
    /// <summary>The sum along sides, which vanish.</summary>
    public static OnnxValue Sum(this OnnxValue input, params long[] axes) => Sum(input, keep: false, axes);

    /// <summary>The sum along sides, of which 1 remains.</summary>
    public static OnnxValue KeptSum(this OnnxValue input, params long[] axes) => Sum(input, keep: true, axes);

    /// <summary>The mean along sides, which vanish.</summary>
    public static OnnxValue Mean(this OnnxValue input, params long[] axes) => input.Reduced("ReduceMean", keep: false, axes);

    /// <summary>The mean along sides, of which 1 remains.</summary>
    public static OnnxValue KeptMean(this OnnxValue input, params long[] axes) => input.Reduced("ReduceMean", keep: true, axes);

    /// <summary>The largest value along sides, of which 1 remains.</summary>
    public static OnnxValue KeptMax(this OnnxValue input, params long[] axes) => input.Reduced("ReduceMax", keep: true, axes);

    /// <summary>The smallest value along sides, of which 1 remains.</summary>
    public static OnnxValue KeptMin(this OnnxValue input, params long[] axes) => input.Reduced("ReduceMin", keep: true, axes);

    /// <summary>The largest of the values after the first side, (N).</summary>
    public static OnnxValue Largest(this OnnxValue input) =>
        input.Reduced("ReduceMax", keep: false, [.. Enumerable.Range(1, input.Shape.Length - 1).Select(axis => (long)axis)]);

    /// <summary>Where along the last side the smallest value is.</summary>
    public static OnnxValue ArgMin(this OnnxValue input) =>
        input.Graph.Add("ArgMin", [input], OnnxType.Int64, input.Shape[..^1], new("axis", -1), new("keepdims", 0));

    /// <summary>The largest values along the last side, descending.</summary>
    public static OnnxValue TopK(this OnnxValue input, long count, bool largest = true)
    {
        long[] shape = [.. input.Shape[..^1], count];
        return input.Graph.AddTopK(input, input.Graph.Whole(count), shape, new("axis", -1), new("largest", largest ? 1 : 0));
    }

    private static OnnxValue Sum(OnnxValue input, bool keep, long[] axes) => input.Graph.Add(
        "ReduceSum", [input, input.Graph.Whole(axes)], input.Type, Left(input, keep, axes), new OnnxAttribute("keepdims", keep ? 1 : 0));

    private static OnnxValue Reduced(this OnnxValue input, string operation, bool keep, params long[] axes) =>
        input.Graph.Add(operation, [input], input.Type, Left(input, keep, axes), new("axes", axes), new("keepdims", keep ? 1 : 0));

    private static long[] Left(OnnxValue input, bool keep, long[] axes) => keep
        ? [.. input.Shape.Select((side, axis) => axes.Contains(axis) ? 1 : side)]
        : [.. input.Shape.Where((_, axis) => !axes.Contains(axis))];
}
