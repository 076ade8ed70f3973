namespace Falcon.Methods;

/// <summary>How similar amplified abnormal features may still be to normal ones.</summary>
public enum AmplificationMargin
{
    /// <summary>Their cosine before, less 0.3 (the authors' code).</summary>
    Subtract,

    /// <summary>0.3 times their cosine before.</summary>
    Multiply,
}
