namespace Falcon.Imaging;

/// <summary>A set of neighbours around a pixel, symmetric about it, whose rows are unbroken.</summary>
public sealed class StructuringElement
{
    private readonly int[] _reach;

    private StructuringElement(int[] reach) => _reach = reach;

    /// <summary>The filled ellipse inside a square, each row rounded to whole pixels.</summary>
    /// <param name="size">Side of the square, odd.</param>
    public static StructuringElement Ellipse(int size)
    {
        if (size < 1 || size % 2 == 0) throw new ArgumentOutOfRangeException(nameof(size), size, "A structuring element has an odd size.");
        var radius = size / 2;
        var reach = new int[size];
        for (var row = 0; row < size; row++)
        {
            var dy = row - radius;
            reach[row] = radius == 0 ? 0 : (int)Math.Round(radius * Math.Sqrt((radius * radius - dy * dy) * (1.0 / ((double)radius * radius))));
        }
        return new StructuringElement(reach);
    }

    /// <summary>Side of the square around the element.</summary>
    public int Size => _reach.Length;

    /// <summary>Rows above and below the centre.</summary>
    public int Radius => Size / 2;

    /// <summary>How far the row <paramref name="dy"/> below the centre (−Radius … Radius) extends to both sides.</summary>
    public int Reach(int dy) => _reach[dy + Radius];
}
