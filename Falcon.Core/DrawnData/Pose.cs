using System.Numerics;

namespace Falcon.DrawnData;

/// <summary>Where a part lies in the picture: part coordinates (units, origin at the part's centre) to picture coordinates (units, 256 across).</summary>
internal sealed class Pose
{
    private readonly Matrix3x2 _toPicture;
    private readonly Matrix3x2 _toPart;

    /// <param name="centre">The part's centre in the picture.</param>
    /// <param name="angle">Rotation in radians.</param>
    /// <param name="scale">Picture units per part unit.</param>
    public Pose(Vector2 centre, float angle, float scale)
    {
        Angle = angle;
        Scale = scale;
        _toPicture = Matrix3x2.CreateScale(scale) * Matrix3x2.CreateRotation(angle) * Matrix3x2.CreateTranslation(centre);
        Matrix3x2.Invert(_toPicture, out _toPart);
    }

    public float Angle { get; }

    public float Scale { get; }

    public Vector2 ToPicture(Vector2 point) => Vector2.Transform(point, _toPicture);

    public Vector2 ToPart(Vector2 point) => Vector2.Transform(point, _toPart);
}
