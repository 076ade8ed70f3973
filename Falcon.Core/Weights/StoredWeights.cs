namespace Falcon.Weights;

/// <summary>A weight file in the user's folder, or one that could be fetched into it.</summary>
/// <param name="Name">The name to ask for.</param>
/// <param name="FilePath">Where it is; null when it has not been fetched.</param>
/// <param name="Known">Its entry in the catalogue; null for an imported file.</param>
public sealed record StoredWeights(string Name, string? FilePath, KnownWeights? Known);
