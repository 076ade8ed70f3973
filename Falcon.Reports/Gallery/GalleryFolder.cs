using Falcon.Imaging;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>Writes the pictures of cells: a strip per test image and a contact sheet per cell.</summary>
public static class GalleryFolder
{
    private const int ThumbnailQuality = 82;

    /// <summary>Writes the gallery of one cell below <c>gallery/</c>.</summary>
    /// <param name="folder">The report's folder.</param>
    /// <param name="source">A cell with its <see cref="CellSource.CategoryFolder"/>.</param>
    /// <returns>The gallery; null without photos, and where the test images are of one class only, so that there is no threshold.</returns>
    /// <exception cref="InvalidInputException">A photo, mask or map cannot be read.</exception>
    public static CellGallery? Write(string folder, CellSource source)
    {
        var cell = source.Cell;
        if (source.CategoryFolder is not { } categoryFolder || cell.Ranking().F1Max is not { Threshold: var threshold })
            return null;
        var place = $"gallery/{Name(cell)}";
        Directory.CreateDirectory(Path.Combine(folder, place));
        var maps = new CellMaps(source);
        List<(GalleryItem Item, RasterImage Thumbnail)> drawn = [];
        foreach (var image in cell.Images)
        {
            var strip = ImageStrip.Draw(categoryFolder, image, maps);
            var file = $"{place}/{Path.ChangeExtension(image.Image, null).Replace('/', '-')}.png";
            ImageFile.WritePng(Path.Combine(folder, file), strip);
            var thumbnail = strip.Resize(strip.Width / 2, strip.Height / 2, ResizeFilter.Bilinear);
            var isWrong = image.Score >= threshold != image.IsAnomalous;
            var margin = image.IsAnomalous ? threshold - image.Score : image.Score - threshold;
            drawn.Add((new GalleryItem(image, margin, isWrong, file, ImageFile.EncodeJpeg(thumbnail, ThumbnailQuality)), thumbnail));
        }
        drawn = [.. drawn.OrderByDescending(entry => entry.Item.IsWrong).ThenByDescending(entry => entry.Item.Margin)];
        var sheet = $"{place}/contact-sheet.png";
        ImageFile.WritePng(Path.Combine(folder, sheet), ContactSheet.Draw([.. drawn.Select(entry => (entry.Thumbnail, entry.Item.IsWrong))]));
        return new CellGallery(cell, threshold, [.. drawn.Select(entry => entry.Item)], sheet);
    }

    private static string Name(CellResult cell) =>
        string.Concat($"{cell.Method.Title}-{cell.Protocol.Shots}-{cell.DataSet}-{cell.Category}-seed{cell.Seed}".ToLowerInvariant()
            .Select(character => char.IsAsciiLetterOrDigit(character) || character == '-' ? character : '_'));
}
