using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Falcon.Backbones;

namespace Falcon.Methods;

/// <summary>Options as JSON: the method's name under <c>method</c>, then every property that has a setter, in camel case, enumerations by their names.</summary>
public static class MethodJson
{
    private const string Method = "method", Backbone = "backbone";

    private static readonly JsonSerializerOptions Brief = Format(complete: false), Complete = Format(complete: true);

    /// <summary>The options, those left out that are absent in older files and have their default.</summary>
    public static JsonObject Write(MethodOptions options) => Node(options, Brief);

    /// <summary>Every option.</summary>
    public static JsonObject WriteAll(MethodOptions options) => Node(options, Complete);

    /// <summary>Reads options; what is absent has its default, and a backbone of an earlier name its present one.</summary>
    /// <exception cref="JsonException">It is no method's JSON, or a value has another type.</exception>
    /// <exception cref="InvalidInputException">There is no such method.</exception>
    public static MethodOptions Read(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(Method, out var name) && name.ValueKind == JsonValueKind.String
            ? WithPresentNames((MethodOptions)json.Deserialize(MethodCatalog.Find(name.GetString()!).GetType(), Brief)!)
            : throw new JsonException("the name of the method is missing");

    private static MethodOptions WithPresentNames(MethodOptions stored) =>
        BackboneCatalog.Current(stored.Backbone) is var current && current != stored.Backbone ? stored.TaughtBy(current) : stored;

    /// <summary>Reads options of a known type; otherwise as <see cref="Read(JsonElement)"/>.</summary>
    public static MethodOptions Read(JsonObject json, Type type) => (MethodOptions)json.Deserialize(type, Brief)!;

    /// <summary>A copy with another value of one option, by its name in JSON.</summary>
    /// <param name="options">The options.</param>
    /// <param name="name">As <see cref="WriteAll"/> has it, for example <c>inputSize</c>.</param>
    /// <param name="value">The value as JSON.</param>
    /// <exception cref="JsonException">The value has another type.</exception>
    /// <exception cref="ArgumentException">There is no such option.</exception>
    public static MethodOptions Set(MethodOptions options, string name, JsonNode? value)
    {
        var json = WriteAll(options);
        if (name == Method || !json.ContainsKey(name))
            throw new ArgumentException($"{options.DisplayName} has no option '{name}'.", nameof(name));
        json[name] = value;
        var changed = Read(json, options.GetType()).Named(options.Label);
        return name == Backbone ? changed : changed.TaughtAs(options);
    }

    private static JsonObject Node(MethodOptions options, JsonSerializerOptions format)
    {
        var json = JsonSerializer.SerializeToNode(options, options.GetType(), format)!.AsObject();
        json.Insert(0, Method, options.Name);
        return json;
    }

    private static JsonSerializerOptions Format(bool complete)
    {
        var resolver = new DefaultJsonTypeInfoResolver();
        resolver.Modifiers.Add(kind =>
        {
            if (!typeof(MethodOptions).IsAssignableFrom(kind.Type))
                return;
            foreach (var property in kind.Properties.Where(property => property.Set is null).ToArray())
                kind.Properties.Remove(property);
            foreach (var property in kind.Properties.Where(_ => complete))
                property.ShouldSerialize = null;
        });
        return new(JsonSerializerDefaults.Web) { TypeInfoResolver = resolver, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };
    }
}
