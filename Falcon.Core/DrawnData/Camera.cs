using System.Numerics;
using Falcon.Imaging;
using Falcon.Randomness;

namespace Falcon.DrawnData;

/// <summary>An industrial camera: lens softness, then shot and read noise, then the sRGB curve and 8 bits.</summary>
/// <param name="Softness">Share of its light that a pixel gives to each of its four neighbours.</param>
/// <param name="ShotNoise">Standard deviation of the noise at full brightness, growing with the root of the light.</param>
/// <param name="ReadNoise">Standard deviation of the noise in the dark.</param>
internal sealed record Camera(float Softness, float ShotNoise, float ReadNoise)
{
    private const int CurveSteps = 4096;
    private static readonly float[] Curve = [.. Enumerable.Range(0, CurveSteps + 2).Select(i => Srgb(Math.Min(1, i / (double)CurveSteps)))];

    /// <summary>What falls on the sensor, linear.</summary>
    public Vector3[] Focus(Vector3[] radiance, int size)
    {
        var image = new Vector3[radiance.Length];
        for (var y = 0; y < size; y++)
            for (var x = 0; x < size; x++)
            {
                var i = y * size + x;
                var sum = radiance[x > 0 ? i - 1 : i] + radiance[x < size - 1 ? i + 1 : i]
                    + radiance[y > 0 ? i - size : i] + radiance[y < size - 1 ? i + size : i];
                image[i] = (1 - 4 * Softness) * radiance[i] + Softness * sum;
            }
        return image;
    }

    /// <summary>The 8-bit picture. The noise depends on the stream and the light alone, so equal light under an equal stream gives equal pixels.</summary>
    public RasterImage Expose(Vector3[] light, int size, RandomStream random)
    {
        var pixels = new byte[3 * light.Length];
        for (var i = 0; i < light.Length; i++)
        {
            var noise = new Vector3(Bell(random.NextBits()), Bell(random.NextBits()), Bell(random.NextBits()));
            var strength = Vector3.SquareRoot(new Vector3(ReadNoise * ReadNoise) + ShotNoise * ShotNoise * Vector3.Max(light[i], Vector3.Zero));
            var level = Develop(light[i] + strength * noise);
            pixels[3 * i] = (byte)(level.X + 0.5f);
            pixels[3 * i + 1] = (byte)(level.Y + 0.5f);
            pixels[3 * i + 2] = (byte)(level.Z + 0.5f);
        }
        return new RasterImage(size, size, 3, pixels);
    }

    /// <summary>Linear light to levels between 0 and 255 on the sRGB curve, not rounded.</summary>
    public static Vector3 Develop(Vector3 light) => new(Develop(light.X), Develop(light.Y), Develop(light.Z));

    private static float Develop(float light)
    {
        var position = Math.Clamp(light, 0, 1) * CurveSteps;
        var step = (int)position;
        return Curve[step] + (Curve[step + 1] - Curve[step]) * (position - step);
    }

    private static float Srgb(double light) => (float)(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * Math.Pow(light, 1 / 2.4) - 0.055));

    /// <summary>A nearly normal number of variance 1 from 64 bits: the sum of four uniform ones.</summary>
    private static float Bell(ulong bits)
    {
        var sum = (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48);
        return (sum / 65536f - 2) * 1.7320508f;
    }
}
