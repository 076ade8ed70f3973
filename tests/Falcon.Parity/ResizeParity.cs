using Falcon.Imaging;
using Falcon.Weights;

namespace Falcon.Parity;

/// <summary>Replays <c>resize/</c>: resizing and luma against Pillow's pixels, image files of every kind against the picture they hold.</summary>
public sealed class ResizeParity : IParitySuite
{
    private const double CmykMeanLevels = 2; // against the picture before its JPEG compression

    private static readonly string[] BrokenFiles = ["empty.png", "not_an_image.png", "truncated.png"];

    /// <inheritdoc/>
    public string Name => "resize";

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => ["resize.safetensors", "files.safetensors"];

    /// <inheritdoc/>
    public IEnumerable<ParityResult> Replay(string folder) => [.. ReplayResizing(folder), .. ReplayFiles(folder)];

    private static IEnumerable<ParityResult> ReplayResizing(string folder)
    {
        const string File = "resize.safetensors";
        using var fixture = SafetensorsFile.Open(Path.Combine(folder, File));
        foreach (var input in fixture.Names.Where(name => name.EndsWith(".input", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var picture = Picture(fixture, input);
            foreach (var result in new[] { "bilinear", "bicubic", "nearest", "gray", "gray_bilinear" })
            {
                var name = input.Replace("input", result, StringComparison.Ordinal);
                var expected = Picture(fixture, name);
                var actual = result switch
                {
                    "bilinear" => picture.Resize(expected.Width, expected.Height, ResizeFilter.Bilinear),
                    "bicubic" => picture.Resize(expected.Width, expected.Height, ResizeFilter.Bicubic),
                    "nearest" => picture.Resize(expected.Width, expected.Height, ResizeFilter.Nearest),
                    "gray" => picture.ToGray(),
                    _ => picture.ToGray().Resize(expected.Width, expected.Height, ResizeFilter.Bilinear),
                };
                foreach (var comparison in Close(File, name, actual, expected)) yield return comparison;
            }
        }
    }

    private static IEnumerable<ParityResult> ReplayFiles(string folder)
    {
        using var fixture = SafetensorsFile.Open(Path.Combine(folder, "files.safetensors"));
        var (rgb, gray, jpeg) = (Picture(fixture, "rgb"), Picture(fixture, "gray"), Picture(fixture, "jpg_rgb"));
        RasterImage Read(string file) => ImageFile.ReadRgb(Path.Combine(folder, "files", file));

        foreach (var file in new[] { "rgb.png", "rgb.bmp", "rgb.tif", "rgba.png" }) yield return Exact(file, "rgb", Read(file), rgb);
        yield return Exact("rgb.png", "gray", Read("rgb.png").ToGray(), gray);
        yield return Exact("gray.png", "gray", Read("gray.png"), gray);
        yield return Exact("palette.png", "palette_rgb", Read("palette.png"), Picture(fixture, "palette_rgb"));
        // The 16-bit file holds the red channel times 257.
        yield return Exact("gray16.png", "rgb", Read("gray16.png"), new RasterImage(rgb.Width, rgb.Height, 1, [.. rgb.Pixels.Where((_, i) => i % 3 == 0)]));
        foreach (var comparison in Close("rgb.jpg", "jpg_rgb", Read("rgb.jpg"), jpeg)) yield return comparison;
        foreach (var comparison in Close("exif_rotated.jpg", "jpg_rgb", Read("exif_rotated.jpg"), Clockwise(jpeg))) yield return comparison;
        yield return new ParityResult("files/cmyk.jpg", "rgb", Differences(Read("cmyk.jpg"), rgb).Mean, CmykMeanLevels, "mean levels");
        foreach (var file in BrokenFiles) yield return new ParityResult($"files/{file}", "error", IsRefused(Read, file) ? 0 : 1, 0, "refused by name");
    }

    private static RasterImage Picture(SafetensorsFile fixture, string name)
    {
        var shape = fixture.Entry(name).Shape;
        return new RasterImage((int)shape[1], (int)shape[0], shape.Count == 3 ? (int)shape[2] : 1, fixture.Bytes(name).ToArray());
    }

    private static RasterImage Clockwise(RasterImage picture)
    {
        var turned = new RasterImage(picture.Height, picture.Width, picture.Channels);
        for (var y = 0; y < turned.Height; y++)
        {
            for (var x = 0; x < turned.Width; x++)
            {
                var stored = ((picture.Height - 1 - x) * picture.Width + y) * picture.Channels;
                picture.Pixels.AsSpan(stored, picture.Channels).CopyTo(turned.Pixels.AsSpan((y * turned.Width + x) * picture.Channels));
            }
        }
        return turned;
    }

    private static ParityResult Exact(string file, string tensor, RasterImage actual, RasterImage expected) =>
        new($"files/{file}", tensor, Differences(actual, expected).Largest, 0, "exact");

    private static IEnumerable<ParityResult> Close(string file, string tensor, RasterImage actual, RasterImage expected)
    {
        if (!file.EndsWith(".safetensors", StringComparison.Ordinal)) file = $"files/{file}";
        var (largest, mean) = Differences(actual, expected);
        return [new ParityResult(file, tensor, largest, 1, "levels"), new ParityResult(file, tensor, mean, 0.02, "mean levels")];
    }

    // A gray picture is compared with every channel; pictures of different sizes have no difference.
    private static (double Largest, double Mean) Differences(RasterImage actual, RasterImage expected)
    {
        if ((actual.Width, actual.Height) != (expected.Width, expected.Height)) return (double.NaN, double.NaN);
        var channelsPerExpected = actual.Channels / expected.Channels;
        var (largest, sum) = (0, 0L);
        for (var i = 0; i < actual.Pixels.Length; i++)
        {
            var difference = Math.Abs(actual.Pixels[i] - expected.Pixels[i / channelsPerExpected]);
            (largest, sum) = (Math.Max(largest, difference), sum + difference);
        }
        return (largest, (double)sum / actual.Pixels.Length);
    }

    private static bool IsRefused(Func<string, RasterImage> read, string file)
    {
        try
        {
            read(file);
            return false;
        }
        catch (ImageFileException refusal)
        {
            return refusal.Message.Contains(file, StringComparison.Ordinal);
        }
    }
}
