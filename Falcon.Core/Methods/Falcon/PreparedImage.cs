using Falcon.Backbones;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>What stays constant about one training image: its pixels, teacher features and object mask (specification, section 8).</summary>
/// <param name="Pixels">(C, H, W) normalised, channel after channel.</param>
/// <param name="Clean">Its teacher features, N = 1.</param>
/// <param name="Ensemble">(H, W) row-major: the weighted class activation maps at the size of the image.</param>
/// <param name="Object">Where the object is.</param>
internal sealed record PreparedImage(float[] Pixels, TeacherFeatures Clean, float[] Ensemble, ObjectMask Object) : IDisposable
{
    private static readonly BackboneTap[] Layers = [BackboneTap.Layer1, BackboneTap.Layer2, BackboneTap.Layer3];

    /// <summary>Width and height of the image.</summary>
    public int Width => Object.Width;

    /// <inheritdoc cref="Width"/>
    public int Height => Object.Height;

    /// <param name="teacher">The frozen teacher.</param>
    /// <param name="image">(1, 3, H, W) float32, normalised.</param>
    /// <param name="weights">Layers of the object mask.</param>
    public static PreparedImage Of(Teacher teacher, Tensor image, CamWeights weights)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        int height = (int)image.shape[2], width = (int)image.shape[3];
        var features = teacher.Features(image, Layers);
        double[] shares = [weights.Layer1, weights.Layer2, weights.Layer3];
        var ensemble = Layers.Select((_, i) => i)
            .Where(i => shares[i] != 0)
            .Select(i => Enlarge(ClassActivationMap.Of(features[i][0]).Map, height, width) * shares[i])
            .Aggregate((a, b) => a + b);
        var pixels = image.cpu().contiguous().data<float>().ToArray();
        var values = ensemble.to_type(ScalarType.Float32).cpu().data<float>().ToArray();
        return new(pixels, new(Keep(features[1]), Keep(features[2])), values, ObjectMask.FromEnsemble(values, width, height));

        Tensor Keep(Tensor t) => t.clone().DetachFromDisposeScope();
    }

    /// <summary>The image with these patches, as pixels.</summary>
    public NoisedImage Noised(IEnumerable<NoisePatch> patches, MaskRounding rounding) =>
        NoisedImage.Paste(Pixels, Width, Height, patches, rounding);

    public void Dispose() => Clean.Dispose();

    private static Tensor Enlarge(Tensor map, long height, long width) =>
        interpolate(map.unsqueeze(0).unsqueeze(0), [height, width], mode: InterpolationMode.Bilinear, align_corners: false)[0, 0];
}
