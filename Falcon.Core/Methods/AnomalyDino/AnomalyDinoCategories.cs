namespace Falcon.Methods;

/// <summary>The categories of MVTec AD and VisA whose background the authors mask: those that their test of the masks accepted.</summary>
internal static class AnomalyDinoCategories
{
    /// <summary>Their names.</summary>
    public static IReadOnlySet<string> Masked { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "capsule", "hazelnut", "pill", "screw", "toothbrush",
        "candle", "capsules", "cashew", "chewinggum", "fryum", "macaroni1", "macaroni2", "pcb1", "pcb2", "pcb3", "pcb4", "pipe_fryum",
    };
}
