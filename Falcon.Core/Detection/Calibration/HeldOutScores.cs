namespace Falcon.Detection;

/// <summary>Scores of good photos that the scoring model had not seen.</summary>
/// <param name="Way">How they were had.</param>
/// <param name="Scores">One for each photo, in the order of the training images; of views, several for each.</param>
public sealed record HeldOutScores(CalibrationWay Way, IReadOnlyList<double> Scores);
