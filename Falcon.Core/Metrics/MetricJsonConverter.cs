using System.Text.Json;
using System.Text.Json.Serialization;

namespace Falcon.Metrics;

/// <summary>A metric as its name.</summary>
internal sealed class MetricJsonConverter : JsonConverter<Metric>
{
    public override Metric Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => Metric.Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, Metric metric, JsonSerializerOptions options) => writer.WriteStringValue(metric.Name);

    public override Metric ReadAsPropertyName(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => Metric.Parse(reader.GetString()!);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, Metric metric, JsonSerializerOptions options) => writer.WritePropertyName(metric.Name);
}
