using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Resizes (N, C, L), (N, C, H, W) or (N, C, D, H, W) to a size or by a factor, one of which must be given.</summary>
            /// <param name="align_corners">For the linear and cubic modes: whether the centres of the corner pixels stay in place.</param>
            /// <param name="recompute_scale_factor">Use the factor that follows from the rounded size.</param>
            /// <param name="antialias">Filter when making smaller; for Bilinear and Bicubic.</param>
            public static Tensor interpolate(
                Tensor x,
                long[]? size = null,
                double[]? scale_factor = null,
                InterpolationMode mode = InterpolationMode.Nearest,
                bool? align_corners = null,
                bool recompute_scale_factor = false,
                bool antialias = false)
            {
                var spatial = x.shape[2..];
                size = Broadcast(size, spatial.Length);
                scale_factor = Broadcast(scale_factor, spatial.Length);
                if ((size is null) == (scale_factor is null))
                    throw new ArgumentException("Either the size or the scale factor must be given.");
                if (scale_factor is not null && (recompute_scale_factor || mode == InterpolationMode.Area))
                    (size, scale_factor) = (spatial.Zip(scale_factor, (extent, factor) => (long)Math.Floor(extent * factor)).ToArray(), null);
                var corners = align_corners ?? false;
                return mode switch
                {
                    InterpolationMode.Area => Aten.Call($"adaptive_avg_pool{spatial.Length}d", x, size),
                    InterpolationMode.Nearest => Aten.Call($"upsample_nearest{spatial.Length}d.vec", x, size, scale_factor),
                    InterpolationMode.NearestExact => Aten.Call($"_upsample_nearest_exact{spatial.Length}d.vec", x, size, scale_factor),
                    _ => Aten.Call(LinearOperator(mode, spatial.Length, antialias), x, size, corners, scale_factor),
                };
            }

            /// <summary>Adds a border. The widths are given from the last dimension on: left, right, top, bottom, ….</summary>
            /// <param name="value">The constant of the Constant mode.</param>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                mode is PaddingModes.Constant or PaddingModes.Zeros
                    ? Aten.Call("constant_pad_nd", input, pad, mode == PaddingModes.Zeros ? 0 : value)
                    : Aten.Call("pad", input, pad, mode.ToString().ToLowerInvariant());

            public static Tensor pad(
                Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, pad.ToArray(), mode, value);

            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, Pair(pad), mode, value);

            public static Tensor pad(
                Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            /// <param name="grid">(N, H, W, 2) positions (x, y) in [−1, 1].</param>
            public static Tensor grid_sample(
                Tensor input,
                Tensor grid,
                GridSampleMode mode = GridSampleMode.Bilinear,
                GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros,
                bool? align_corners = null)
            {
                var nearest = mode == GridSampleMode.Nearest ? 1L : 0L;
                var outside = padding_mode switch
                {
                    GridSamplePaddingMode.Border => 1L,
                    GridSamplePaddingMode.Reflection => 2L,
                    _ => 0L,
                };
                return Aten.Call("grid_sampler", input, grid, nearest, outside, align_corners ?? false);
            }

            /// <param name="theta">(N, 2, 3) affine maps.</param>
            /// <param name="size">(N, C, H, W) of the picture to sample.</param>
            public static Tensor affine_grid(Tensor theta, long[]? size = null, bool align_corners = false) =>
                Aten.Call("affine_grid_generator", theta, size, align_corners);

            public static Tensor pixel_shuffle(Tensor input, long upscale_factor) => Aten.Call("pixel_shuffle", input, upscale_factor);

            public static Tensor pixel_unshuffle(Tensor input, long downscale_factor) => Aten.Call("pixel_unshuffle", input, downscale_factor);

            private static string LinearOperator(InterpolationMode mode, int dimensions, bool antialias) => (mode, dimensions, antialias) switch
            {
                (InterpolationMode.Linear, 1, false) => "upsample_linear1d.vec",
                (InterpolationMode.Bilinear, 2, false) => "upsample_bilinear2d.vec",
                (InterpolationMode.Bilinear, 2, true) => "_upsample_bilinear2d_aa.vec",
                (InterpolationMode.Bicubic, 2, false) => "upsample_bicubic2d.vec",
                (InterpolationMode.Bicubic, 2, true) => "_upsample_bicubic2d_aa.vec",
                (InterpolationMode.Trilinear, 3, false) => "upsample_trilinear3d.vec",
                _ => throw new NotSupportedException($"No {mode} interpolation over {dimensions} dimensions{(antialias ? ", antialiased" : "")}."),
            };

            /// <summary>One value for all dimensions, where one is given.</summary>
            private static T[]? Broadcast<T>(T[]? values, int dimensions) =>
                values is [var single] && dimensions > 1 ? [.. Enumerable.Repeat(single, dimensions)] : values;
        }
    }
}
