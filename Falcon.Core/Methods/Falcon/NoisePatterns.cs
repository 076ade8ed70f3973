namespace Falcon.Methods;

/// <summary>The shapes that FALCON pastes to imitate a defect (methods: spot 8×8, line 2–4 × 20–60, area 20–40 × 20–40 pixels).</summary>
[Flags]
public enum NoisePatterns
{
    /// <summary>A square of 8 pixels.</summary>
    Spot = 1,

    /// <summary>A thin upright or level bar.</summary>
    Line = 2,

    /// <summary>A rectangle.</summary>
    Area = 4,

    /// <summary>All three, the published setting.</summary>
    All = Spot | Line | Area,
}
