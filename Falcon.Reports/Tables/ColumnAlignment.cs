namespace Falcon.Reports;

/// <summary>Where the entries of a column stand.</summary>
public enum ColumnAlignment
{
    /// <summary>Flush left, for names.</summary>
    Left,

    /// <summary>Flush right, for numbers.</summary>
    Right,
}
