using System.Text.Json;
using Falcon.Backbones;
using Falcon.Data;
using Falcon.Imaging;
using Falcon.Methods;
using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Detection;

/// <summary>The photos that a detector learnt from as its network saw them, 8-bit pictures of the input's size: a method that trains needs them again to learn further.</summary>
/// <param name="Inputs">RGB, with the names that select their random streams; of a photo that is seen in tiles, each tile.</param>
internal sealed record KeptPhotos(IReadOnlyList<(string Name, RasterImage Picture)> Inputs)
{
    /// <summary>Of more than this nothing is kept: a detector stays a file that can be sent.</summary>
    public const long MostBytes = 16 << 20;

    /// <summary>The name of tensor and metadata in a model file.</summary>
    public const string Entry = "photos";

    /// <summary>The photos of a training; null where they would take more than <see cref="MostBytes"/>.</summary>
    /// <param name="photos">In the order of the training.</param>
    /// <param name="preprocessing">How an image becomes an input.</param>
    /// <exception cref="InvalidInputException">A photo cannot be read.</exception>
    public static KeptPhotos? Of(IReadOnlyList<ImageItem> photos, Preprocessing preprocessing)
    {
        return photos.Sum(Inputs) * 3L * preprocessing.Width * preprocessing.Height > MostBytes
            ? null
            : new([.. photos.AsParallel().AsOrdered().SelectMany(Read)]);

        int Inputs(ImageItem photo) =>
            preprocessing.Tiling is not null && ImageFile.ReadShape(photo.Path) is var shape ? preprocessing.InputsOf(shape.Width, shape.Height) : 1;

        IEnumerable<(string, RasterImage)> Read(ImageItem photo) => preprocessing.Inputs(preprocessing.Resize(preprocessing.Read(photo)))
            .Select((picture, tile) => (preprocessing.Tiling is null ? photo.RelativeName : $"{photo.RelativeName} {tile}", picture));
    }

    /// <summary>These and others; null where they would take more than <see cref="MostBytes"/>.</summary>
    public KeptPhotos? With(KeptPhotos? others)
    {
        KeptPhotos? all = others is null ? null : new([.. Inputs, .. others.Inputs]);
        return all?.Inputs.Sum(input => (long)input.Picture.Pixels.Length) <= MostBytes ? all : null;
    }

    /// <summary>What a method needs of each, in their order; outside of every dispose scope.</summary>
    /// <param name="preprocessing">That of the method.</param>
    /// <param name="teacher">The frozen teacher.</param>
    /// <param name="needs">What is wanted of each.</param>
    public IEnumerable<ImageInput> Load(Preprocessing preprocessing, Teacher teacher, InputNeeds needs) => Inputs.Select(input =>
    {
        var (name, picture) = input;
        var values = tensor(preprocessing.Normalise(picture), [3, picture.Height, picture.Width], device: CPU);
        var image = new LoadedImage(new("", name, "", IsAnomalous: false), values, picture.Width, picture.Height);
        return ComputedInputs.Compute(teacher, image, preprocessing, needs, () => picture);
    });

    /// <summary>For a model file: (n, H, W, 3) uint8.</summary>
    public StoredTensor Tensor => StoredTensor.Of(
        Entry, [.. Inputs.SelectMany(input => input.Picture.Pixels)], Inputs.Count, Inputs[0].Picture.Height, Inputs[0].Picture.Width, 3);

    /// <summary>For the metadata of a model file: the names as JSON.</summary>
    public string Names => JsonSerializer.Serialize(Inputs.Select(input => input.Name));

    /// <summary>What a model file holds; null where it holds no photos.</summary>
    /// <exception cref="InvalidInputException">The file is missing or damaged.</exception>
    public static KeptPhotos? Read(string path)
    {
        using var file = SafetensorsFile.Open(path);
        if (!file.Metadata.TryGetValue(Entry, out var text))
            return null;
        var (names, entry) = (NamesIn(text), file.Entry(Entry));
        if (entry is not { Type: ElementType.UInt8, Shape: [var count, var height and > 0, var width and > 0, 3] } || names?.Length != count)
            throw new InvalidInputException("has damaged photos", path, "Train it again.");
        var pictures = file.Bytes(Entry).ToArray().Chunk((int)(height * width * 3));
        return new([.. names.Zip(pictures, (name, pixels) => (name, new RasterImage((int)width, (int)height, 3, pixels)))]);
    }

    private static string[]? NamesIn(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
