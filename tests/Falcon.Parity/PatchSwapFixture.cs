using Falcon.Methods;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>What fixtures of swapped patches have in common.</summary>
internal static class PatchSwapFixture
{
    /// <summary>Sides of the pictures that are drawn.</summary>
    public const int Height = 80, Width = 112;

    /// <summary>Draws a picture: a bright rectangle with grain on a dark ground, (H, W, 3) uint8.</summary>
    public static Tensor Picture(ParityFixture fixture, string name)
    {
        var picture = fixture.Uniform(name, Height, Width, 3) * 80;
        picture[TensorIndex.Slice(15, 70), TensorIndex.Slice(10, 100)] += 140;
        return picture.to(ScalarType.Byte);
    }

    /// <summary>Settings as fixtures store them: level and tolerance of the background, below 0 for none; bounds of rows and of columns; patches; least share of the
    /// part; least overlap.</summary>
    public static PatchSwapSettings Settings(ReadOnlySpan<double> values)
    {
        PlainBackground? background = values[0] < 0 ? null : new(values[0], values[1]);
        return new((int)values[6], new(values[2], values[3]), new(values[4], values[5]), background, values[7], values[8]);
    }
}
