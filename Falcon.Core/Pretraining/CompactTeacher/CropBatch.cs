namespace Falcon.Pretraining;

/// <summary>What one step sees.</summary>
/// <param name="Pixels">(N, 3, S, S), ImageNet-normalised.</param>
/// <param name="Families">For each crop the position in <see cref="DrawnData.PictureFamily.All"/>; -1 for a photo.</param>
internal sealed record CropBatch(float[] Pixels, long[] Families);
