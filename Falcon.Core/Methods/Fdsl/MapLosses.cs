using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>The losses of FDSL's head on some maps (specification, section 5).</summary>
/// <param name="Maps">The maps at the size of the masks, (N, 2, H, W).</param>
/// <param name="Focal">The focal loss of each map.</param>
/// <param name="Dice">The dice loss of each map.</param>
internal sealed record MapLosses(IReadOnlyList<Tensor> Maps, IReadOnlyList<Tensor> Focal, IReadOnlyList<Tensor> Dice)
{
    /// <summary>The sum of all.</summary>
    public Tensor Total => stack([.. Focal, .. Dice]).sum();

    /// <summary>As a training reports them, what is minimised first.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Named() => [("loss", Total), ("focal", stack(Focal).sum()), ("dice", stack(Dice).sum())];

    /// <param name="maps">Probabilities, (N, 2, h, w).</param>
    /// <param name="masks">(N, H, W), 1 where there is a defect, else 0.</param>
    public static MapLosses Of(IEnumerable<Tensor> maps, Tensor masks)
    {
        Tensor[] enlarged = [.. maps.Select(map => interpolate(map, masks.shape[1..], mode: InterpolationMode.Bilinear, align_corners: true))];
        return new(enlarged, [.. enlarged.Select(map => HeadLosses.Focal(map, masks))], [.. enlarged.Select(map => HeadLosses.Dice(map.select(1, 1), masks))]);
    }
}
