namespace Falcon.Reports;

/// <summary>What the band around a mean curve spans.</summary>
public enum BandKind
{
    /// <summary>From the lowest to the highest seed.</summary>
    Range,

    /// <summary>One sample standard deviation to either side of the mean, within [0, 1].</summary>
    StandardDeviation,
}
