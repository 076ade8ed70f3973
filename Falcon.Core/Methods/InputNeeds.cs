using Falcon.Backbones;

namespace Falcon.Methods;

/// <summary>What a method reads of each unchanged image. Whatever it names is computed once per image and can be kept on disk.</summary>
/// <param name="Pixels">Whether the normalised pixels are read; a method that reads features alone needs no decoding once they are known.</param>
/// <param name="Taps">The teacher's features that are read, in the order of computation; may be empty.</param>
/// <param name="Preparation">What else is computed once per image; null for nothing.</param>
public sealed record InputNeeds(bool Pixels, IReadOnlyList<BackboneTap> Taps, ImagePreparation? Preparation = null)
{
    /// <summary>The taps that are read and those that the preparation reads.</summary>
    internal IEnumerable<BackboneTap> AllTaps => Taps.Concat(Preparation?.Taps ?? []);
}
