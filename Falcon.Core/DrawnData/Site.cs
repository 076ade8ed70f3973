using System.Numerics;

namespace Falcon.DrawnData;

/// <summary>A place of interest on a part, an upright box in part coordinates (units).</summary>
/// <param name="Centre">The middle of the box.</param>
/// <param name="HalfSize">Half its width and height.</param>
internal sealed record Site(Vector2 Centre, Vector2 HalfSize);
