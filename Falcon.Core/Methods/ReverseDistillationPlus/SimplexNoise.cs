namespace Falcon.Methods;

/// <summary>OpenSimplex noise in three dimensions, the form of 2014 (specification, section 4). Every lattice point within reach counts, where the usual
/// implementation leaves out some of tiny weight: values differ from its by at most 1.3e-4.</summary>
internal sealed class SimplexNoise
{
    private const ulong Multiplier = 6364136223846793005, Increment = 1442695040888963407;
    private const double Normalisation = 103, Persistence = 0.6;
    private const int LongestWave = 32;

    /// <summary>The signs of the gradients, three gradients to a sign.</summary>
    private static readonly int[][] Signs = [[-1, 1, 1], [1, 1, 1], [-1, -1, 1], [1, -1, 1], [-1, 1, -1], [1, 1, -1], [-1, -1, -1], [1, -1, -1]];

    private static readonly int[] Gradients =
        [.. Signs.SelectMany(signs => Enumerable.Range(0, 3).SelectMany(longest => signs.Select((sign, axis) => sign * (axis == longest ? 11 : 4))))];

    private readonly int[] _permutation = new int[256];

    /// <param name="seed">Any 64-bit number.</param>
    public SimplexNoise(long seed)
    {
        var state = (ulong)seed;
        for (var i = 0; i < 3; i++)
            state = state * Multiplier + Increment;
        int[] source = [.. Enumerable.Range(0, 256)];
        for (var i = 255; i >= 0; i--)
        {
            state = state * Multiplier + Increment;
            var remainder = (int)((long)(state + 31) % (i + 1));
            var drawn = remainder < 0 ? remainder + i + 1 : remainder;
            _permutation[i] = source[drawn];
            source[drawn] = source[i];
        }
    }

    /// <summary>The order of 0 to 255 that follows from the seed.</summary>
    public IReadOnlyList<int> Permutation => _permutation;

    /// <summary>Where each of <see cref="Permutation"/> finds its gradient, three numbers to a gradient.</summary>
    public IEnumerable<int> GradientOffsets => _permutation.Select(value => value % (Gradients.Length / 3) * 3);

    /// <summary>The noise at a point, about within [−1, 1].</summary>
    public double At(double x, double y, double z)
    {
        var stretch = -(x + y + z) / 6;
        int bx = (int)Math.Floor(x + stretch), by = (int)Math.Floor(y + stretch), bz = (int)Math.Floor(z + stretch);
        var sum = 0.0;
        for (var ax = bx - 1; ax <= bx + 2; ax++)
            for (var ay = by - 1; ay <= by + 2; ay++)
                for (var az = bz - 1; az <= bz + 2; az++)
                {
                    var squish = (ax + ay + az) / 3.0;
                    double dx = x - ax - squish, dy = y - ay - squish, dz = z - az - squish;
                    var reach = 2 - dx * dx - dy * dy - dz * dz;
                    if (reach > 0)
                        sum += reach * reach * reach * reach * Slope(ax, ay, az, dx, dy, dz);
                }
        return sum / Normalisation;
    }

    /// <summary>A block of noise of several octaves, each of half the wave and 0.6 times the height of the one before; channels lie one above the other.</summary>
    /// <returns>(3, height, width), row-major.</returns>
    public float[] Block(int height, int width, int octaves = 6)
    {
        var block = new float[3 * height * width];
        for (var i = 0; i < block.Length; i++)
        {
            int x = i % width, y = i / width % height, channel = i / width / height;
            double sum = 0, amplitude = 1, wave = LongestWave;
            for (var octave = 0; octave < octaves; octave++, amplitude *= Persistence, wave /= 2)
                sum += amplitude * At(x / wave, y / wave, channel / wave);
            block[i] = (float)sum;
        }
        return block;
    }

    private double Slope(int ax, int ay, int az, double dx, double dy, double dz)
    {
        var at = 3 * (_permutation[(_permutation[(_permutation[ax & 255] + ay) & 255] + az) & 255] % (Gradients.Length / 3));
        return Gradients[at] * dx + Gradients[at + 1] * dy + Gradients[at + 2] * dz;
    }
}
