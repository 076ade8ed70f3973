using Falcon.Imaging;

namespace Falcon.Methods;

/// <summary>Where the object is, according to an ensemble of class activation maps (specification, section 4.2).</summary>
public sealed class ObjectMask
{
    private static readonly StructuringElement Ellipse = StructuringElement.Ellipse(5);

    private ObjectMask(int threshold, RasterImage raw, RasterImage closed, RasterImage opened)
    {
        (Threshold, Raw, Closed, Mask) = (threshold, raw, closed, opened);
        Pixels = [.. Enumerable.Range(0, opened.Pixels.Length).Where(i => opened.Pixels[i] != 0)];
    }

    /// <summary>Width in pixels.</summary>
    public int Width => Mask.Width;

    /// <summary>Height in pixels.</summary>
    public int Height => Mask.Height;

    /// <summary>Otsu's threshold of the ensemble in 8 bits, 0–255.</summary>
    public int Threshold { get; }

    /// <summary>1 where the ensemble exceeds the threshold, else 0.</summary>
    public RasterImage Raw { get; }

    /// <summary><see cref="Raw"/> after closing.</summary>
    public RasterImage Closed { get; }

    /// <summary>The object: <see cref="Closed"/> after opening.</summary>
    public RasterImage Mask { get; }

    /// <summary>Row-major positions y·width + x of the object's pixels, ascending.</summary>
    public int[] Pixels { get; }

    /// <summary>How many patches to paste: ten times the object's share of the image, rounded down, at least 1 and at most 3.</summary>
    public int PatchCount => Math.Clamp((int)(10L * Pixels.Length / ((long)Width * Height)), 1, 3);

    /// <param name="ensemble">Row-major, in [0, 1].</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    public static ObjectMask FromEnsemble(float[] ensemble, int width, int height)
    {
        var levels = Array.ConvertAll(ensemble, e => (byte)Math.Clamp((int)(255f * e), 0, 255));
        var threshold = Otsu.Threshold(levels);
        var limit = threshold / 255f;
        var raw = new RasterImage(width, height, 1, Array.ConvertAll(ensemble, e => e > limit ? (byte)1 : (byte)0));
        var closed = raw.Close(Ellipse);
        return new(threshold, raw, closed, closed.Open(Ellipse));
    }
}
