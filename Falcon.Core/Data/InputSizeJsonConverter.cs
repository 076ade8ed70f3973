using System.Text.Json;
using System.Text.Json.Serialization;

namespace Falcon.Data;

/// <summary>A square as a number, another size as its text.</summary>
internal sealed class InputSizeJsonConverter : JsonConverter<InputSize>
{
    public override InputSize Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var side))
            return InputSize.Square(side);
        try
        {
            return InputSize.Parse(reader.TokenType == JsonTokenType.String ? reader.GetString()! : "");
        }
        catch (InvalidInputException error)
        {
            throw new JsonException(error.Message);
        }
    }

    public override void Write(Utf8JsonWriter writer, InputSize value, JsonSerializerOptions options)
    {
        if (value.IsSquare)
            writer.WriteNumberValue(value.Width);
        else
            writer.WriteStringValue(value.ToString());
    }
}
