using System.Text.Json.Serialization;

namespace Falcon.Results;

/// <summary>What was said of one test image.</summary>
/// <param name="Image">The image file, relative to the category's folder, with forward slashes.</param>
/// <param name="Defect">The kind of defect (the folder's name); that of normal images for those.</param>
/// <param name="IsAnomalous">The truth.</param>
/// <param name="Score">The image score, higher is more anomalous.</param>
/// <param name="MaskFile">The mask, relative to the category's folder; null for normal images and where there is none.</param>
/// <param name="MapFile">The safetensors file, relative to the cell's folder, whose tensor named <paramref name="Image"/> is the anomaly map,
/// (H, W) float32 and covering the whole image; null when maps were not kept.</param>
/// <param name="RegionFile">A mask of its own of what was looked at, relative to the category's folder; null where there is none.</param>
public sealed record ImageOutcome(
    string Image, string Defect, bool IsAnomalous, double Score, string? MaskFile = null, string? MapFile = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RegionFile = null);
