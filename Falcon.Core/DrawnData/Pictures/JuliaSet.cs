using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Pictures;

/// <summary>How fast z² + c escapes, for a c at the edge of the Mandelbrot set.</summary>
internal sealed class JuliaSet : PictureFamily
{
    private const int Steps = 80;

    public override string Name => "julia set";

    private protected override Vector3[] Paint(RandomStream random, int size)
    {
        var palette = new Palette(random);
        // The edge of the main cardioid, and a little beyond.
        var angle = random.Angle();
        var root = new Complex(Math.Cos(angle), Math.Sin(angle));
        var c = (root / 2 - root * root / 4) * random.NextDouble(1, 1.12);
        float zoom = MathF.Exp(random.Between(-0.7f, 1.2f)), bands = random.Between(1, 12);
        var centre = random.Offset(0.6f);
        return Fill(size, point =>
        {
            var p = zoom * (point - new Vector2(0.5f)) + centre;
            double x = p.X, y = p.Y;
            var step = 0;
            for (; step < Steps && x * x + y * y < 256; step++)
                (x, y) = (x * x - y * y + c.Real, 2 * x * y + c.Imaginary);
            if (step == Steps)
                return palette.At((float)(x * x + y * y));
            var smooth = step + 1 - Math.Log2(Math.Log(x * x + y * y) / 2);
            return palette.At((float)(bands * smooth / Steps));
        });
    }
}
