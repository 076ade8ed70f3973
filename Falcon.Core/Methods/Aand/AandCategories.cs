namespace Falcon.Methods;

/// <summary>The foregrounds of the categories of MVTec AD, VisA and MVTec 3D-AD, whose names differ (specification, section 4).</summary>
internal static class AandCategories
{
    /// <summary>The published settings of a category, the defaults of an unknown one.</summary>
    public static AandOptions Of(string category) => category switch
    {
        "carpet" or "grid" or "leather" or "tile" or "wood" or "transistor" => Above(0),
        "capsule" or "screw" or "zipper" => AtMost(150),
        "hazelnut" or "metal_nut" or "pill" or "toothbrush" => Above(50),
        "bottle" or "cable" => new() { Foreground = ForegroundShape.Disc },
        "candle" or "cashew" or "chewinggum" or "fryum" or "macaroni1" or "macaroni2" or "pcb1" => Above(150),
        "pcb2" or "pcb3" or "pipe_fryum" => Above(100),
        "pcb4" => Above(50),
        "capsules" => AtMost(100),
        "foam" or "tire" => new() { Foreground = ForegroundShape.Box },
        "bagel" or "cable_gland" or "carrot" or "cookie" or "dowel" or "peach" or "potato" or "rope" => Above(50),
        _ => new(),
    };

    private static AandOptions Above(double level) => new() { Foreground = ForegroundShape.Above, ForegroundLevel = level };

    private static AandOptions AtMost(double level) => new() { Foreground = ForegroundShape.AtMost, ForegroundLevel = level };
}
