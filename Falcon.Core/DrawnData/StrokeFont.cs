using System.Numerics;

namespace Falcon.DrawnData;

/// <summary>A plotter font: capitals, digits and a few signs as strokes on a grid of 4 × 6 cells, y downwards.</summary>
internal static class StrokeFont
{
    public const float Width = 4, Height = 6, Advance = 5.6f;

    /// <summary>Polylines separated by blanks; every pair of digits is a grid point (x, y).</summary>
    private static readonly Dictionary<char, string> Glyphs = new()
    {
        ['A'] = "062046 1434",
        ['C'] = "4130100105163645",
        ['E'] = "40000646 0333",
        ['F'] = "400006 0333",
        ['I'] = "2026",
        ['L'] = "000646",
        ['N'] = "06004640",
        ['O'] = "103041453616050110",
        ['P'] = "06003041423303",
        ['S'] = "413010010213334445361605",
        ['T'] = "0040 2026",
        ['V'] = "002640",
        ['X'] = "0046 4006",
        ['Y'] = "002340 2326",
        ['0'] = "103041453616050110",
        ['1'] = "112026 1636",
        ['2'] = "01103041420646",
        ['3'] = "0110304142334445361605 1333",
        ['4'] = "36300444",
        ['5'] = "400002324345361605",
        ['6'] = "4130100105163645443303",
        ['7'] = "004016",
        ['9'] = "0516364541301001021343",
        ['-'] = "1333",
        ['.'] = "2626",
        ['/'] = "0640",
        [' '] = "",
    };

    /// <summary>The strokes of a letter as lines between grid points.</summary>
    /// <exception cref="KeyNotFoundException">The font has no such letter.</exception>
    public static IEnumerable<(Vector2 From, Vector2 To)> Strokes(char letter)
    {
        foreach (var polyline in Glyphs[letter].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            for (var k = 0; k + 3 < polyline.Length; k += 2)
                yield return (Point(polyline, k), Point(polyline, k + 2));
    }

    private static Vector2 Point(string polyline, int k) => new(polyline[k] - '0', polyline[k + 1] - '0');
}
