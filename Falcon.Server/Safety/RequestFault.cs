using System.Text.Json;
using System.Text.RegularExpressions;

namespace Falcon.Server.Safety;

/// <summary>What is wrong with the values of a request, in the words of whoever sends them: fields and kinds of JSON, no types of this program.</summary>
internal static partial class RequestFault
{
    private const string Described = "GET /api/openapi.json describes what is expected.";

    /// <summary>Of a body of JSON that cannot be read.</summary>
    /// <param name="error">Why not.</param>
    /// <param name="type">What it should be.</param>
    public static Finding OfBody(JsonException error, Type? type)
    {
        if (type is null || error.InnerException is JsonException)
            return new($"the body is no JSON at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}", "body", Described);
        if (Nulls().Match(error.Message) is { Success: true } absent)
            return new("is missing, or null", JsonNamingPolicy.CamelCase.ConvertName(absent.Groups["field"].Value), Described);
        foreach (Match step in Steps().Matches(error.Path ?? ""))
        {
            if (step.Groups["place"].Success)
            {
                type = type.GetElementType() ?? type;
                continue;
            }
            var fields = type.GetProperties().ToDictionary(field => JsonNamingPolicy.CamelCase.ConvertName(field.Name), field => field.PropertyType, StringComparer.OrdinalIgnoreCase);
            if (!fields.TryGetValue(step.Groups["field"].Value, out var kind))
                return new("there is no such field", Where(error), $"There are: {string.Join(", ", fields.Keys)}.");
            type = kind;
        }
        return new($"is not {Kind(type)}", Where(error), Described);
    }

    /// <summary>Of a value in the query or path of a request.</summary>
    /// <param name="message">What ASP.NET says of it.</param>
    public static Finding OfQuery(string message) => Values().Match(message) is { Success: true } match
        ? new($"'{match.Groups["value"].Value}' is not {Kind(match.Groups["type"].Value)}", match.Groups["name"].Value, Described)
        : new(message, "request", Described);

    private static string Where(JsonException error) => error.Path is null or "$" ? "body"
        : Steps().Replace(error.Path[1..], step => step.Groups["place"].Success ? step.Value : $".{step.Groups["field"].Value}").TrimStart('.');

    private static string Kind(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        { IsArray: true } => "a list",
        var plain when plain == typeof(string) => "a text",
        var plain when plain.IsPrimitive => Kind(plain.Name),
        _ => "an object",
    };

    private static string Kind(string type) =>
        type.Contains("bool", StringComparison.OrdinalIgnoreCase) ? "true or false"
        : type.Contains("int64", StringComparison.OrdinalIgnoreCase) || type.Contains("long", StringComparison.OrdinalIgnoreCase) ? "a whole number"
        : type.Contains("int", StringComparison.OrdinalIgnoreCase) ? $"a whole number of at most {int.MaxValue}"
        : "a number";

    [GeneratedRegex("""\.(?<field>[^.\[]+)|\['(?<field>.*?)'\]|\[(?<place>\d+)\]""", RegexOptions.ExplicitCapture)]
    private static partial Regex Steps();

    [GeneratedRegex("(?:parameter|property) '(?<field>[^']+)' .*allow|missing required properties including: '(?<field>[^']+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Nulls();

    [GeneratedRegex("""^Failed to bind parameter "(?<type>\S+) (?<name>\w+)" from "(?<value>.*)"\.$""", RegexOptions.Singleline)]
    private static partial Regex Values();
}
