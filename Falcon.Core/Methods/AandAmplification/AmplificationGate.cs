namespace Falcon.Methods;

/// <summary>How far the features of a synthetic defect are moved in AAND's first stage.</summary>
public enum AmplificationGate
{
    /// <summary>All the way, since the defect is known.</summary>
    Mask,

    /// <summary>As far as they are taken for abnormal.</summary>
    Predicted,
}
