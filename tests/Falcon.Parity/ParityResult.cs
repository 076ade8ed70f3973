namespace Falcon.Parity;

/// <summary>One compared tensor of a fixture.</summary>
/// <param name="File">The fixture's file, relative to the replayed folder.</param>
/// <param name="Tensor">The tensor's name in that file.</param>
/// <param name="Error">How far the computed tensor is from the stored one, in the unit of <paramref name="Measure"/>; NaN fails.</param>
/// <param name="Tolerance">The largest error allowed.</param>
/// <param name="Measure">What the error is: for example "relative", "levels" or "exact".</param>
public sealed record ParityResult(string File, string Tensor, double Error, double Tolerance, string Measure)
{
    /// <summary>True when the error is a number within the tolerance.</summary>
    public bool Passed => Error <= Tolerance;
}
