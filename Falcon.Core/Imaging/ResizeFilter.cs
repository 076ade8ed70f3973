namespace Falcon.Imaging;

/// <summary>
/// How new pixels are computed when an image is resized. All but <see cref="Nearest"/> and <see cref="PlainBilinear"/> widen with the shrink factor, so that
/// shrinking does not alias.
/// </summary>
public enum ResizeFilter
{
    /// <summary>The pixel under the new pixel's centre: for masks and labels, since it invents no values.</summary>
    Nearest,

    /// <summary>Triangle filter, support 1.</summary>
    Bilinear,

    /// <summary>Keys' cubic convolution with a = −0.5, support 2.</summary>
    Bicubic,

    /// <summary>Sinc windowed by a sinc of three lobes, support 3.</summary>
    Lanczos,

    /// <summary>Box filter: the mean of the area under the new pixel.</summary>
    Area,

    /// <summary>Between the four nearest pixels even when shrinking, which aliases.</summary>
    PlainBilinear,
}
