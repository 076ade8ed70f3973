using System.Numerics;
using System.Runtime.Intrinsics;

namespace Falcon.Imaging;

/// <summary>Undoes the prediction of a PNG row (PNG specification, section 9).</summary>
internal static class PngFilter
{
    /// <summary>Bytes that must be allotted behind the end of both rows.</summary>
    public const int Slack = 4;

    /// <summary>Rebuilds <paramref name="row"/> in place.</summary>
    /// <param name="filter">The row's filter number.</param>
    /// <param name="row">The filtered bytes, then <see cref="Slack"/> bytes.</param>
    /// <param name="above">The rebuilt row above, zero for the first one, then <see cref="Slack"/> bytes.</param>
    /// <param name="step">Bytes of a whole pixel, at least 1.</param>
    /// <exception cref="InvalidDataException">There is no such filter.</exception>
    public static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        var length = row.Length - Slack;
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (var i = step; i < length; i++) row[i] += row[i - step];
                break;
            case 2:
                AddAbove(row[..length], above);
                break;
            case 3:
                for (var i = 0; i < step; i++) row[i] += (byte)(above[i] >> 1);
                for (var i = step; i < length; i++) row[i] += (byte)((row[i - step] + above[i]) >> 1);
                break;
            case 4 when step is 3 or 4:
                PaethByPixel(row, above, step);
                break;
            case 4:
                for (var i = 0; i < Math.Min(step, length); i++) row[i] += above[i];
                for (var i = step; i < length; i++) row[i] += Paeth(row[i - step], above[i], above[i - step]);
                break;
            default:
                throw new InvalidDataException($"its PNG data are damaged (row filter {filter})");
        }
    }

    private static void AddAbove(Span<byte> row, ReadOnlySpan<byte> above)
    {
        var i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count) (new Vector<byte>(row[i..]) + new Vector<byte>(above[i..])).CopyTo(row[i..]);
        for (; i < row.Length; i++) row[i] += above[i];
    }

    private static byte Paeth(int left, int above, int corner)
    {
        var (toLeft, toAbove, toCorner) = (Math.Abs(above - corner), Math.Abs(left - corner), Math.Abs(left + above - 2 * corner));
        return (byte)(toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner);
    }

    // Every pixel depends on the one before it, so that only the channels of a pixel can be computed side by side.
    private static void PaethByPixel(Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        Vector128<short> left = default, corner = default;
        for (var i = 0; i < row.Length - Slack; i += step)
        {
            var up = Widen(above[i..]);
            var toLeft = Vector128.Abs(up - corner);
            var toAbove = Vector128.Abs(left - corner);
            var toCorner = Vector128.Abs(left + up - corner - corner);
            var nearest = Vector128.Min(toLeft, Vector128.Min(toAbove, toCorner));
            var prediction = Vector128.ConditionalSelect(Vector128.Equals(toLeft, nearest), left,
                Vector128.ConditionalSelect(Vector128.Equals(toAbove, nearest), up, corner));
            left = (Widen(row[i..]) + prediction) & Vector128.Create((short)0xFF);
            corner = up;
            var pixel = Vector128.Narrow(left.AsUInt16(), left.AsUInt16()).AsUInt32().ToScalar();
            row[i] = (byte)pixel;
            row[i + 1] = (byte)(pixel >> 8);
            row[i + 2] = (byte)(pixel >> 16);
            if (step == 4) row[i + 3] = (byte)(pixel >> 24);
        }
    }

    private static Vector128<short> Widen(ReadOnlySpan<byte> pixel) =>
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(BitConverter.ToUInt32(pixel)).AsByte()).AsInt16();
}
