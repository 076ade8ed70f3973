using System.Numerics;
using Falcon.Imaging;
using Falcon.Randomness;

namespace Falcon.DrawnData;

/// <summary>A kind of part in front of a camera, of which Falcon draws any number of good and damaged photos.</summary>
public abstract class Scene
{
    private protected Scene()
    {
    }

    /// <summary>Every scene there is: a woven fabric, a printed nameplate and a turned flange.</summary>
    public static IReadOnlyList<Scene> All { get; } = [new Scenes.Fabric(), new Scenes.Flange(), new Scenes.Nameplate()];

    /// <summary>Name of the scene and of its folder.</summary>
    public abstract string Name { get; }

    /// <summary>Names of the kinds of damage that this part can have.</summary>
    public IReadOnlyList<string> DefectNames => [.. Defects.Select(d => d.Name)];

    private protected abstract IReadOnlyList<Defect> Defects { get; }

    private protected abstract Studio Studio { get; }

    /// <summary>Draws one photo. The part, its placement, the light and the noise follow from seed and part name alone, so the photo of a damaged part and that of
    /// the same part without damage are equal outside the mask, pixel by pixel, and every mask region was changed visibly.</summary>
    /// <param name="seed">The seed of the data set.</param>
    /// <param name="part">Which part, for example <c>test/scratch/003</c>.</param>
    /// <param name="defect">One of <see cref="DefectNames"/>, or null for a good part.</param>
    /// <param name="size">Width and height in pixels; the drawing looks the same at every size.</param>
    /// <exception cref="ArgumentException">There is no such kind of damage.</exception>
    public DrawnImage Draw(MasterSeed seed, string part, string? defect = null, int size = 256)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 16);
        RandomStream Stream(string purpose) => seed.Stream($"drawn-{purpose}", $"{Name}/{part}");
        var surface = Lay(size, Stream("part"));
        var light = Stream("light");
        var studio = Studio.Vary(light);
        var camera = new Camera(light.Between(0.06f, 0.10f), 0.012f, 0.003f);
        var good = camera.Focus(studio.Light(surface), size);
        if (defect is null)
            return new DrawnImage(camera.Expose(good, size, Stream("noise")), null);

        var kind = Defects.FirstOrDefault(d => d.Name == defect)
            ?? throw new ArgumentException($"The {Name} has no defect '{defect}', only {string.Join(", ", DefectNames)}.", nameof(defect));
        var (damaged, mask) = Damage(kind, surface, good, Stream("defect"), s => camera.Focus(studio.Light(s), size));
        for (var i = 0; i < mask.Length; i++)
            if (!mask[i])
                damaged[i] = good[i];
        var gray = Array.ConvertAll(mask, m => m ? (byte)255 : (byte)0);
        return new DrawnImage(camera.Expose(damaged, size, Stream("noise")), new RasterImage(size, size, 1, gray));
    }

    /// <summary>Lays out a good part: where it lies and what it is made of.</summary>
    private protected abstract Surface Lay(int size, RandomStream random);

    /// <summary>Damages a copy of the part; a damage that turns out too small to see is drawn again.</summary>
    private static (Vector3[] Light, bool[] Mask) Damage(
        Defect kind, Surface surface, Vector3[] good, RandomStream random, Func<Surface, Vector3[]> photograph)
    {
        const int Attempts = 50;
        const float SmallestArea = 80;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var copy = surface.Copy();
            kind.Apply(copy, random);
            var light = photograph(copy);
            var mask = VisibleDamage.Between(good, light, surface.Size, surface.Pixel);
            if (mask.AsSpan().Count(true) * surface.Pixel * surface.Pixel >= SmallestArea)
                return (light, mask);
        }
        throw new InvalidOperationException($"The defect '{kind.Name}' stayed invisible in {Attempts} attempts.");
    }
}
