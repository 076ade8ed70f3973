using Falcon.Backbones;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>FDSL's local windows (LFE; specification, section 6): an image's windows, seen by the tower one by one, against those of good images.</summary>
/// <param name="options">The method.</param>
/// <param name="teacher">The tower.</param>
/// <param name="head">The trained head.</param>
/// <param name="memory">Takes the windows of good images, which are computed when they are needed and not saved.</param>
internal sealed class WindowComparison(FdslOptions options, Teacher teacher, FdslHead head, FittedTensors memory)
{
    /// <summary>Windows that the tower sees at once.</summary>
    private const int Chunk = 16;

    private const string Pooled = "windowsPooled";

    private readonly BackboneTap[] _taps = ClipTower.Taps(options.Backbone);
    private bool _isKnown;

    /// <summary>Where the windows lie.</summary>
    public LocalWindows Windows { get; } = new(options.Grid.Rows, options.Grid.Columns, options.WindowPatches, options.WindowStride);

    /// <summary>Other good images have been seen.</summary>
    public void Forget() => _isKnown = false;

    /// <summary>How likely each patch is a defect by the windows that cover it, at each tap: (1, h, w); g_l of the specification.</summary>
    /// <param name="image">(3, H, W).</param>
    /// <param name="normals">Good images, (k, 3, H, W).</param>
    public Tensor[] Grids(Tensor image, Tensor normals)
    {
        Remember(normals);
        var seen = See(image);
        var pick = options.ImageIndex ? Pick(seen.Pooled!) : null;
        return [.. _taps.Select((_, tap) => Grid(tap, seen.Patches[tap], pick))];
    }

    /// <summary>The window of good images that is most like each window as a whole: (windows) int64.</summary>
    /// <param name="pooled">(windows, D) unit vectors.</param>
    public Tensor Pick(Tensor pooled) => NormalPatches.Nearest(pooled, Kept(Pooled));

    /// <summary>What the patches of windows are compared with at a tap, (M, C).</summary>
    /// <param name="tap">The index of the tap.</param>
    /// <param name="pick">Those windows of good images; null for all.</param>
    public Tensor Memory(int tap, Tensor? pick)
    {
        var windows = Kept(Name(tap));
        return (pick is null ? windows : windows.index_select(0, pick)).flatten(0, 1);
    }

    /// <summary>What the tower says of an image's windows: their patches at each tap, (windows, n, C), and, where windows are looked up, (windows, D); unit vectors.</summary>
    public (Tensor[] Patches, Tensor? Pooled) See(Tensor image)
    {
        using var scope = NewDisposeScope();
        BackboneTap[] taps = options.ImageIndex ? [.. _taps, BackboneTap.Embedding] : _taps;
        var windows = Windows.Cut(image, options.Patch);
        var parts = Enumerable.Range(0, _taps.Length).Select(_ => new List<Tensor>()).ToArray();
        var pooled = new List<Tensor>();
        for (var first = 0L; first < windows.shape[0]; first += Chunk)
        {
            using var inner = NewDisposeScope();
            var features = teacher.Features(windows.narrow(0, first, Math.Min(Chunk, windows.shape[0] - first)), taps);
            foreach (var (tap, part) in parts.Index())
                part.Add(NormalPatches.Units(features[tap]).MoveToOuterDisposeScope());
            if (options.ImageIndex)
                pooled.Add(normalize(features[^1].flatten(1), p: 2, dim: 1, eps: 1e-12).MoveToOuterDisposeScope());
        }
        return ([.. parts.Select(part => cat(part).MoveToOuterDisposeScope())], options.ImageIndex ? cat(pooled).MoveToOuterDisposeScope() : null);
    }

    /// <summary>Computes what is kept of the windows of good images, unless it is there.</summary>
    /// <param name="normals">(k, 3, H, W).</param>
    public void Remember(Tensor normals)
    {
        if (_isKnown)
            return;
        using var scope = NewDisposeScope();
        var seen = Enumerable.Range(0, (int)normals.shape[0]).Select(i => See(normals[i])).ToArray();
        for (var tap = 0; tap < _taps.Length; tap++)
        {
            var windows = cat([.. seen.Select(image => image.Patches[tap])]);
            memory.Keep(Name(tap), options.HalfMemory ? windows.to(ScalarType.Float16) : windows, teacher.Device, persistent: false);
        }
        if (options.ImageIndex)
            memory.Keep(Pooled, cat([.. seen.Select(image => image.Pooled!)]), teacher.Device, persistent: false);
        _isKnown = true;
    }

    private Tensor Grid(int tap, Tensor patches, Tensor? pick)
    {
        using var scope = NewDisposeScope();
        var residuals = NormalPatches.Residuals(patches, Memory(tap, pick));
        var merged = Windows.Merge(head.Classify(tap, residuals, Windows.Side).select(1, 1));
        var grid = options.NeighbourAggregation ? head.call(stack([1 - merged, merged]).unsqueeze(0)).select(1, 1) : merged.unsqueeze(0);
        return grid.MoveToOuterDisposeScope();
    }

    private Tensor Kept(string name) => memory.get_buffer(name) ?? throw new InvalidOperationException("No good images have been seen.");

    private static string Name(int tap) => $"windows{tap}";
}
