namespace Falcon.Detection;

/// <summary>Where a detector's images come from.</summary>
/// <param name="DataSet">Name of the data set.</param>
/// <param name="Category">Name of the category.</param>
/// <param name="Sampler">How the images were chosen, as the sampler prints itself.</param>
public sealed record DetectorSource(string DataSet, string Category, string Sampler);
