namespace Falcon.Methods;

/// <summary>How an anomaly map is smoothed with a Gaussian.</summary>
public enum SmoothingKind
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>In both directions.</summary>
    TwoDimensional,

    /// <summary>Along rows only, as public codes do by mistake when a batch holds one image.</summary>
    RowWise,
}
