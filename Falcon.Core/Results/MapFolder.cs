using System.Collections;
using System.Collections.Concurrent;
using Falcon.Data;
using Falcon.Imaging;
using Falcon.Metrics;
using Falcon.Protocol;
using Falcon.Weights;

namespace Falcon.Results;

/// <summary>Anybody's anomaly maps in one folder beside the masks in another; each map is read when asked for.</summary>
/// <remarks>A map is a file of <c>.npy</c>, <c>.tif</c>, <c>.tiff</c> or <c>.png</c>, named by its path below the folder, or a tensor (H, W) of a
/// <c>.safetensors</c> file, named by itself; of what <c>falcon predict</c> has written the folder <c>maps</c> is read. Its mask is the picture of the same name, as data sets
/// name masks (<c>NAME_mask</c>, …), which may leave out a leading <c>test/</c> and folders that all maps share. A map without a mask is one of a normal image; in a folder where
/// others have masks only if it is named as normal images are. A folder of the map's name holds several masks, which are joined. Hidden files are left out.</remarks>
public sealed class MapFolder : IReadOnlyList<AnomalyMapSample>, IDisposable
{
    private const string Tensors = ".safetensors", PredictedMaps = "maps";

    private static readonly string[] OtherArrays = [".npz", ".mat", ".pt", ".pth", ".pkl", ".h5", ".hdf5"];

    private readonly List<(string Name, string? Mask, Func<(float[] Values, int Width, int Height)> Read)> _maps = [];
    private readonly List<SafetensorsFile> _files = [];
    private readonly MaskThreshold _threshold;
    private readonly string _masks;
    private readonly Finding[] _unread;
    private readonly ConcurrentDictionary<string, MaskDoubts> _doubts = [];

    /// <param name="maps">The folder of maps.</param>
    /// <param name="masks">The folder of masks.</param>
    /// <param name="threshold">Which gray values of a mask mean defect; <see cref="MaskThreshold.Automatic"/> by default.</param>
    /// <exception cref="InvalidInputException">A folder is missing or holds nothing usable, or masks belong to no map; all such masks are named.</exception>
    public MapFolder(string maps, string masks, MaskThreshold? threshold = null)
    {
        (_threshold, _masks) = (threshold ?? MaskThreshold.Automatic, masks);
        maps = OfPrediction(maps);
        var all = Files(masks, ImageFile.Extensions);
        List<(string Name, Func<(float[], int, int)> Read)> found = [];
        string[] files = Files(maps, [.. AnomalyMapFile.Extensions, Tensors]);
        _unread = [.. ImageFolder.Unread(masks, new FolderWalk(masks).Files), .. Unread(maps, files)];
        if (all.Length == 0)
            _unread = [.. _unread, new("holds no masks: every map counts as one of a normal image", masks, "See whether this is the folder.")];
        foreach (var file in files)
        {
            var path = Path.Combine(maps, file);
            if (!file.EndsWith(Tensors, StringComparison.OrdinalIgnoreCase))
            {
                found.Add((file, () => AnomalyMapFile.Read(path)));
                continue;
            }
            var tensors = SafetensorsFile.Open(path);
            _files.Add(tensors);
            found.AddRange(tensors.Names.Select(name => (name, (Func<(float[], int, int)>)(() => Tensor(tensors, name)))));
        }
        if (found.Count == 0)
            throw new InvalidInputException("holds no anomaly maps", maps, $"Give a folder of {string.Join(", ", AnomalyMapFile.Extensions)} or {Tensors} files.");
        if (SameNames(files).ToArray() is { Length: > 0 } same)
            throw new InvalidInputException(
                $"{ImageFolder.Counted(same.Length, "name")} that several maps have, but for the ending: {same[0]}", maps, "Keep one of each, or give them names of their own: each would count.");
        var pairing = Pairing([.. found.Select(map => map.Name)], all);
        if (pairing.Faults(maps, masks).ToArray() is { Length: > 0 } faults)
            throw new InvalidInputException(faults);
        _maps.AddRange(found.Zip(pairing.Masks).Select(pair => (pair.First.Name, pair.Second is { } mask ? Path.Combine(masks, mask) : null, pair.First.Read)));
    }

