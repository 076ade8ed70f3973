using System.Text.Json;
using System.Text.Json.Serialization;

namespace Falcon.Protocol;

/// <summary>A typed value as its text in JSON.</summary>
internal sealed class TextValueJsonConverter<T> : JsonConverter<T> where T : ITextValue<T>
{
    public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        T.Parse(reader.GetString() ?? throw new JsonException("a text is missing"));

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
