using System.Text.Json;
using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Weights;

namespace Falcon.Detection;

/// <summary>The model file: safetensors with the teacher's folded weights (prefix <c>teacher.</c>), the trained modules' weights (the method's own
/// prefixes) and the <see cref="DetectorCard"/> as JSON in its metadata.</summary>
internal static class DetectorFile
{
    private const string Format = "falcon.detector", Version = "1", Card = "card", TeacherPrefix = "teacher.";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static void Write(string path, Detector detector)
    {
        StoredTensor[] tensors =
        [
            .. detector.Network.Teacher.Tensors(TeacherPrefix),
            .. detector.Network.Parts.SelectMany(part => StateDict.Tensors(part.Module, $"{part.Prefix}.")),
        ];
        var metadata = new Dictionary<string, string> { [Format] = Version, [Card] = JsonSerializer.Serialize(detector.Card, Json) };
        SafetensorsWriter.Write(path, tensors, metadata);
    }

    public static Detector Read(string path, TorchSharp.torch.Device? device)
    {
        using var file = WeightFile.Open(path);
        var card = ReadCard(path);
        var teacher = Teacher.FromTensors(file, TeacherPrefix, card.Teacher, device);
        try
        {
            var network = card.Method.CreateNetwork(teacher, new MasterSeed(card.Seed));
            foreach (var (prefix, module) in network.Parts)
                StateDict.Load(module, file, $"{prefix}.");
            return new(card, network, ownsTeacher: true);
        }
        catch
        {
            teacher.Dispose();
            throw;
        }
    }

    private static DetectorCard ReadCard(string path)
    {
        using var file = SafetensorsFile.Open(path);
        if (!file.Metadata.TryGetValue(Format, out var version) || !file.Metadata.TryGetValue(Card, out var card))
            throw new InvalidInputException("is not a detector", path, "Give a file that 'falcon train' wrote.");
        if (version != Version)
            throw new InvalidInputException($"has detector format {version}; this Falcon reads {Version}", path, "Train it again, or use the Falcon that wrote it.");
        try
        {
            return JsonSerializer.Deserialize<DetectorCard>(card, Json) ?? throw new JsonException("the card is null");
        }
        catch (JsonException error)
        {
            throw new InvalidInputException($"has a damaged card ({error.Message})", path, "Train it again.");
        }
    }
}
