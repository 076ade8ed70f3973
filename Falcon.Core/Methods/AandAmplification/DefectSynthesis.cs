using Falcon.Data;
using Falcon.Engine;
using Falcon.Randomness;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>A training image with a synthetic defect, or without.</summary>
/// <param name="Image">(3, H, W) float32, normalised.</param>
/// <param name="Mask">(H, W) float32 on the CPU: 1 where the defect is, 0 elsewhere.</param>
internal sealed record DefectiveImage(Tensor Image, Tensor Mask);

/// <summary>Pastes textures into training images, in the shape of thresholded noise (specification, section 4, steps 1 to 5).</summary>
internal sealed class DefectSynthesis(AandStageOptions options, TrainingImages images)
{
    /// <summary>What noise exceeds where a defect is.</summary>
    internal const double NoiseThreshold = 0.5;

    private const int MostTries = 11, LeastPixels = 4;
    private const double DefectiveShare = 0.8, LargestShowing = 0.8, LargestTurn = 90;

    private readonly DefectTextures _textures = new(options, images);
    private readonly Preprocessing _preprocessing = options.Preprocessing;

    /// <summary>1 where defects may lie, (H·W) of each image; null for everywhere.</summary>
    private readonly byte[]?[] _foregrounds = [.. images.Prepared.Select(prepared => prepared.Count > 0 ? prepared[0].Bytes.ToArray() : null)];

    /// <summary>One sample. Whether it stays clean is drawn first, since nothing else depends on it.</summary>
    /// <param name="index">The training image.</param>
    /// <param name="stream">Everything about the sample.</param>
    public DefectiveImage Draw(int index, RandomStream stream)
    {
        var image = images.Pixels![index];
        if (stream.NextDouble() > DefectiveShare)
            return new(image, zeros([_preprocessing.Height, _preprocessing.Width], device: CPU));
        var texture = _preprocessing.Input(_textures.Draw(index, stream), image.device);
        var mask = tensor(Mask(_foregrounds[index], stream), [_preprocessing.Height, _preprocessing.Width], device: CPU);
        var showing = tensor((float)(LargestShowing * stream.NextDouble()), device: image.device);
        return new(Blend(image, texture, mask.PlacedOn(image.device), showing).squeeze(0), mask);
    }

    /// <summary>x(1 − M) + (1 − β)·t·M + β·x·M.</summary>
    /// <param name="image">x, (N, 3, H, W).</param>
    /// <param name="texture">t, of the same shape.</param>
    /// <param name="mask">M, (N, 1, H, W) of zeros and ones.</param>
    /// <param name="showing">β, (N, 1, 1, 1), how much of the image shows through.</param>
    public static Tensor Blend(Tensor image, Tensor texture, Tensor mask, Tensor showing)
    {
        using var scope = NewDisposeScope();
        return (image * (1 - mask) + texture * mask * (1 - showing) + image * mask * showing).MoveToOuterDisposeScope();
    }

    /// <summary>1 where defects may lie, (H, W) float32 on the CPU.</summary>
    public Tensor Foreground(int index) => _foregrounds[index] is { } foreground
        ? tensor(foreground, [_preprocessing.Height, _preprocessing.Width], device: CPU).to(ScalarType.Float32)
        : ones([_preprocessing.Height, _preprocessing.Width], device: CPU);

    /// <summary>Where the noise is high, within the foreground; where that is known, more than a few pixels if some tries find any.</summary>
    private float[] Mask(byte[]? foreground, RandomStream stream)
    {
        var (width, height) = options.InputSize;
        var lattice = PerlinNoise.Lattice(stream);
        for (var attempt = 1; ; attempt++)
        {
            var noise = PerlinNoise.Draw(lattice, height, width, stream);
            var turned = FieldTurning.Turn(noise, height, width, 1, stream.NextDouble(-LargestTurn, LargestTurn));
            var mask = new float[turned.Length];
            for (var i = 0; i < mask.Length; i++)
                mask[i] = turned[i] > NoiseThreshold && (foreground is null || foreground[i] != 0) ? 1 : 0;
            if (foreground is null || attempt == MostTries || mask.Sum() > LeastPixels)
                return mask;
        }
    }
}
