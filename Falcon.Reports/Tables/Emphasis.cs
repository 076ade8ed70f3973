namespace Falcon.Reports;

/// <summary>How a number stands out among those it is compared with.</summary>
public enum Emphasis
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The best, in bold.</summary>
    Best,

    /// <summary>The second best, underlined.</summary>
    Second,

    /// <summary>It does not, for it takes no part in the comparison.</summary>
    Unranked,
}
