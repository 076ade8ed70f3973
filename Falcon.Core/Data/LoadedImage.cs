using Falcon.Protocol;
using static TorchSharp.torch;

namespace Falcon.Data;

/// <summary>An image, or a tile of one, decoded and ready for a network.</summary>
/// <param name="Item">The image file.</param>
/// <param name="Pixels">(3, H, W) float32, normalised; the receiver disposes it.</param>
/// <param name="Width">Width of the file's image in pixels.</param>
/// <param name="Height">Height of the file's image in pixels.</param>
/// <param name="Tile">The tile's index in its <see cref="TileGrid"/>; null of an image that is seen as one.</param>
/// <param name="Region">What is looked at of it; null for all of it.</param>
public sealed record LoadedImage(ImageItem Item, Tensor Pixels, int Width, int Height, int? Tile = null, RegionOfInterest? Region = null);
