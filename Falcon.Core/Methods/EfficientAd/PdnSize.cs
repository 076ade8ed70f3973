namespace Falcon.Methods;

/// <summary>The size of a patch description network.</summary>
public enum PdnSize
{
    /// <summary>Four convolutions.</summary>
    Small,

    /// <summary>Six convolutions, twice as wide.</summary>
    Medium,
}
