using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The two-dimensional discrete Fourier transform of real maps as products with tables of cosines and sines: exact, differentiable, and fast enough for
/// maps of a few dozen cells. Spectra keep the columns 0 to ⌊W/2⌋, which determine the others.</summary>
internal static class RealFourier
{
    /// <summary>Unscaled, as real and imaginary part, each (…, H, ⌊W/2⌋ + 1) for (…, H, W).</summary>
    public static (Tensor Real, Tensor Imaginary) Forward(Tensor x)
    {
        long height = x.shape[^2], width = x.shape[^1], kept = width / 2 + 1;
        var (columnCos, columnSin) = Tables(width, kept, width, x);
        var (rowCos, rowSin) = Tables(height, height, height, x);
        Tensor real = x.matmul(columnCos), imaginary = -x.matmul(columnSin);
        return (rowCos.matmul(real) + rowSin.matmul(imaginary), rowCos.matmul(imaginary) - rowSin.matmul(real));
    }

    /// <summary>The map of a spectrum, (…, H, W), divided by H·W. As usual, imaginary parts that no real map has (of column 0 and, for even W, of the last one, after
    /// the transform along the height) are ignored.</summary>
    public static Tensor Inverse(Tensor real, Tensor imaginary, long width)
    {
        long height = real.shape[^2], kept = width / 2 + 1;
        var (rowCos, rowSin) = Tables(height, height, height, real);
        var (columnCos, columnSin) = Tables(width, kept, width, real);
        var a = rowCos.matmul(real) - rowSin.matmul(imaginary);
        var b = rowCos.matmul(imaginary) + rowSin.matmul(real);
        // Columns other than the first and, for even widths, the last stand for themselves and their mirror image.
        var weights = tensor(Enumerable.Range(0, (int)kept).Select(k => k == 0 || 2 * k == width ? 1.0 : 2.0).ToArray(), device: real.device).to(real.dtype);
        return ((a * weights).matmul(columnCos.t()) - (b * weights).matmul(columnSin.t())) / (height * width);
    }

    /// <summary>cos and sin of 2π·r·c/period for rows r and columns c.</summary>
    private static (Tensor Cos, Tensor Sin) Tables(long rows, long columns, long period, Tensor like)
    {
        double[] cos = new double[rows * columns], sin = new double[rows * columns];
        for (var r = 0L; r < rows; r++)
            for (var c = 0L; c < columns; c++)
                (sin[r * columns + c], cos[r * columns + c]) = Math.SinCos(2 * Math.PI * (r * c % period) / period);
        return (tensor(cos, [rows, columns], device: like.device).to(like.dtype), tensor(sin, [rows, columns], device: like.device).to(like.dtype));
    }
}
