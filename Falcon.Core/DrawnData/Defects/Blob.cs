using System.Numerics;
using Falcon.Randomness;

namespace Falcon.DrawnData.Defects;

/// <summary>An irregular spot: a disc whose outline wanders.</summary>
/// <param name="Centre">Its middle in picture coordinates.</param>
/// <param name="Radius">Its mean radius in units.</param>
/// <param name="Roughness">How far the outline wanders, as a share of the radius.</param>
/// <param name="Seed">Seed of the outline.</param>
internal sealed record Blob(Vector2 Centre, float Radius, float Roughness, uint Seed)
{
    public static Blob Draw(Vector2 centre, float radius, float roughness, RandomStream random) => new(centre, radius, roughness, random.NoiseSeed());

    /// <summary>Approximate signed distance to the outline in units, negative inside.</summary>
    public float Distance(Vector2 point)
    {
        var grid = (point - Centre) / (0.7f * Radius);
        return Vector2.Distance(point, Centre) - Radius * (1 + Roughness * Noise.Fractal(grid.X, grid.Y, Seed, 3));
    }

    /// <summary>Visits the pixels inside and up to <paramref name="margin"/> units outside, with the distance to the outline.</summary>
    public void Paint(Surface surface, float margin, Action<int, Vector2, float> brush) =>
        surface.PaintNear(Centre, Radius * (1 + Roughness) + margin, (i, point) =>
        {
            var distance = Distance(point);
            if (distance < margin)
                brush(i, point, distance);
        });
}
