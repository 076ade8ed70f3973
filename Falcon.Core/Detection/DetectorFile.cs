using System.Text.Json;
using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Weights;

namespace Falcon.Detection;

/// <summary>The model file: safetensors with the teacher's folded weights (prefix <c>teacher.</c>), the trained modules' weights (the method's own
/// prefixes), the photos that it keeps (<see cref="KeptPhotos"/>), and the <see cref="DetectorCard"/> as JSON in its metadata.</summary>
internal static class DetectorFile
{
    private const string Format = "falcon.detector", Version = "1", Card = "card", TeacherPrefix = "teacher.";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <param name="path">The model file.</param>
    /// <param name="detector">The detector.</param>
    /// <param name="withTeacher">Whether the teacher's weights are written too.</param>
    public static void Write(string path, Detector detector, bool withTeacher)
    {
        StoredTensor[] tensors =
        [
            .. withTeacher ? detector.Network.Teacher.Tensors(TeacherPrefix) : [],
            .. detector.Network.Parts.SelectMany(part => StateDict.Tensors(part.Module, $"{part.Prefix}.")),
            .. detector.Photos is { } photos ? [photos.Tensor] : (StoredTensor[])[],
        ];
        var metadata = new Dictionary<string, string> { [Format] = Version, [Card] = ToJson(detector.Card) };
        if (detector.Photos is { } kept)
            metadata[KeptPhotos.Entry] = kept.Names;
        SafetensorsWriter.Write(path, tensors, metadata);
    }

    public static Detector Read(string path, TorchSharp.torch.Device? device)
    {
        using var file = WeightFile.Open(path);
        var card = ReadCard(path);
        var teacher = Teacher.FromTensors(file, TeacherPrefix, card.Teacher, device);
        try
        {
            return new(card, ReadNetwork(file, card, teacher), ownsTeacher: true) { Photos = KeptPhotos.Read(path) };
        }
        catch
        {
            teacher.Dispose();
            throw;
        }
    }

    public static Detector Read(string path, Teacher teacher)
    {
        using var file = WeightFile.Open(path);
        var card = ReadCard(path);
        if (!card.Teacher.IsSameTeacher(teacher.Provenance))
            throw new InvalidInputException(
                $"was trained with another teacher ({card.Teacher.Backbone}, {card.Teacher.Weights})", path, "Give the teacher that it was trained with.");
        return new(card, ReadNetwork(file, card, teacher), ownsTeacher: false) { Photos = KeptPhotos.Read(path) };
    }

    private static AnomalyNetwork ReadNetwork(WeightFile file, DetectorCard card, Teacher teacher)
    {
        var network = card.Method.CreateNetwork(teacher, new MasterSeed(card.Seed));
        try
        {
            network.Load(file);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>A part of a card as it stands in files.</summary>
    public static string ToJson<T>(T value) => JsonSerializer.Serialize(value, Json);

    /// <summary>Whether a finding is about files that only training read: a detector stands alone.</summary>
    private static bool IsOfTraining(Finding finding, MethodOptions method) =>
        new[] { method.FurtherFile, method.FurtherImages }.OfType<string>().Any(path =>
            finding.What.Contains(path, StringComparison.Ordinal) || finding.Where.Contains(path, StringComparison.Ordinal));

    /// <summary>An option of a later version changes what the model says: read without it, it would say something else.</summary>
    private static string? Unknown(string card, MethodOptions method)
    {
        using var document = JsonDocument.Parse(card);
        var known = MethodJson.WriteAll(method);
        return document.RootElement.EnumerateObject().Where(part => IsSame(part.Name, nameof(method))).SelectMany(part => part.Value.EnumerateObject())
            .Select(option => option.Name).FirstOrDefault(option => !known.Any(one => IsSame(one.Key, option)));

        static bool IsSame(string first, string second) => first.Equals(second, StringComparison.OrdinalIgnoreCase);
    }

    public static DetectorCard ReadCard(string path)
    {
        using var file = SafetensorsFile.Open(path);
        if (!file.Metadata.TryGetValue(Format, out var version) || !file.Metadata.TryGetValue(Card, out var card))
            throw new InvalidInputException("is not a detector", path, "Give a file that 'falcon train' wrote.");
        if (version != Version)
            throw new InvalidInputException($"has detector format {version}; this Falcon reads {Version}", path, "Train it again, or use the Falcon that wrote it.");
        try
        {
            var read = JsonSerializer.Deserialize<DetectorCard>(card, Json) ?? throw new JsonException("the card is null");
            read = read with { Teacher = read.Teacher with { Backbone = BackboneCatalog.Current(read.Teacher.Backbone) } };
            if (double.IsNaN(read.Threshold))
                throw new JsonException("its threshold is no number");
            if (Unknown(card, read.Method) is { } option)
                throw new InvalidInputException(
                    $"was trained with the option {option}, which this Falcon does not know for {read.Method.DisplayName}", path, "Use the Falcon that wrote it, or train it again.");
            return read.Method.Check().FirstOrDefault(finding => !IsOfTraining(finding, read.Method)) is { } fault ? throw new JsonException(fault.ToString()) : read;
        }
        catch (JsonException error)
        {
            throw new InvalidInputException($"has a damaged card ({error.Message})", path, "Train it again.");
        }
    }
}
