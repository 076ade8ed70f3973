namespace Falcon.Metrics;

/// <summary>What a metric measures.</summary>
public enum MetricKind
{
    /// <summary>Area under the ROC curve over images.</summary>
    ImageAuroc,

    /// <summary>Average precision over images.</summary>
    ImageAp,

    /// <summary>Best F1 score over images, over all thresholds.</summary>
    ImageF1Max,

    /// <summary>Area under the ROC curve over pixels.</summary>
    PixelAuroc,

    /// <summary>Average precision over pixels.</summary>
    PixelAp,

    /// <summary>Best F1 score over pixels, over all thresholds.</summary>
    PixelF1Max,

    /// <summary>Area under the per-region overlap curve up to a false-positive rate.</summary>
    Aupro,

    /// <summary>Mean share of a region that is found at one threshold.</summary>
    RegionOverlap,

    /// <summary>Area under the per-image overlap curve between two false-positive rates on normal images.</summary>
    Aupimo,
}
