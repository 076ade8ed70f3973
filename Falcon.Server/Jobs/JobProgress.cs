namespace Falcon.Server.Jobs;

/// <summary>How far a job's process is.</summary>
/// <param name="Phase"><c>waiting</c>, <c>loading</c>, <c>training</c>, <c>learning</c> or <c>saving</c>.</param>
/// <param name="Share">Of the whole work, 0 to 1; null where nothing is counted.</param>
/// <param name="Epoch">Passes of the present training that are finished.</param>
/// <param name="Epochs">Passes of the present training.</param>
/// <param name="Losses">Mean losses of the last pass by name.</param>
/// <param name="SecondsLeft">What the rest will take at this pace; null where nothing is known.</param>
internal sealed record JobProgress(
    string Phase, double? Share = null, int Epoch = 0, int Epochs = 0, IReadOnlyDictionary<string, double>? Losses = null, double? SecondsLeft = null);
