namespace Falcon.Imaging;

/// <summary>How the bytes of a pixel of a frame in memory follow one another.</summary>
public enum PixelOrder
{
    /// <summary>Red, green, blue: three bytes.</summary>
    Rgb,

    /// <summary>Blue, green, red: three bytes, as OpenCV and most cameras' libraries have them.</summary>
    Bgr,

    /// <summary>One byte.</summary>
    Gray,
}
