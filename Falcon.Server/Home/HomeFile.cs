using System.Text.Json;
using System.Text.Json.Serialization;

namespace Falcon.Server.Home;

/// <summary>Records as JSON files that are wholly there or not there.</summary>
internal static class HomeFile
{
    /// <summary>How the home's records are written, and what the server answers.</summary>
    public static JsonSerializerOptions Json { get; } = Configure(new(JsonSerializerDefaults.Web));

    /// <summary>Makes other settings write what these do.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        Detection.DetectorJson.Configure(options);
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.MaxDepth = 32;
        return options;
    }

    /// <summary>Writes or replaces a record; it is on the disk when this returns.</summary>
    public static void Write<T>(string path, T value) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, value, Json));

    /// <summary>The record of a file.</summary>
    /// <exception cref="InvalidInputException">It is missing or damaged.</exception>
    public static T Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Json) ?? throw new JsonException("it is null");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be read ({error.Message})", path, "Put a copy of it back, or remove the folder that it is in.");
        }
    }
}
