using System.Text.Json;
using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Imaging;
using Falcon.Weights;

namespace Falcon.Methods;

/// <summary>A computation of one method that is done once per image, from the teacher's features and the image file. A value: equal preparations of one image
/// give equal results, so its JSON is part of the key under which a result is kept.</summary>
public abstract class ImagePreparation : IEquatable<ImagePreparation>
{
    /// <summary>What it is called in the store: small letters, digits and hyphens.</summary>
    [JsonIgnore]
    public abstract string Name { get; }

    /// <summary>Raised by hand when the algorithm changes.</summary>
    [JsonIgnore]
    public abstract int Version { get; }

    /// <summary>The features that it reads; may be empty.</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<BackboneTap> Taps { get; }

    /// <summary>Whether it reads the image as it is in its file, which is decoded once more for it, or the pixels of a tile.</summary>
    [JsonIgnore]
    public virtual bool ReadsFile => false;

    /// <summary>The result for one image.</summary>
    /// <param name="features">The image's features of <see cref="Taps"/>, N = 1.</param>
    /// <param name="image">The image of the file, RGB; of a tile, and of an image that is in memory alone, the network's input. Null unless <see cref="ReadsFile"/>.</param>
    /// <param name="height">Height of the network's input in pixels.</param>
    /// <param name="width">Width of the network's input in pixels.</param>
    public abstract IReadOnlyList<StoredTensor> Of(TeacherFeatures features, RasterImage? image, int height, int width);

    /// <inheritdoc/>
    public bool Equals(ImagePreparation? other) => other is not null && other.GetType() == GetType() && other.ToString() == ToString();

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as ImagePreparation);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>Its properties as JSON.</summary>
    public sealed override string ToString() => JsonSerializer.Serialize(this, GetType());
}
