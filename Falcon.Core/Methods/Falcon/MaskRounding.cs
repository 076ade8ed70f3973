namespace Falcon.Methods;

/// <summary>Which cells of the quarter-size noise mask a pasted patch marks.</summary>
public enum MaskRounding
{
    /// <summary>Both ends rounded down, as the public code does: a thin line inside one cell column stays unmarked.</summary>
    Floor,

    /// <summary>Every cell that the patch touches.</summary>
    Cover,
}
