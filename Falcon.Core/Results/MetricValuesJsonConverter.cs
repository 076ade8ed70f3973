using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Falcon.Metrics;

namespace Falcon.Results;

/// <summary>Metric values as one object, in their order: <c>{"imageAuroc": 0.98, "aupro@0.3": null}</c>. A metric that Falcon does not bring carries its words, so
/// that results can be shown by a program that does not know it: <c>{"value": 0.9, "title": "…", "variant": "…", "needsMaps": false}</c>.</summary>
internal sealed class MetricValuesJsonConverter : JsonConverter<IReadOnlyList<MetricValue>>
{
    public override IReadOnlyList<MetricValue> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (JsonNode.Parse(ref reader) is not JsonObject values)
            throw new JsonException("metrics are an object of names and values");
        try
        {
            return [.. values.Select(entry => entry.Value is JsonObject described
                ? new MetricValue(Recorded(entry.Key, described), (double?)described["value"])
                : new MetricValue(Metric.Parse(entry.Key), (double?)entry.Value))];
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException)
        {
            throw new JsonException(error.Message);
        }
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<MetricValue> values, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (metric, value) in values)
        {
            writer.WritePropertyName(metric.Name);
            if (MetricDefinitions.TryParse(metric.Name) is null)
                new JsonObject { ["value"] = value, ["title"] = metric.Title, ["variant"] = metric.Variant, ["needsMaps"] = metric.NeedsMaps }.WriteTo(writer);
            else if (value is { } number)
                writer.WriteNumberValue(number);
            else
                writer.WriteNullValue();
        }
        writer.WriteEndObject();
    }

    private static Metric Recorded(string name, JsonObject described) =>
        Metric.Recorded(name, (string?)described["title"] ?? name, (string?)described["variant"], (bool?)described["needsMaps"] ?? false);
}
