using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <param name="input">(N, C, H, W).</param>
            /// <param name="weight">(O, C / groups, kH, kW).</param>
            public static Tensor conv2d(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long[]? strides = null,
                long[]? padding = null,
                long[]? dilation = null,
                long groups = 1) =>
                Aten.Call("conv2d", input, weight, bias, strides, padding, dilation, groups);

            /// <summary>A convolution padded so that nothing (Valid) or the size (Same) is kept.</summary>
            public static Tensor conv2d_padding(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long[]? strides = null,
                Padding padding = Padding.Valid,
                long[]? dilation = null,
                long groups = 1) =>
                Aten.Call("conv2d.padding", input, weight, bias, strides, padding == Padding.Same ? "same" : "valid", dilation, groups);

            public static Tensor conv1d(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long? stride = null,
                long? padding = null,
                long? dilation = null,
                long groups = 1) =>
                Aten.Call("conv1d", input, weight, bias, stride, padding, dilation, groups);

            /// <param name="input">(N, C, H, W).</param>
            /// <param name="weight">(C, O / groups, kH, kW).</param>
            public static Tensor conv_transpose2d(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long[]? strides = null,
                long[]? padding = null,
                long[]? output_padding = null,
                long[]? dilation = null,
                long groups = 1) =>
                Aten.Call("conv_transpose2d.input", input, weight, bias, strides, padding, output_padding, groups, dilation);

            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Aten.Call("linear", input, weights, bias);

            /// <summary>Sliding windows as columns: (N, C, H, W) gives (N, C·kH·kW, L).</summary>
            public static Tensor unfold(Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                Aten.Call("im2col", input, kernel_size, dilation, padding, stride);

            public static Tensor unfold(
                Tensor input,
                (long, long) kernel_size,
                (long, long)? dilation = null,
                (long, long)? padding = null,
                (long, long)? stride = null) =>
                Aten.Call("im2col", input, Pair(kernel_size), Pair(dilation, 1), Pair(padding, 0), Pair(stride, 1));

            /// <summary>Sums columns back into an image: the opposite of unfold, overlaps added up.</summary>
            public static Tensor fold(
                Tensor input, long output_size, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                Aten.Call("col2im", input, output_size, kernel_size, dilation, padding, stride);

            public static Tensor fold(
                Tensor input,
                (long, long) output_size,
                (long, long) kernel_size,
                (long, long)? dilation = null,
                (long, long)? padding = null,
                (long, long)? stride = null) =>
                Aten.Call("col2im", input, Pair(output_size), Pair(kernel_size), Pair(dilation, 1), Pair(padding, 0), Pair(stride, 1));

            internal static long[] Pair((long, long) pair) => [pair.Item1, pair.Item2];

            internal static long[] Pair((long, long)? pair, long otherwise) => Pair(pair ?? (otherwise, otherwise));

            internal static long[]? Square(long? side) => side is { } given ? [given, given] : null;

            internal static long[]? PairOrNull((long, long)? pair) => pair is { } given ? Pair(given) : null;
        }
    }
}
