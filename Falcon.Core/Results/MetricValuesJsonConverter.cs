using System.Text.Json;
using System.Text.Json.Serialization;
using Falcon.Metrics;

namespace Falcon.Results;

/// <summary>Metric values as one object, in their order: <c>{"imageAuroc": 0.98, "aupro@0.3": null}</c>.</summary>
internal sealed class MetricValuesJsonConverter : JsonConverter<IReadOnlyList<MetricValue>>
{
    public override IReadOnlyList<MetricValue> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("metrics are an object of names and values");
        List<MetricValue> values = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var metric = Metric.Parse(reader.GetString()!);
            reader.Read();
            values.Add(new MetricValue(metric, reader.TokenType == JsonTokenType.Null ? null : reader.GetDouble()));
        }
        return values;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<MetricValue> values, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (metric, value) in values)
        {
            writer.WritePropertyName(metric.Name);
            if (value is { } number)
                writer.WriteNumberValue(number);
            else
                writer.WriteNullValue();
        }
        writer.WriteEndObject();
    }
}
