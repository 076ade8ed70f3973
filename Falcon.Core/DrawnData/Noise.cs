namespace Falcon.DrawnData;

/// <summary>Gradient noise on the plane (Perlin, "Improving noise", 2002) with hashed lattice gradients: the same seed gives the same field everywhere.</summary>
internal static class Noise
{
    private static readonly float[] GradientX = [1, 0.7071f, 0, -0.7071f, -1, -0.7071f, 0, 0.7071f];
    private static readonly float[] GradientY = [0, 0.7071f, 1, 0.7071f, 0, -0.7071f, -1, -0.7071f];

    /// <summary>32 scrambled bits of a lattice point.</summary>
    public static uint Hash(int x, int y, uint seed)
    {
        var h = seed + (uint)x * 0x9E3779B1 + (uint)y * 0x85EBCA77;
        h = (h ^ (h >> 15)) * 0x2C1B3C6D;
        h = (h ^ (h >> 12)) * 0x297A2D39;
        return h ^ (h >> 15);
    }

    /// <summary>A uniform number in [0, 1) of a lattice point.</summary>
    public static float Uniform(int x, int y, uint seed) => (Hash(x, y, seed) >> 8) * (1f / (1 << 24));

    /// <summary>Smooth noise, roughly in [-1, 1], with features about one unit of the arguments wide.</summary>
    public static float Smooth(float x, float y, uint seed)
    {
        var fx = MathF.Floor(x);
        var fy = MathF.Floor(y);
        int ix = (int)fx, iy = (int)fy;
        float dx = x - fx, dy = y - fy;
        float u = Fade(dx), v = Fade(dy);
        var top = Mix(Corner(ix, iy, dx, dy, seed), Corner(ix + 1, iy, dx - 1, dy, seed), u);
        var bottom = Mix(Corner(ix, iy + 1, dx, dy - 1, seed), Corner(ix + 1, iy + 1, dx - 1, dy - 1, seed), u);
        return 1.4f * Mix(top, bottom, v);
    }

    /// <summary>The same along a line.</summary>
    public static float Smooth(float x, uint seed)
    {
        var fx = MathF.Floor(x);
        var dx = x - fx;
        float left = (2 * Uniform((int)fx, 0, seed) - 1) * dx, right = (2 * Uniform((int)fx + 1, 0, seed) - 1) * (dx - 1);
        return 2.4f * Mix(left, right, Fade(dx));
    }

    /// <summary>A sum of octaves of smooth noise, each half as large and twice as fine as the one before.</summary>
    public static float Fractal(float x, float y, uint seed, int octaves)
    {
        float sum = 0, weight = 1, total = 0;
        for (var octave = 0; octave < octaves; octave++)
        {
            sum += weight * Smooth(x, y, seed + (uint)octave);
            total += weight;
            weight *= 0.5f;
            x *= 2.03f;
            y *= 2.03f;
        }
        return sum / total;
    }

    private static float Corner(int x, int y, float dx, float dy, uint seed)
    {
        var direction = (int)(Hash(x, y, seed) >> 29);
        return GradientX[direction] * dx + GradientY[direction] * dy;
    }

    private static float Fade(float t) => t * t * t * (t * (t * 6 - 15) + 10);

    private static float Mix(float a, float b, float t) => a + (b - a) * t;
}
