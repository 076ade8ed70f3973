namespace Falcon.Methods;

/// <summary>The patches of the categories of MVTec AD (specification, section 4).</summary>
internal static class MrkdCategories
{
    private static readonly ExtentBounds Fixed = new(0.01, 0.01), Small = new(0.01, 0.05), Wide = new(0.01, 0.1), Large = new(0.03, 0.4);

    /// <summary>The published settings of a category, the defaults of an unknown one.</summary>
    public static MrkdOptions Of(string category) => category switch
    {
        "bottle" => Bright(Large, Large, 3, 0.7),
        "capsule" => Bright(Small, Small, 1, 0.7),
        "screw" => Bright(Small, Small, 1, 0.5),
        "zipper" => Bright(Small, Fixed, 1, 0.7),
        "hazelnut" => Dark(Large with { High = 0.35 }, Large with { High = 0.35 }, 3, 0.7),
        "pill" => Dark(Small, Small, 1, 0.7),
        "metal_nut" => Dark(Small, Fixed, 1, 0.5),
        "toothbrush" => Dark(Fixed, Fixed, 1, 0.25),
        "cable" => Filling(Small, Wide, 3),
        "transistor" => Filling(Large, Large, 3),
        "carpet" or "leather" => Filling(Large, Large, 4),
        "grid" or "tile" => Filling(Small, Wide, 4),
        "wood" => Filling(Small, Fixed, 4),
        _ => new(),
    };

    private static MrkdOptions Bright(ExtentBounds rows, ExtentBounds columns, int patches, double minimalObject) =>
        new() { Background = 200, BackgroundTolerance = 60, PatchRows = rows, PatchColumns = columns, Patches = patches, MinimalObject = minimalObject };

    private static MrkdOptions Dark(ExtentBounds rows, ExtentBounds columns, int patches, double minimalObject) =>
        new() { Background = 20, BackgroundTolerance = 20, PatchRows = rows, PatchColumns = columns, Patches = patches, MinimalObject = minimalObject };

    private static MrkdOptions Filling(ExtentBounds rows, ExtentBounds columns, int patches) =>
        new() { PatchRows = rows, PatchColumns = columns, Patches = patches };
}
