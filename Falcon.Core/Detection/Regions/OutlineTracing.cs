using Falcon.Imaging;

namespace Falcon.Detection;

/// <summary>Follows the boundaries of a mask's 8-connected parts along the edges of pixels, the part on the right hand: around parts clockwise as seen, around holes
/// counter-clockwise. Polygons enclose exactly the part's pixels; where pixels meet at a corner alone a polygon touches itself.</summary>
/// <param name="mask">Row by row with a border of zeros, 1 inside of parts; left edges that have been followed are marked by 2.</param>
/// <param name="stride">Pixels per row with the border.</param>
internal sealed class OutlineTracing(byte[] mask, int stride)
{
    private const byte Followed = 2;
    private const int Up = 0;

    // Where the next corner lies, going up, right, down or left; and the four pixels around a corner, seen from the lower right one: ahead on the left hand is the one of
    // the direction's own number, ahead on the right hand the next one.
    private readonly int[] _steps = [-stride, 1, stride, -1], _around = [-stride - 1, -stride, 0, -1];

    /// <summary>The polygon that the left edge of a pixel belongs to; null if it has been followed already.</summary>
    /// <param name="pixel">The index of a pixel inside whose left neighbour is outside: each boundary passes such an edge.</param>
    public List<PixelPoint>? From(int pixel)
    {
        if (mask[pixel] == Followed)
            return null;
        List<PixelPoint> corners = [];
        // A corner is named by the pixel to its lower right.
        var (start, direction) = (pixel + stride, Up);
        var corner = start;
        do
        {
            corner += _steps[direction];
            if (direction == Up)
                mask[corner] = Followed;
            var next = mask[corner + _around[direction]] != 0 ? direction + 3
                : mask[corner + _around[(direction + 1) % 4]] != 0 ? direction : direction + 1;
            if (next != direction)
                corners.Add(new(corner % stride - 1, corner / stride - 1));
            direction = next % 4;
        }
        while (corner != start || direction != Up);
        return corners;
    }
}
