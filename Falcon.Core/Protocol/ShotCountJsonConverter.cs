using System.Text.Json;
using System.Text.Json.Serialization;

namespace Falcon.Protocol;

/// <summary>A number of shots as a number, or <c>"all"</c>.</summary>
internal sealed class ShotCountJsonConverter : JsonConverter<ShotCount>
{
    public override ShotCount Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var count) && count >= 0)
            return ShotCount.Of(count);
        return reader.TokenType == JsonTokenType.String && reader.ValueTextEquals($"{ShotCount.All}")
            ? ShotCount.All
            : throw new JsonException($"a number of shots is a positive number or \"{ShotCount.All}\"");
    }

    public override void Write(Utf8JsonWriter writer, ShotCount value, JsonSerializerOptions options)
    {
        if (value.Number is { } count)
            writer.WriteNumberValue(count);
        else
            writer.WriteStringValue($"{value}");
    }
}
