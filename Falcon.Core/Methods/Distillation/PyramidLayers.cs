using Falcon.Backbones;

namespace Falcon.Methods;

/// <summary>Layers of a residual network whose features are compared.</summary>
[Flags]
public enum PyramidLayers
{
    /// <summary>Stride 4.</summary>
    Layer1 = 1,

    /// <summary>Stride 8.</summary>
    Layer2 = 2,

    /// <summary>Stride 16.</summary>
    Layer3 = 4,

    /// <summary>Stride 32.</summary>
    Layer4 = 8,

    /// <summary>The first three.</summary>
    Layers123 = Layer1 | Layer2 | Layer3,
}

/// <summary>What <see cref="PyramidLayers"/> are in a network.</summary>
internal static class PyramidLayersTaps
{
    /// <summary>The taps in the order of computation.</summary>
    public static BackboneTap[] Taps(this PyramidLayers layers) =>
        [.. Enumerable.Range(0, 4).Where(i => ((int)layers & 1 << i) != 0).Select(i => BackboneTap.Layer1 + i)];

    /// <summary>Whether at least one layer and nothing else is named.</summary>
    public static bool AreKnown(this PyramidLayers layers) => layers != 0 && ((int)layers & ~0b1111) == 0;
}
