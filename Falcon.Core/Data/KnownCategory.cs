namespace Falcon.Data;

/// <summary>A category of a published data set, as published.</summary>
/// <param name="Name">The name of its folder.</param>
/// <param name="Train">Normal images to learn from.</param>
/// <param name="TestGood">Normal images to test on.</param>
/// <param name="TestAnomalous">Anomalous images to test on.</param>
/// <param name="Validation">Normal images to choose settings with; 0 where the data set has none.</param>
/// <param name="Width">Width of the images in pixels; null when they differ or it is not known.</param>
/// <param name="Height">Height of the images in pixels; null when they differ or it is not known.</param>
/// <param name="Gray">Whether the files hold one channel.</param>
/// <param name="Texture">Whether the data set counts it among its textures.</param>
/// <param name="Defects">The kinds of defect, by the names of their folders; null where they are not told apart.</param>
public sealed record KnownCategory(
    string Name,
    int Train,
    int TestGood,
    int TestAnomalous,
    int Validation = 0,
    int? Width = null,
    int? Height = null,
    bool Gray = false,
    bool Texture = false,
    IReadOnlyList<string>? Defects = null);
