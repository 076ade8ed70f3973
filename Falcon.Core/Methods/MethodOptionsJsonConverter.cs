using System.Text.Json;
using System.Text.Json.Serialization;

namespace Falcon.Methods;

/// <summary>Options of whatever method as <see cref="MethodJson"/> within another value.</summary>
internal sealed class MethodOptionsJsonConverter : JsonConverter<MethodOptions>
{
    public override MethodOptions Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        return MethodJson.Read(json.RootElement);
    }

    public override void Write(Utf8JsonWriter writer, MethodOptions value, JsonSerializerOptions options) => MethodJson.Write(value).WriteTo(writer);
}
