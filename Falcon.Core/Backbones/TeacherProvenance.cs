namespace Falcon.Backbones;

/// <summary>What identifies the features of a teacher.</summary>
/// <param name="Backbone">The architecture's name.</param>
/// <param name="Weights">The weight file's name without its folder, or how the weights were drawn.</param>
/// <param name="Sha256">The weight file's digest; null for drawn weights.</param>
/// <param name="Precision">In which numbers it computes.</param>
public sealed record TeacherProvenance(string Backbone, string Weights, string? Sha256, Precision Precision)
{
    /// <summary>Whether both give the same features; a weight file's name does not matter.</summary>
    public bool IsSameTeacher(TeacherProvenance other) =>
        (Backbone, Sha256 ?? Weights, Precision) == (other.Backbone, other.Sha256 ?? other.Weights, other.Precision);
}
