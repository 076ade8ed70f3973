using Falcon.Backbones;
using Falcon.Data;
using Falcon.Imaging;

namespace Falcon.Methods;

/// <summary>CLIP's image tower as FDSL reads it: after each quarter of its blocks (specification, section 2).</summary>
internal static class ClipTower
{
    private const int TapCount = 4;

    public static IReadOnlyList<string> Names => throw new NotImplementedException();

    public static int Patch(string backbone) => throw new NotImplementedException();

    /// <summary>Where features are taken.</summary>
    public static BackboneTap[] Taps(string backbone) => throw new NotImplementedException();

    public static int Channels(string backbone) => throw new NotImplementedException();

    public static BackboneTap Pooled => throw new NotImplementedException();

    public static Preprocessing Preprocessing(InputSize size) => Data.Preprocessing.To(size, ResizeFilter.Bicubic);
}
