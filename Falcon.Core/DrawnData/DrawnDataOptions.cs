namespace Falcon.DrawnData;

/// <summary>What to draw.</summary>
/// <param name="Seed">Equal seeds give equal pixels.</param>
/// <param name="Size">Width and height of every image in pixels, at least 16.</param>
/// <param name="TrainCount">Good training images per category.</param>
/// <param name="TestGoodCount">Good test images per category.</param>
/// <param name="TestDefectCount">Test images per kind of defect.</param>
/// <param name="Categories">Names of scenes (see <see cref="Scene.All"/>); null for all.</param>
public sealed record DrawnDataOptions(
    long Seed = 0, int Size = 256, int TrainCount = 20, int TestGoodCount = 20, int TestDefectCount = 6, IReadOnlyList<string>? Categories = null);
