using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>What FALCON reads of the teacher.</summary>
/// <param name="Layer2">(N, C₂, 2h, 2w) float32.</param>
/// <param name="Layer3">(N, C₃, h, w) float32.</param>
internal sealed record TeacherFeatures(Tensor Layer2, Tensor Layer3) : IDisposable
{
    /// <summary>The features of several images in one batch.</summary>
    public static TeacherFeatures Join(IReadOnlyList<TeacherFeatures> images) => images.Count == 1
        ? images[0]
        : new(cat([.. images.Select(i => i.Layer2)]), cat([.. images.Select(i => i.Layer3)]));

    public void Dispose()
    {
        Layer2.Dispose();
        Layer3.Dispose();
    }
}
