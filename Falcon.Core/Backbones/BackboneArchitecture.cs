using Falcon.Data;

namespace Falcon.Backbones;

/// <summary>What is known of a network by its name, before there are weights.</summary>
/// <param name="Name">Its name on the command line, in files and keys.</param>
public abstract record BackboneArchitecture(string Name)
{
    /// <summary>Three taps from shallow to deep, for methods that compare features at several depths: layer1 to layer3 of a residual network, the ends of the
    /// thirds of a transformer's blocks.</summary>
    public abstract IReadOnlyList<BackboneTap> Levels { get; }

    /// <summary>The mean and deviation that its images are normalised with.</summary>
    public virtual PixelStatistics Statistics => PixelStatistics.ImageNet;

    /// <summary>The sides of an input are multiples of so many pixels.</summary>
    public abstract int InputUnit { get; }

    /// <summary>The channels of a tap.</summary>
    public abstract int Channels(BackboneTap tap);

    /// <summary>The multiple of <see cref="InputUnit"/> that is nearest to a side in pixels, at least one.</summary>
    public int NearestInput(int side) => Math.Max(1, (int)Math.Round((double)side / InputUnit)) * InputUnit;
}
