using Falcon.Onnx;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The two-dimensional discrete Fourier transform of real maps, as real and imaginary part. Spectra keep the columns 0 to ⌊W/2⌋, which determine the
/// others.</summary>
internal static class RealFourier
{
    /// <summary>Unscaled, each (…, H, ⌊W/2⌋ + 1) for (…, H, W).</summary>
    public static (Tensor Real, Tensor Imaginary) Forward(Tensor x)
    {
        var spectrum = fft.rfft2(x);
        return (spectrum.real, spectrum.imag);
    }

    /// <summary>The map of a spectrum, (…, H, W), divided by H·W. As usual, imaginary parts that no real map has (of column 0 and, for even W, of the last one, after
    /// the transform along the height) are ignored.</summary>
    public static Tensor Inverse(Tensor real, Tensor imaginary, long width) => fft.irfft2(complex(real, imaginary), s: [real.shape[^2], width]);

    /// <summary>As <see cref="Forward(Tensor)"/>, in a graph: by products with the matrices of the transform.</summary>
    public static (OnnxValue Real, OnnxValue Imaginary) Forward(OnnxValue x)
    {
        var (graph, height, width) = (x.Graph, x.Shape[^2], x.Shape[^1]);
        var kept = width / 2 + 1;
        var real = x.MatMul(Matrix(graph, width, kept, (w, k) => Math.Cos(Turn(w * k, width))));
        var imaginary = x.MatMul(Matrix(graph, width, kept, (w, k) => -Math.Sin(Turn(w * k, width))));
        var (cosines, sines) = (Matrix(graph, height, height, (i, j) => Math.Cos(Turn(i * j, height))), Matrix(graph, height, height, (i, j) => Math.Sin(Turn(i * j, height))));
        return (cosines.MatMul(real) + sines.MatMul(imaginary), cosines.MatMul(imaginary) - sines.MatMul(real));
    }

    /// <summary>As <see cref="Inverse(Tensor, Tensor, long)"/>, in a graph.</summary>
    public static OnnxValue Inverse(OnnxValue real, OnnxValue imaginary, long width)
    {
        var (graph, height, kept) = (real.Graph, real.Shape[^2], real.Shape[^1]);
        var cosines = Matrix(graph, height, height, (i, j) => Math.Cos(Turn(i * j, height)) / height);
        var sines = Matrix(graph, height, height, (i, j) => Math.Sin(Turn(i * j, height)) / height);
        var (across, turned) = (cosines.MatMul(real) - sines.MatMul(imaginary), cosines.MatMul(imaginary) + sines.MatMul(real));
        return across.MatMul(Matrix(graph, kept, width, (k, w) => Twice(k) * Math.Cos(Turn(w * k, width)) / width))
            - turned.MatMul(Matrix(graph, kept, width, (k, w) => Twice(k) * Math.Sin(Turn(w * k, width)) / width));

        // Columns stand for their mirror images, too, but for those that are their own.
        double Twice(long column) => column == 0 || 2 * column == width ? 1 : 2;
    }

    private static double Turn(long steps, long side) => 2 * Math.PI * (steps % side) / side;

    private static OnnxValue Matrix(OnnxBuilder graph, long rows, long columns, Func<long, long, double> value)
    {
        using var matrix = tensor([.. from i in Enumerable.Range(0, (int)rows) from j in Enumerable.Range(0, (int)columns) select (float)value(i, j)], [rows, columns], device: CPU);
        return graph.Tensor(matrix);
    }
}
