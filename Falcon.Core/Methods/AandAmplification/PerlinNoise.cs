using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>Perlin's gradient noise in two dimensions (Perlin, "Improving Noise", SIGGRAPH 2002), times √2: about within [−1, 1] (specification, section 4).</summary>
internal static class PerlinNoise
{
    private const int LargestExponent = 5;

    /// <summary>Cells along rows and columns: powers of two up to 32, drawn one after the other.</summary>
    public static (int Rows, int Columns) Lattice(RandomStream stream) => (1 << stream.NextInt(0, LargestExponent), 1 << stream.NextInt(0, LargestExponent));

    /// <summary>A field with directions of its own.</summary>
    /// <param name="lattice">Cells; each side of the field is a multiple of their number.</param>
    /// <param name="height">Rows of the field.</param>
    /// <param name="width">Columns of the field.</param>
    /// <param name="stream">Gives a direction for each lattice point.</param>
    public static float[] Draw((int Rows, int Columns) lattice, int height, int width, RandomStream stream)
    {
        var angles = new double[(lattice.Rows + 1) * (lattice.Columns + 1)];
        for (var i = 0; i < angles.Length; i++)
            angles[i] = stream.NextDouble(0, Math.Tau);
        return Of(angles, lattice, height, width);
    }

    /// <summary>The field of given directions, row-major.</summary>
    /// <param name="angles">(Rows + 1, Columns + 1), in radians: the cosine points along y, the sine along x.</param>
    /// <param name="lattice">As above.</param>
    /// <param name="height">As above.</param>
    /// <param name="width">As above.</param>
    public static float[] Of(double[] angles, (int Rows, int Columns) lattice, int height, int width)
    {
        var slopes = Array.ConvertAll(angles, angle => (Y: Math.Cos(angle), X: Math.Sin(angle)));
        var (rows, columns) = (Places(height, lattice.Rows), Places(width, lattice.Columns));
        var field = new float[height * width];
        for (var i = 0; i < field.Length; i++)
        {
            var ((row, y, fadeY), (column, x, fadeX)) = (rows[i / width], columns[i % width]);
            var corner = row * (lattice.Columns + 1) + column;
            var left = Between(Slope(corner, y, x), Slope(corner + lattice.Columns + 1, y - 1, x), fadeY);
            var right = Between(Slope(corner + 1, y, x - 1), Slope(corner + lattice.Columns + 2, y - 1, x - 1), fadeY);
            field[i] = (float)(Math.Sqrt(2) * Between(left, right, fadeX));
        }
        return field;

        double Slope(int point, double dy, double dx) => dy * slopes[point].Y + dx * slopes[point].X;
    }

    /// <summary>Of each pixel along a side: its cell, its place in it in [0, 1), and that place faded.</summary>
    private static (int Cell, double Place, double Faded)[] Places(int side, int cells)
    {
        var size = side / cells;
        return [.. Enumerable.Range(0, side).Select(i => (i / size, (double)(i % size) / size, Fade((double)(i % size) / size)))];
    }

    private static double Fade(double t) => ((6 * t - 15) * t + 10) * t * t * t;

    private static double Between(double start, double end, double share) => start + (end - start) * share;
}
