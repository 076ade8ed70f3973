namespace Falcon.Methods;

/// <summary>How the quarter-size noise mask is brought to the size of the target features.</summary>
public enum MaskResizing
{
    /// <summary>Plain bilinear without antialiasing, as the public code does: only the middle 2×2 of each 4×4 cells count.</summary>
    Bilinear,

    /// <summary>The mean of all cells, so that no patch disappears.</summary>
    Area,
}
