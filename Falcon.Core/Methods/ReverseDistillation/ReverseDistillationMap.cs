namespace Falcon.Methods;

/// <summary>How reverse distillation makes one map of three layers.</summary>
public enum ReverseDistillationMap
{
    /// <summary>1 − cosine, enlarged with aligned corners and added (the authors).</summary>
    CosineSum,

    /// <summary>1 − cosine, enlarged with aligned corners and multiplied.</summary>
    CosineProduct,

    /// <summary>Half the squared distance of unit vectors over the number of positions, enlarged and added (DistillationAD).</summary>
    WeightedSum,
}
