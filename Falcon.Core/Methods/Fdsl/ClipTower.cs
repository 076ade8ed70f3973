using Falcon.Backbones;
using Falcon.Data;
using Falcon.Imaging;

namespace Falcon.Methods;

/// <summary>CLIP's image tower as FDSL reads it: after each quarter of its blocks, at any size (specification, section 2).</summary>
internal static class ClipTower
{
    /// <summary>The published code rebuilds the tower for its input size, and then with the exact GELU.</summary>
    private const string Usual = "clip_vit_l_14_336_gelu";

    /// <summary>The number of taps.</summary>
    public const int TapCount = 4;

    /// <summary>The published towers, that of the published code first.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        Usual, .. TransformerArchitecture.Published.Where(known => known.Family == TransformerFamily.Clip && known.Name != Usual).Select(known => known.Name),
    ];

    /// <summary>A tower that has enough blocks; null for any other network.</summary>
    public static TransformerArchitecture? TryFind(string name) =>
        TransformerArchitecture.TryFind(name) is { Family: TransformerFamily.Clip, Depth: >= TapCount } tower ? tower : null;

    /// <summary>As above, of options that have been checked.</summary>
    public static TransformerArchitecture Find(string name) => TryFind(name) ?? throw new ArgumentException($"'{name}' is no tower of CLIP.", nameof(name));

    /// <summary>Where features are taken.</summary>
    public static BackboneTap[] Taps(string name) => Find(name).Ends(TapCount);

    /// <summary>How an image becomes the input.</summary>
    public static Preprocessing Preprocessing(InputSize size) => Data.Preprocessing.To(size, ResizeFilter.Bicubic, statistics: PixelStatistics.Clip);
}
