namespace Falcon.Results;

/// <summary>Where the wall time of a cell went, in seconds.</summary>
/// <param name="Prepare">Decoding, teacher features and whatever else is computed once.</param>
/// <param name="Train">The training loop.</param>
/// <param name="Predict">Maps and scores of the test images.</param>
/// <param name="Evaluate">Metrics.</param>
public sealed record Timings(double Prepare, double Train, double Predict, double Evaluate);
