using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The losses of RD++, each for one layer, as scalars (specification, section 5). Features are (N, C, h, w).</summary>
internal static class ProjectionLosses
{
    private const double Margin = 0.5, ContrastFloor = 1e-12;

    /// <summary>1 − the cosine of whole maps, the teacher's and the restored one.</summary>
    public static Tensor Distillation(Tensor teacher, Tensor restored) => FeatureDistance.WholeCosine(teacher, restored).mean();

    /// <summary>1 − the cosine at each position: noise is to leave no trace in the projection.</summary>
    public static Tensor Reconstruction(Tensor projectedNoised, Tensor projected) => FeatureDistance.Cosine(projectedNoised, projected).mean();

    /// <summary>How far the cosine of whole maps, of the noised image as the teacher sees it and of the clean one projected, exceeds a half.</summary>
    public static Tensor Contrast(Tensor noised, Tensor projected)
    {
        var (u, v) = (noised.flatten(1), projected.flatten(1));
        var lengths = ((u.square().sum(1) + ContrastFloor) * (v.square().sum(1) + ContrastFloor)).sqrt();
        return ((u * v).sum(1) / lengths - Margin).clamp_min(0).mean();
    }

    /// <summary>The divergence of projections as distributions over all their values.</summary>
    /// <param name="projected">Of a batch.</param>
    /// <param name="partners">(N) int64: the other image of each.</param>
    /// <param name="transport">What is compared with what.</param>
    public static Tensor Transport(Tensor projected, Tensor partners, OptimalTransport transport)
    {
        var mass = projected.flatten(1).softmax(1);
        var others = mass.index_select(0, partners);
        return transport switch
        {
            OptimalTransport.Pairwise => ((mass - others).square().sum(1) / 2).mean(),
            OptimalTransport.Batch => SinkhornDivergence.Of(mass.to(ScalarType.Float64), others.to(ScalarType.Float64)).to(mass.dtype),
            _ => zeros([], mass.dtype, mass.device),
        };
    }
}
