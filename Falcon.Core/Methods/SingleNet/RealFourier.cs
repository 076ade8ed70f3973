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
}
