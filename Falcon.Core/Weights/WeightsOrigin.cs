namespace Falcon.Weights;

/// <summary>Where a known weight file comes from; the scheme of <see cref="KnownWeights.Url"/>.</summary>
public enum WeightsOrigin
{
    /// <summary>It comes with Falcon, in the folder <c>teachers</c> beside its programs (<c>teachers:FILE</c>).</summary>
    Shipped,

    /// <summary>It is made of a NuGet package that the build restores but no program carries along (<c>nuget:PACKAGE/VERSION/FOLDER</c>).</summary>
    Package,

    /// <summary>It is downloaded (<c>https://…</c>).</summary>
    Server,
}