    /// <summary>The number of maps.</summary>
    public int Count => _maps.Count;

    /// <summary>What is odd about the masks that have been read so far, and which files beside them, and beside maps, are not read: one finding for each reason, with their number.</summary>
    public IEnumerable<Finding> Remarks => _unread.Concat(MaskDoubts.Findings([.. _doubts.Values.OrderBy(mask => mask.Path, StringComparer.Ordinal)], _masks));

    /// <summary>The map at a place in the order of names, with its mask; empty masks, files that are black throughout, are those of normal images.</summary>
    public AnomalyMapSample this[int index]
    {
        get
        {
            var (name, mask, read) = _maps[index];
            var (values, width, height) = read();
            if (mask is null)
                return new AnomalyMapSample(name, width, values, default);
            RasterImage? joined = null;
            foreach (var file in DefectMask.Files(mask))
            {
                var picture = MaskPicture.Read(file);
                var one = _threshold.Apply(picture);
                _doubts[file] = MaskDoubts.Of(file, picture, _threshold, one);
                joined = DefectMask.Joined(joined, one, file);
            }
            var truth = joined!;
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

    private static IEnumerable<string> SameNames(string[] files) =>
        files.Where(file => !file.EndsWith(Tensors, StringComparison.OrdinalIgnoreCase)).GroupBy(file => Path.ChangeExtension(file, null)).Where(maps => maps.Count() > 1)
            .Select(maps => string.Join(" and ", maps));

    /// <summary>At most one finding about files beside maps that may be maps, too: other pictures and arrays.</summary>
    private static IEnumerable<Finding> Unread(string folder, string[] read)
    {
        string[] unread =
        [
            .. new FolderWalk(folder).Files.Where(file => ImageFolder.IsImage(file) || OtherArrays.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                .Except(read.Select(file => Path.Combine(folder, file))),
        ];
        if (unread.Length > 0)
            yield return new($"{ImageFolder.Counted(unread.Length, "file")} not read: {ImageFolder.Named(folder, unread)}", folder, "Save maps among them as .npy.");
    }

    // Masks are files, or folders of several for each image.
    private static MapPairing Pairing(string[] maps, string[] masks)
    {
        var byFile = new MapPairing(maps, masks);
        string[] folders = [.. masks.Select(mask => Path.GetDirectoryName(mask)!.Replace('\\', '/')).Where(folder => folder.Length > 0).Distinct()];
        if (folders.Length == 0)
            return byFile;
        var byFolder = new MapPairing(maps, folders);
        return byFolder.Masks.Count(mask => mask is not null) > byFile.Masks.Count(mask => mask is not null) ? byFolder : byFile;
    }

    private static (float[], int, int) Tensor(SafetensorsFile file, string name) =>
        file.Entry(name).Shape is [.., var height, var width] shape && shape.SkipLast(2).All(side => side == 1)
        ? (file.Floats(name), (int)width, (int)height)
        : throw new InvalidInputException($"stores '{name}' with {file.Entry(name).Shape.Count} dimensions", file.FilePath, "Store maps as (H, W).");

    // What falcon predict wrote: beside the maps there are overlays.
    private static string OfPrediction(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "predictions.json")) && !File.Exists(Path.Combine(folder, "predictions.csv")))
            return folder;
        var maps = Path.Combine(folder, PredictedMaps);
        return Directory.Exists(maps) ? maps : throw new InvalidInputException("holds predictions without anomaly maps", folder, "Predict again with --maps half or --maps full.");
    }

    private static string[] Files(string folder, IReadOnlyList<string> extensions)
    {
        if (!Directory.Exists(folder))
            throw new InvalidInputException("there is no such folder", folder, "Check the path.");
        var walk = new FolderWalk(folder);
        return walk.Faults.Count > 0
            ? throw new InvalidInputException(walk.Faults)
            : [.. walk.Files.Where(file => extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))];
    }
}
