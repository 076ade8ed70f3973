namespace Falcon.Detection;

/// <summary>What has become of a detector that was taught.</summary>
/// <param name="Lessons">The photos that are new to it, in their order.</param>
/// <param name="Earlier">Names of photos that it had been taught before, and was not taught again.</param>
/// <param name="Defects">The known defects: those that were given, then those that are remembered alone.</param>
/// <param name="ThresholdBefore">The threshold before.</param>
/// <param name="ThresholdAfter">The present one: higher where a photo would not pass otherwise.</param>
/// <param name="Epochs">Passes over all photos that it took; 0 of a method that takes none.</param>
/// <param name="Duration">The time for the photos, decoding and scoring included; not that for the known defects.</param>
public sealed record TeachingOutcome(
    IReadOnlyList<Lesson> Lessons, IReadOnlyList<string> Earlier, IReadOnlyList<DefectCheck> Defects, double ThresholdBefore, double ThresholdAfter, int Epochs, TimeSpan Duration);
