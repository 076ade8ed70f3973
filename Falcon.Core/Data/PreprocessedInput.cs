using Falcon.Imaging;
using Falcon.Protocol;
using static TorchSharp.torch;

namespace Falcon.Data;

public sealed partial record Preprocessing
{
    /// <summary>What is looked at of an image; null for all of it.</summary>
    /// <exception cref="InvalidInputException">Its own region cannot be read.</exception>
    public RegionOfInterest? RegionOf(ImageItem image) => image.RegionPath is { } path ? RegionOfInterest.Read(path) : RegionOfInterest;

    /// <summary>Reads an image file, RGB; what is outside of its region of interest is painted in one colour.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, or its size does not suit tiles or region.</exception>
    public RasterImage Read(ImageItem image) => Covered(ReadWhole(image), RegionOf(image), image.Path);

    /// <summary>Reads an image file, RGB, all of it as it is.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public RasterImage ReadWhole(ImageItem image) => ImageFile.ReadScaled(image.Path, WhiteLevel);

    /// <summary><see cref="Misfit"/> of all these image files at once; headers and regions are read where there are tiles or regions.</summary>
    public IEnumerable<Finding> Misfits(IEnumerable<ImageItem> images) => images
        .Where(image => Tiling is not null || RegionOfInterest is not null || image.RegionPath is not null)
        .Select(image => RegionOfInterest is not null && image.RegionPath is not null
            ? new("has a region of interest of its own, and there is one for all photos", image.Path, "Leave one of them away: the data set's (its field regions) or the method's (--roi).")
            : MisfitOf(image)).OfType<Finding>();

    private Finding? MisfitOf(ImageItem image) => ImageFile.ReadShape(image.Path) is var shape ? Misfit(shape.Width, shape.Height, image.Path, RegionOf(image)) : null;

    /// <summary>An image that has the input's size already as a batch of one, (1, 3, Height, Width) float32, normalised.</summary>
    internal Tensor Input(RasterImage resized, Device device) => tensor(Normalise(resized), [1, 3, Height, Width], device: device);
}
