using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The losses of one step before its update (specification, section 5), as scalars.</summary>
internal sealed record FalconLosses(
    double StudentClean, double StudentNoisy, double AutoencoderClean, double AutoencoderNoisy,
    double ReconstructionClean, double ReconstructionNoisy, double DetectorClean, double DetectorNoisy)
{
    /// <summary>The main loss: the sum of all but the detector's.</summary>
    public double Total => StudentClean + StudentNoisy + AutoencoderClean + AutoencoderNoisy + ReconstructionClean + ReconstructionNoisy;

    /// <summary>All losses by name.</summary>
    public IReadOnlyList<(string Name, double Value)> Named =>
    [
        ("student_clean", StudentClean), ("student_noisy", StudentNoisy), ("ae_clean", AutoencoderClean), ("ae_noisy", AutoencoderNoisy),
        ("recon_clean", ReconstructionClean), ("recon_noisy", ReconstructionNoisy), ("total", Total),
        ("detector_clean", DetectorClean), ("detector_noisy", DetectorNoisy),
    ];

    /// <summary>Reads per-half losses, each (2): clean, noised.</summary>
    public static FalconLosses Of(Tensor student, Tensor autoencoder, Tensor reconstruction, Tensor detector)
    {
        var values = stack([student, autoencoder, reconstruction, detector]).detach().cpu().data<float>().ToArray();
        return new(values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7]);
    }
}
