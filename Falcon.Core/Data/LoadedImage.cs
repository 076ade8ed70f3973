using static TorchSharp.torch;

namespace Falcon.Data;

/// <summary>An image, decoded and ready for a network.</summary>
/// <param name="Item">The image file.</param>
/// <param name="Pixels">(3, H, W) float32, normalised; the receiver disposes it.</param>
/// <param name="Width">Width of the file's image in pixels.</param>
/// <param name="Height">Height of the file's image in pixels.</param>
public sealed record LoadedImage(ImageItem Item, Tensor Pixels, int Width, int Height);
