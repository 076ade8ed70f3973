using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData;

/// <summary>The lamp over the part. Diffuse reflection after Lambert, highlights after Ward's anisotropic model ("Measuring and modeling anisotropic
/// reflection", 1992) seen from straight above, and a soft shadow of the part on the ground.</summary>
/// <param name="Lamp">Position in units; z is the height above the part.</param>
/// <param name="Colour">Linear colour and strength of the lamp.</param>
/// <param name="Ambient">Light from all sides, as a share of the lamp's.</param>
/// <param name="ShadowReach">How far the shadow falls from the part, in units; 0 for none.</param>
internal sealed record Studio(Vector3 Lamp, Vector3 Colour, float Ambient, float ShadowReach)
{
    /// <summary>The same lamp as it stands from one shot to the next: moved, dimmed and tinted a little.</summary>
    public Studio Vary(RandomStream random) => this with
    {
        Lamp = Lamp + 18 * new Vector3(random.Between(-1f, 1f), random.Between(-1f, 1f), random.Between(-1f, 1f)),
        Colour = Colour * random.Between(0.93f, 1.07f)
            * new Vector3(random.Between(0.985f, 1.015f), 1, random.Between(0.985f, 1.015f)),
    };

    /// <summary>The light that leaves every pixel towards the camera, linear, 1 for white paper under this lamp.</summary>
    public Vector3[] Light(Surface surface)
    {
        var size = surface.Size;
        var radiance = new Vector3[size * size];
        var shadow = ShadowReach > 0 ? Shadow(surface) : null;
        for (var y = 0; y < size; y++)
            for (var x = 0; x < size; x++)
            {
                var i = y * size + x;
                var point = new Vector3((x + 0.5f) * surface.Pixel, (y + 0.5f) * surface.Pixel, 0);
                var toLamp = Vector3.Normalize(Lamp - point);
                var part = surface.Coverage[i] > 0 ? Reflected(surface, x, y, toLamp) : Vector3.Zero;
                var lit = Ambient + (1 - Ambient) * toLamp.Z * (1 - 0.8f * (shadow?[i] ?? 0));
                radiance[i] = Colour * Vector3.Lerp(surface.Ground[i] * lit, part, surface.Coverage[i]);
            }
        return radiance;
    }

    private Vector3 Reflected(Surface surface, int x, int y, Vector3 toLamp)
    {
        var i = y * surface.Size + x;
        var normal = Normal(surface, x, y);
        var diffuse = Ambient + (1 - Ambient) * Math.Max(0, Vector3.Dot(normal, toLamp));
        var colour = Vector3.Lerp(surface.Albedo[i], surface.InkColour[i], surface.Ink[i]) * diffuse;
        var gloss = surface.Gloss[i];
        return gloss == 0 ? colour : colour + new Vector3(gloss * Highlight(surface, i, normal, Vector3.Normalize(toLamp + Vector3.UnitZ)));
    }

    private static float Highlight(Surface surface, int i, Vector3 normal, Vector3 half)
    {
        var facing = Vector3.Dot(normal, half);
        if (facing <= 0)
            return 0;
        var flat = new Vector3(surface.Grain?[i] ?? Vector2.UnitX, 0);
        var along = Vector3.Normalize(flat - Vector3.Dot(flat, normal) * normal);
        var across = Vector3.Cross(normal, along);
        float a = Vector3.Dot(half, along) / surface.Roughness.X, b = Vector3.Dot(half, across) / surface.Roughness.Y;
        return MathF.Exp(-(a * a + b * b) / (facing * facing));
    }

    private static Vector3 Normal(Surface surface, int x, int y)
    {
        var last = surface.Size - 1;
        int left = Math.Max(x - 1, 0), right = Math.Min(x + 1, last), above = Math.Max(y - 1, 0), below = Math.Min(y + 1, last);
        var row = y * surface.Size;
        var slopeX = (surface.Height[row + right] - surface.Height[row + left]) / ((right - left) * surface.Pixel);
        var slopeY = (surface.Height[below * surface.Size + x] - surface.Height[above * surface.Size + x]) / ((below - above) * surface.Pixel);
        return Vector3.Normalize(new Vector3(-slopeX, -slopeY, 1));
    }

    /// <summary>How dark the part's shadow is on the ground under every pixel: its coverage, moved away from the lamp and blurred.</summary>
    private float[] Shadow(Surface surface)
    {
        var size = surface.Size;
        var radius = Math.Max(1, (int)(0.6f * ShadowReach / surface.Pixel));
        var blurred = BoxBlur.Apply(BoxBlur.Apply(surface.Coverage, size, radius), size, radius);
        var away = new Vector2(Surface.Extent / 2 - Lamp.X, Surface.Extent / 2 - Lamp.Y);
        away *= ShadowReach / Math.Max(away.Length(), 1) / surface.Pixel;
        int offsetX = (int)MathF.Round(away.X), offsetY = (int)MathF.Round(away.Y);
        var shadow = new float[size * size];
        for (var y = 0; y < size; y++)
            for (var x = 0; x < size; x++)
                shadow[y * size + x] = blurred[Math.Clamp(y - offsetY, 0, size - 1) * size + Math.Clamp(x - offsetX, 0, size - 1)];
        return shadow;
    }
}
