using Falcon.Data;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Images of fixtures and the network inputs that follow from them.</summary>
internal static class ParityImages
{
    /// <summary>(N, 3, H, W) in [0, 1], normalised with ImageNet's statistics.</summary>
    public static Tensor Normalised(Tensor image01) =>
        (image01 - tensor(Preprocessing.ImageNetMean, [1, 3, 1, 1])) / tensor(Preprocessing.ImageNetDeviation, [1, 3, 1, 1]);

    /// <summary>Compares <c>input</c> with the normalised image.</summary>
    /// <param name="fixture">The fixture.</param>
    /// <param name="image">The name of the image in [0, 1].</param>
    public static IEnumerable<ParityResult> Compare(ParityFixture fixture, string image) =>
        fixture.Compare("input", Normalised(fixture.Tensor(image)), 1e-5);
}
