using System.Collections;
using Falcon.Data;
using Falcon.Metrics;
using Falcon.Protocol;
using Falcon.Weights;

namespace Falcon.Results;

/// <summary>Anybody's anomaly maps in one folder beside the masks in another; each map is read when asked for.</summary>
/// <remarks>A map is a file of <c>.npy</c>, <c>.tif</c>, <c>.tiff</c> or <c>.png</c>, named by its path below the folder, or a tensor (H, W) of a
/// <c>.safetensors</c> file, named by itself. Its mask is the picture of the same name, which may end in <c>_mask</c> and leave a leading <c>test/</c> out; a map
/// without a mask is one of a normal image.</remarks>
public sealed class MapFolder : IReadOnlyList<AnomalyMapSample>, IDisposable
{
    private const string TestFolder = "test/", MaskEnding = "_mask", Tensors = ".safetensors";

    private readonly List<(string Name, string? Mask, Func<(float[] Values, int Width, int Height)> Read)> _maps = [];
    private readonly List<SafetensorsFile> _files = [];
    private readonly MaskThreshold _threshold;

    /// <param name="maps">The folder of maps.</param>
    /// <param name="masks">The folder of masks.</param>
    /// <param name="threshold">Which gray values of a mask mean defect; <see cref="MaskThreshold.Automatic"/> by default.</param>
    /// <exception cref="InvalidInputException">A folder is missing or holds nothing usable, or masks belong to no map; all such masks are named.</exception>
    public MapFolder(string maps, string masks, MaskThreshold? threshold = null)
    {
        _threshold = threshold ?? MaskThreshold.Automatic;
        var left = Files(masks, Imaging.ImageFile.Extensions).ToDictionary(file => Bare(file, MaskEnding), file => Path.Combine(masks, file));
        var all = new Dictionary<string, string>(left);
        foreach (var file in Files(maps, [.. AnomalyMapFile.Extensions, Tensors]))
        {
            var path = Path.Combine(maps, file);
            if (!file.EndsWith(Tensors, StringComparison.OrdinalIgnoreCase))
            {
                Add(file, () => AnomalyMapFile.Read(path));
                continue;
            }
            var tensors = SafetensorsFile.Open(path);
            _files.Add(tensors);
            foreach (var name in tensors.Names)
                Add(name, () => Tensor(tensors, name));
        }
        if (_maps.Count == 0)
            throw new InvalidInputException("holds no anomaly maps", maps, $"Give a folder of {string.Join(", ", AnomalyMapFile.Extensions)} or {Tensors} files.");
        if (left.Count > 0)
            throw new InvalidInputException([.. left.Values.Order(StringComparer.Ordinal)
                .Select(mask => new Finding("no map has the name of this mask", mask, $"Name the map as the mask is named, for example {_maps[0].Name}, or remove the mask."))]);

        void Add(string name, Func<(float[], int, int)> read)
        {
            var bare = Bare(name, "");
            var key = all.ContainsKey(bare) || !bare.StartsWith(TestFolder, StringComparison.Ordinal) ? bare : bare[TestFolder.Length..];
            left.Remove(key);
            _maps.Add((name, all.GetValueOrDefault(key), read));
        }
    }

    /// <summary>The number of maps.</summary>
    public int Count => _maps.Count;

    /// <summary>The map at a place in the order of names, with its mask; empty masks, files that are black throughout, are those of normal images.</summary>
    public AnomalyMapSample this[int index]
    {
        get
        {
            var (name, mask, read) = _maps[index];
            var (values, width, height) = read();
            if (mask is null)
                return new AnomalyMapSample(name, width, values, default);
            var truth = DefectMask.Read(mask, _threshold);
            return (truth.Width, truth.Height) == (width, height)
                ? new AnomalyMapSample(name, width, values, truth.Pixels)
                : throw new InvalidInputException($"the map is {width}×{height} but its mask {truth.Width}×{truth.Height}", name, "Resize the map to the size of its mask.");
        }
    }

    /// <inheritdoc/>
    public IEnumerator<AnomalyMapSample> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public void Dispose() => _files.ForEach(file => file.Dispose());

    private static (float[], int, int) Tensor(SafetensorsFile file, string name) =>
        file.Entry(name).Shape is [.., var height, var width] shape && shape.SkipLast(2).All(side => side == 1)
        ? (file.Floats(name), (int)width, (int)height)
        : throw new InvalidInputException($"stores '{name}' with {file.Entry(name).Shape.Count} dimensions", file.FilePath, "Store maps as (H, W).");

    private static IEnumerable<string> Files(string folder, IReadOnlyList<string> extensions)
    {
        if (!Directory.Exists(folder))
            throw new InvalidInputException("there is no such folder", folder, "Check the path.");
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => extensions.Contains(Path.GetExtension(file).ToLowerInvariant()))
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);
    }

    private static string Bare(string name, string ending)
    {
        var extension = Path.GetExtension(name).ToLowerInvariant();
        var bare = Imaging.ImageFile.Extensions.Contains(extension) || AnomalyMapFile.Extensions.Contains(extension) ? name[..^extension.Length] : name;
        return ending.Length > 0 && bare.EndsWith(ending, StringComparison.Ordinal) ? bare[..^ending.Length] : bare;
    }
}
