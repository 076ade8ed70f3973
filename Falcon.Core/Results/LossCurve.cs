namespace Falcon.Results;

/// <summary>How one loss went down in training.</summary>
/// <param name="Name">Which loss, as figures name it, for example <c>reconstruction</c>.</param>
/// <param name="Values">Its mean over the steps of each epoch, the first epoch first.</param>
public sealed record LossCurve(string Name, IReadOnlyList<double> Values);
