namespace Falcon.Methods;

/// <summary>What FDSL judges an image by (specification, section 6).</summary>
public enum LocalWindowUse
{
    /// <summary>The whole image and its local windows, averaged: <c>mul</c> in the published code.</summary>
    Both,

    /// <summary>Its local windows alone: <c>onlywin</c>.</summary>
    Alone,

    /// <summary>The whole image alone, without running the teacher on windows: <c>nan</c>.</summary>
    None,
}
