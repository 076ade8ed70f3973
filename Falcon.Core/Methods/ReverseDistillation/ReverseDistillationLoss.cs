namespace Falcon.Methods;

/// <summary>What reverse distillation minimises.</summary>
public enum ReverseDistillationLoss
{
    /// <summary>1 − the cosine of whole feature maps, one per image and layer (the authors' code, which the published figures come from).</summary>
    Flat,

    /// <summary>1 − the cosine at each position (the paper's formula).</summary>
    Pixel,

    /// <summary>Half the squared distance of unit vectors, added up over the batch (DistillationAD).</summary>
    BatchSum,
}
