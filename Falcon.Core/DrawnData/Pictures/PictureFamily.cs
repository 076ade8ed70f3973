using System.Numerics;
using Falcon.Imaging;
using Falcon.Randomness;

namespace Falcon.DrawnData;

/// <summary>A kind of picture of which Falcon draws any number, each different in colours, scale and structure: what a teacher can be trained on where there
/// are no photos. The scenes of <see cref="Scene"/> are none of them, so that a teacher that learned from these has never seen a drawn data set.</summary>
public abstract class PictureFamily
{
    private protected PictureFamily()
    {
    }

    /// <summary>All families; a position in this list is a class of formula-driven supervised pre-training.</summary>
    public static IReadOnlyList<PictureFamily> All { get; } =
    [
        new Pictures.Clouds(), new Pictures.Cells(), new Pictures.FallenLeaves(), new Pictures.IteratedMaps(), new Pictures.JuliaSet(), new Pictures.Weave(),
        new Pictures.Ornament(), new Pictures.Label(), new Pictures.MachinedPart(), new Pictures.Glow(), new Pictures.Wood(), new Pictures.BrushedMetal(),
        new Pictures.Gratings(), new Pictures.Masonry(), new Pictures.Fibres(), new Pictures.ThinLines(),
    ];

    /// <summary>The family's name.</summary>
    public abstract string Name { get; }

    /// <summary>Draws one picture.</summary>
    /// <param name="random">Everything about it.</param>
    /// <param name="size">Width and height in pixels.</param>
    /// <returns>8-bit RGB.</returns>
    public RasterImage Draw(RandomStream random, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 16);
        var levels = Paint(random, size);
        var pixels = new byte[3 * levels.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            var level = 255 * Vector3.Clamp(levels[i], Vector3.Zero, Vector3.One) + new Vector3(0.5f);
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = ((byte)level.X, (byte)level.Y, (byte)level.Z);
        }
        return new RasterImage(size, size, 3, pixels);
    }

    /// <summary>Display levels, row-major, 0 to 1 per channel; values beyond are clipped.</summary>
    private protected abstract Vector3[] Paint(RandomStream random, int size);

    /// <summary>Colours every pixel by a function of its place; the picture is 1 wide and high.</summary>
    private protected static Vector3[] Fill(int size, Func<Vector2, Vector3> colour)
    {
        var levels = new Vector3[size * size];
        for (var y = 0; y < size; y++)
            for (var x = 0; x < size; x++)
                levels[y * size + x] = colour(new Vector2(x + 0.5f, y + 0.5f) / size);
        return levels;
    }
}
