namespace Falcon.Reports;

/// <summary>Which side of a text stands at its point.</summary>
public enum TextSide
{
    /// <summary>It begins there.</summary>
    Left,

    /// <summary>Its middle is there.</summary>
    Middle,

    /// <summary>It ends there.</summary>
    Right,
}
