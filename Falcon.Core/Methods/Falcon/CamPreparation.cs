using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Imaging;
using Falcon.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>The ensemble of class activation maps that says where the object is (specification, sections 4.1 and 4.2, row 1): one tensor <c>ensemble</c>,
/// (H, W) float32.</summary>
/// <param name="weights">Weights of the layers; one of weight 0 is not computed.</param>
public sealed class CamPreparation(CamWeights weights) : ImagePreparation
{
    /// <summary>Weights of the layers.</summary>
    public CamWeights Weights => weights;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => "class-activation";

    /// <inheritdoc/>
    [JsonIgnore]
    public override int Version => 1;

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<BackboneTap> Taps => [.. Layers.Where(layer => layer.Weight != 0).Select(layer => layer.Tap)];

    private IEnumerable<(BackboneTap Tap, double Weight)> Layers =>
        [(BackboneTap.Layer1, Weights.Layer1), (BackboneTap.Layer2, Weights.Layer2), (BackboneTap.Layer3, Weights.Layer3)];

    /// <inheritdoc/>
    public override IReadOnlyList<StoredTensor> Of(TeacherFeatures features, RasterImage? image, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var ensemble = Layers.Where(layer => layer.Weight != 0)
            .Select(layer => Enlarge(ClassActivationMap.Of(features[layer.Tap][0]).Map, height, width) * layer.Weight)
            .Aggregate((a, b) => a + b);
        return [StoredTensor.Of("ensemble", ensemble.to_type(ScalarType.Float32).cpu().data<float>().ToArray(), height, width)];
    }

    private static Tensor Enlarge(Tensor map, long height, long width) =>
        interpolate(map.unsqueeze(0).unsqueeze(0), [height, width], mode: InterpolationMode.Bilinear, align_corners: false)[0, 0];
}
