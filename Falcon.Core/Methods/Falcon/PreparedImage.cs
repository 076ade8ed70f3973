using System.Runtime.InteropServices;
using Falcon.Backbones;
using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>What stays constant about one training image: its pixels, teacher features and object mask (specification, section 8).</summary>
/// <param name="Pixels">(C, H, W) normalised, channel after channel.</param>
/// <param name="Clean">Its teacher features, N = 1.</param>
/// <param name="Object">Where the object is.</param>
internal sealed record PreparedImage(float[] Pixels, TeacherFeatures Clean, ObjectMask Object)
{
    /// <param name="image">(1, 3, H, W) float32, normalised.</param>
    /// <param name="clean">The teacher's features of it.</param>
    /// <param name="prepared">What <see cref="CamPreparation"/> gave.</param>
    public static PreparedImage Of(Tensor image, TeacherFeatures clean, IReadOnlyList<StoredTensor> prepared)
    {
        var ensemble = MemoryMarshal.Cast<byte, float>(prepared[0].Bytes.Span).ToArray();
        using var scope = NewDisposeScope();
        var pixels = image.cpu().contiguous().data<float>().ToArray();
        return new(pixels, clean, ObjectMask.FromEnsemble(ensemble, (int)image.shape[3], (int)image.shape[2]));
    }

    /// <summary>The image with these patches, as pixels.</summary>
    public NoisedImage Noised(IEnumerable<NoisePatch> patches, MaskRounding rounding) =>
        NoisedImage.Paste(Pixels, Object.Width, Object.Height, patches, rounding);
}
