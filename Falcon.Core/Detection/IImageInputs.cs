using Falcon.Data;
using Falcon.Methods;

namespace Falcon.Detection;

/// <summary>Where networks get their unchanged images from: computed on the spot (<see cref="ComputedInputs"/>), or kept from earlier. The values do not depend
/// on it, to the bit.</summary>
public interface IImageInputs
{
    /// <summary>Images in their order, a few at a time, in place of one that is seen in tiles all of its tiles in their order; they come outside of every dispose
    /// scope.</summary>
    /// <param name="images">In the order in which they are wanted.</param>
    /// <param name="preprocessing">How an image becomes an input.</param>
    /// <param name="needs">What is wanted of each image.</param>
    /// <param name="cancellation">Stops before the next image.</param>
    /// <exception cref="InvalidInputException">An image cannot be read; images before it have been returned.</exception>
    IEnumerable<ImageInput> Load(IReadOnlyList<ImageItem> images, Preprocessing preprocessing, InputNeeds needs, CancellationToken cancellation = default);
}
