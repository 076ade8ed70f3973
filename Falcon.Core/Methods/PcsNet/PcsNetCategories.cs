namespace Falcon.Methods;

/// <summary>The patches of the categories of MVTec AD and MPDD (specification, section 4), and which parts lie at any angle (section 3.1).</summary>
internal static class PcsNetCategories
{
    private static readonly ExtentBounds Small = new(0.01, 0.05), Wide = new(0.01, 0.1), Large = new(0.03, 0.4);

    /// <summary>The published settings of a category, the defaults of an unknown one.</summary>
    public static PcsNetOptions Of(string category) =>
        category is "grid" or "screw" or "bracket_black" or "bracket_brown" or "tubes" ? new(Patches(category)) { Rotating = true } : Patches(category);

    private static PcsNetOptions Patches(string category) => category switch
    {
        "bottle" => Before(200, 60, Large, Large, 1, 0.7),
        "zipper" => Before(200, 60, Large, Large, 3, 0.7),
        "capsule" => Before(200, 60, Small, Small, 1, 0.7),
        "screw" => Before(200, 60, Small, Small, 1, 0.5),
        "hazelnut" => Before(20, 20, Small, Wide, 3, 0.7),
        "pill" => Before(20, 20, Small, Wide, 2, 0.7),
        "metal_nut" => Before(20, 20, Large with { Low = 0.05 }, Large with { Low = 0.05 }, 1, 0.5),
        "toothbrush" => Before(20, 20, Small, Small, 3, 0.25),
        "bracket_white" => Before(130, 60, Large, Large, 1, 0.7),
        "cable" => Filling(Small, Small, 3),
        "transistor" => Filling(Large, Large, 3),
        "carpet" => Filling(Large, Large, 2),
        "grid" => Filling(Small, Wide, 3),
        "leather" => Filling(Small, Small, 3),
        "tile" => Filling(Small, Wide, 1),
        "wood" => Filling(Small, Small, 3),
        "bracket_black" => Filling(Small, Small, 1),
        "bracket_brown" => Filling(Small, Small, 3),
        _ => new(),
    };

    private static PcsNetOptions Before(double background, double tolerance, ExtentBounds rows, ExtentBounds columns, int patches, double minimalObject) => new()
    {
        Background = background,
        BackgroundTolerance = tolerance,
        PatchRows = rows,
        PatchColumns = columns,
        Patches = patches,
        MinimalObject = minimalObject,
    };

    private static PcsNetOptions Filling(ExtentBounds rows, ExtentBounds columns, int patches) =>
        new() { PatchRows = rows, PatchColumns = columns, Patches = patches };
}
