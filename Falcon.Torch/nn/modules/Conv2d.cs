using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Conv2d Conv2d(
                long in_channels,
                long out_channels,
                long kernel_size,
                long stride = 1,
                long padding = 0,
                long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros,
                long groups = 1,
                bool bias = true,
                Device? device = null,
                ScalarType? dtype = null) =>
                Conv2d(
                    in_channels,
                    out_channels,
                    (kernel_size, kernel_size),
                    (stride, stride),
                    (padding, padding),
                    (dilation, dilation),
                    padding_mode,
                    groups,
                    bias,
                    device,
                    dtype);

            public static Modules.Conv2d Conv2d(
                long in_channels,
                long out_channels,
                (long, long) kernel_size,
                (long, long)? stride = null,
                (long, long)? padding = null,
                (long, long)? dilation = null,
                PaddingModes padding_mode = PaddingModes.Zeros,
                long groups = 1,
                bool bias = true,
                Device? device = null,
                ScalarType? dtype = null) =>
                new(
                    in_channels,
                    out_channels,
                    functional.Pair(kernel_size),
                    functional.Pair(stride, 1),
                    functional.Pair(padding, 0),
                    null,
                    functional.Pair(dilation, 1),
                    padding_mode,
                    groups,
                    bias,
                    device,
                    dtype);

            public static Modules.Conv2d Conv2d(
                long in_channels,
                long out_channels,
                long kernel_size,
                Padding padding,
                long stride = 1,
                long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros,
                long groups = 1,
                bool bias = true,
                Device? device = null,
                ScalarType? dtype = null) =>
                new(
                    in_channels,
                    out_channels,
                    [kernel_size, kernel_size],
                    [stride, stride],
                    [0, 0],
                    padding,
                    [dilation, dilation],
                    padding_mode,
                    groups,
                    bias,
                    device,
                    dtype);
        }
    }
}

namespace TorchSharp.Modules
{
    public class Conv2d : Convolution
    {
        internal Conv2d(
            long in_channels,
            long out_channels,
            long[] kernel_size,
            long[] stride,
            long[] padding,
            Padding? padding_type,
            long[] dilation,
            PaddingModes padding_mode,
            long groups,
            bool bias,
            Device? device,
            ScalarType? dtype)
            : base(
                nameof(Conv2d),
                in_channels,
                out_channels,
                kernel_size,
                stride,
                padding,
                padding_type,
                dilation,
                [0, 0],
                padding_mode,
                groups,
                bias,
                transposed: false,
                device,
                dtype)
        {
            if (padding_type == Padding.Same && stride is not [1, 1])
                throw new ArgumentException("Padding 'Same' needs a stride of 1.", nameof(padding_type));
        }

        /// <param name="input">(N, C, H, W) or (C, H, W).</param>
        public override Tensor forward(Tensor input)
        {
            if (padding_mode is PaddingModes.Zeros or PaddingModes.Constant)
            {
                return padding_type is { } type
                    ? nn.functional.conv2d_padding(input, weight, bias, stride, type, dilation, groups)
                    : nn.functional.conv2d(input, weight, bias, stride, padding, dilation, groups);
            }
            using var padded = nn.functional.pad(input, BorderWidths(), padding_mode);
            return nn.functional.conv2d(padded, weight, bias, stride, null, dilation, groups);
        }

        /// <summary>Left, right, top, bottom.</summary>
        private long[] BorderWidths()
        {
            if (padding_type is null)
                return [padding[1], padding[1], padding[0], padding[0]];
            if (padding_type == Padding.Valid)
                return [0, 0, 0, 0];
            var (height, width) = (dilation[0] * (kernel_size[0] - 1), dilation[1] * (kernel_size[1] - 1));
            return [width / 2, width - width / 2, height / 2, height - height / 2];
        }
    }
}
