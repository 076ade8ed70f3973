using Falcon.Imaging;

namespace Falcon.Reports;

/// <summary>The first strips of a gallery on one picture, in reading order; a bar to the left of each is blue for a right decision and orange for a wrong one.</summary>
internal static class ContactSheet
{
    private const int Columns = 2, Rows = 12, Bar = 8, Gap = 12;

    private static readonly (byte, byte, byte) Right = (0x00, 0x72, 0xB2), Wrong = (0xD5, 0x5E, 0x00);

    /// <summary>Draws the sheet.</summary>
    /// <param name="strips">At least one; the first two dozen are shown.</param>
    public static RasterImage Draw(IReadOnlyList<(RasterImage Picture, bool IsWrong)> strips)
    {
        var shown = strips.Take(Columns * Rows).ToList();
        var (width, height) = (shown.Max(strip => strip.Picture.Width) + Bar + Gap, shown.Max(strip => strip.Picture.Height) + Gap);
        var rows = (shown.Count + Columns - 1) / Columns;
        var sheet = new Canvas(Math.Min(shown.Count, Columns) * width + Gap, rows * height + Gap, byte.MaxValue);
        for (var i = 0; i < shown.Count; i++)
        {
            var (left, top) = (Gap + i % Columns * width, Gap + i / Columns * height);
            sheet.Fill(left, top, Bar / 2, shown[i].Picture.Height, shown[i].IsWrong ? Wrong : Right);
            sheet.Paste(shown[i].Picture, left + Bar, top);
        }
        return sheet.Image;
    }
}
