using Falcon.Imaging;

namespace Falcon.DrawnData;

/// <summary>One drawn photo.</summary>
/// <param name="Picture">8-bit RGB.</param>
/// <param name="Mask">8-bit gray, 255 where the part is damaged and 0 elsewhere; null for a good part.</param>
public sealed record DrawnImage(RasterImage Picture, RasterImage? Mask);
