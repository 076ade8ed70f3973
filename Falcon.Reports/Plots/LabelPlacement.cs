namespace Falcon.Reports;

/// <summary>Finds room for short labels beside marks with vertical bars; all lengths are in centimetres from the lower left corner.</summary>
internal sealed class LabelPlacement
{
    private const double Letter = 0.17, Line = 0.26, Mark = 0.09, Bar = 0.06, Gap = 0.06;

    private readonly double _width, _height;
    private readonly List<(double Left, double Low, double Right, double High)> _taken = [];

    /// <param name="width">The room to the right.</param>
    /// <param name="height">The room upwards.</param>
    /// <param name="marks">Where the marks are, and how far their bars go to either side.</param>
    public LabelPlacement(double width, double height, IEnumerable<(double X, double Y, double Reach)> marks)
    {
        (_width, _height) = (width, height);
        foreach (var (x, y, reach) in marks)
        {
            _taken.Add((x - Mark, y - Mark, x + Mark, y + Mark));
            _taken.Add((x - Bar, y - reach, x + Bar, y + reach));
        }
    }

    /// <summary>The lower left corner of a label: to the right of its mark, if that is free, else to the left, beside an end of the bar, above or below it, or else where least
    /// is covered.</summary>
    public (double Left, double Low) Place(double x, double y, double reach, string label)
    {
        var length = Letter * label.Length;
        var (right, left, middle) = (x + Mark + Gap, x - Mark - Gap - length, x - length / 2);
        (double Left, double Low)[] places =
        [
            (right, y - Line / 2), (left, y - Line / 2), (right, y), (left, y), (right, y - Line), (left, y - Line),
            (middle, y + Math.Max(reach, Mark) + Gap), (middle, y - Math.Max(reach, Mark) - Gap - Line),
            (right, y + Line), (left, y + Line), (right, y - 2 * Line), (left, y - 2 * Line),
        ];
        var best = places.MinBy(place => Covered(place, length) + Outside(place, length));
        _taken.Add((best.Left, best.Low, best.Left + length, best.Low + Line));
        return best;
    }

    private double Covered((double Left, double Low) place, double length) => _taken.Sum(other =>
        Math.Max(0, Math.Min(place.Left + length, other.Right) - Math.Max(place.Left, other.Left))
        * Math.Max(0, Math.Min(place.Low + Line, other.High) - Math.Max(place.Low, other.Low)));

    private double Outside((double Left, double Low) place, double length) =>
        place.Left < 0 || place.Left + length > _width + 0.3 || place.Low < 0 || place.Low + Line > _height + 0.2 ? 1 : 0;
}
