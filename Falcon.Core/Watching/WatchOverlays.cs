namespace Falcon.Watching;

/// <summary>Of which photos a watch draws overlays.</summary>
public enum WatchOverlays
{
    /// <summary>None.</summary>
    None,

    /// <summary>Those that are anomalous.</summary>
    Anomalous,

    /// <summary>All.</summary>
    All,
}
