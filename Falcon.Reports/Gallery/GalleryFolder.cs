using Falcon.Data;
using Falcon.Imaging;
using Falcon.Protocol;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>Writes the pictures of cells: each photo and each mask once, whichever cells show it, and the heat maps of each cell.</summary>
public static class GalleryFolder
{
    private const int Quality = 88, DigestLetters = 16, LongestName = 160;

    /// <summary>Writes the gallery of one cell below <c>gallery/</c>.</summary>
    /// <param name="folder">The report's folder.</param>
    /// <param name="source">A cell with its <see cref="CellSource.CategoryFolder"/>.</param>
    /// <param name="pieces">What keeps pictures; null makes them anew.</param>
    /// <returns>The gallery; null without photos, and where the test images are of one class only, so that there is no threshold.</returns>
    /// <exception cref="InvalidInputException">A photo, mask or map cannot be read.</exception>
    public static CellGallery? Write(string folder, CellSource source, IReportPieces? pieces = null)
    {
        pieces ??= new FreshPieces();
        var cell = source.Cell;
        if (source.CategoryFolder is not { } place || cell.Ranking().F1Max is not { Threshold: var threshold })
            return null;
        List<Picture> pictures = [.. cell.Images.Select(image => new Picture(
            image, pieces.DigestOf(Path.Combine(place, image.Image)), image.MaskFile is { } mask ? DefectMask.DigestOf(Path.Combine(place, mask), pieces.DigestOf) : null))];
        var photos = pieces.Get("gallery-photos", Lines([.. pictures.Select(picture => $"{picture.Photo} {picture.Mask}"), .. MaskLevel(cell)]), folder, target => Photos(target, place, pictures, cell.Protocol.MaskThreshold));
        var gone = source.Folder is null ? null : pictures.Select(picture => picture.Image.MapFile).OfType<string>().FirstOrDefault(file => !source.Has(file));
        var heat = gone is null ? Heat(folder, source, place, pictures, pieces) : [];
        var files = MapFiles(cell);
        var items = pictures.Select(picture =>
        {
            var image = picture.Image;
            var margin = image.IsAnomalous ? threshold - image.Score : image.Score - threshold;
            var hasMap = heat.Count > 0 && image.MapFile is not null;
            return new GalleryItem(image, margin, image.Score >= threshold != image.IsAnomalous, picture.PhotoFile, picture.MaskFile, hasMap ? files[image.Image] : null);
        });
        return new CellGallery(cell, threshold, [.. items.OrderByDescending(item => item.IsWrong).ThenByDescending(item => item.Margin)], [.. photos.Files, .. heat], gone is null ? [] : [CellMaps.Collected(Path.Combine(source.Folder!, gone))]);
    }

    private static IEnumerable<string> MaskLevel(CellResult cell) => cell.Protocol.MaskThreshold?.Level is { } level ? [$"masks above {level}"] : [];

    private static ReportPiece Photos(string folder, string place, List<Picture> pictures, MaskThreshold? threshold)
    {
        HashSet<string> written = [];
        foreach (var picture in pictures)
        {
            if (!written.Add(picture.PhotoFile) && (picture.MaskFile is null || written.Contains(picture.MaskFile)))
                continue;
            var photo = ImagePanels.Photo(Path.Combine(place, picture.Image.Image));
            WriteJpeg(folder, picture.PhotoFile, photo);
            if (picture.MaskFile is { } mask && written.Add(mask))
                ImageFile.WritePng(Made(folder, mask), ImagePanels.Mask(Path.Combine(place, picture.Image.MaskFile!), photo, threshold));
        }
        return new ReportPiece([.. written], []);
    }

    private static IReadOnlyList<string> Heat(string folder, CellSource source, string place, List<Picture> pictures, IReportPieces pieces)
    {
        var kept = source.Folder is null ? [] : pictures.Where(picture => picture.Image.MapFile is not null).ToList();
        if (kept.Count == 0)
            return [];
        var maps = kept.Select(picture => picture.Image.MapFile!).Distinct().Select(file => CellMaps.Digest(source, file, pieces));
        var key = Lines(["one file for each image", Name(source.Cell), .. maps, .. pictures.Select(picture => $"{picture.Image.Image}\t{picture.Image.IsAnomalous}\t{picture.Image.MapFile}\t{picture.Photo}")]);
        return pieces.Get("gallery-maps", key, folder, target =>
        {
            var read = new CellMaps(source);
            var files = MapFiles(source.Cell);
            foreach (var picture in kept)
                WriteJpeg(target, files[picture.Image.Image], ImagePanels.Heat(picture.Image, read, ImagePanels.Photo(Path.Combine(place, picture.Image.Image)))!);
            return new ReportPiece([.. kept.Select(picture => files[picture.Image.Image])], []);
        }).Files;
    }

    private static void WriteJpeg(string folder, string file, RasterImage picture) => FileFault.WriteAllBytes(Made(folder, file), ImageFile.EncodeJpeg(picture, Quality));

    // The path, with its folder.
    private static string Made(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    // The files of heat maps by the names of the images; within a file's name there is room for them alone.
    private static Dictionary<string, string> MapFiles(CellResult cell) =>
        FileName.Stems([.. cell.Images.Select(image => image.Image)], ".jpg").ToDictionary(stem => stem.Key, stem => $"gallery/maps/{Name(cell)}/{stem.Value}.jpg");

    private static string Name(CellResult cell) => FileName.Shortened(
        string.Join('-', Apart(cell.Method.Title), $"{cell.Protocol.Shots}", Apart(cell.DataSet), Apart(cell.Category), $"seed{cell.Seed}"), LongestName);

    // Names that differ in capitals alone are apart on every file system.
    private static string Apart(string name) => FileName.Part(name, isShared: name.Any(char.IsUpper)).ToLowerInvariant();

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);

    private sealed record Picture(ImageOutcome Image, string Photo, string? Mask)
    {
        public string PhotoFile => $"gallery/photos/{Photo[..DigestLetters]}.jpg";

        public string? MaskFile => Mask is null ? null : $"gallery/masks/{Mask[..DigestLetters]}.png";
    }
}
