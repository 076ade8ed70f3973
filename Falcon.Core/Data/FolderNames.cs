using System.Text.Json;
using System.Text.Json.Serialization;
using Falcon.Protocol;

namespace Falcon.Data;

/// <summary>Where the images of a category lie, when it is laid out in nobody's way: what the file <see cref="FileName"/> says in the folder of the category or
/// beside several. All names are folders below that of the category.</summary>
/// <param name="Normal">Normal images to learn from.</param>
/// <param name="NormalTest">Other normal images, to test on.</param>
/// <param name="Abnormal">Anomalous images to test on: directly, or in a folder for each kind of defect.</param>
/// <param name="Masks">Masks, in the same folders as the anomalous images: <c>s_mask</c> or else <c>s</c> for image <c>s</c>, with any extension.</param>
/// <param name="MaskLevel">The gray value above which a mask means defect; null decides for every mask (<see cref="MaskThreshold"/>).</param>
/// <param name="Regions">Masks whose white is what is looked at, in the same folders as the images (<c>REGIONS/NORMAL/s.png</c> for <c>NORMAL/s.png</c>), named like masks of
/// defects; one in the folder itself, of any name, is for all images that have none of their own.</param>
public sealed record FolderNames(
    string Normal, string? NormalTest = null, string? Abnormal = null, string? Masks = null, byte? MaskLevel = null, string? Regions = null)
{
    /// <summary>The name of the file: JSON, with the fields of this record in camel case.</summary>
    public const string FileName = "falcon-data.json";

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>What the file in a folder says; null when there is none.</summary>
    /// <exception cref="InvalidInputException">It does not say it right.</exception>
    public static FolderNames? Of(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        try
        {
            var names = JsonSerializer.Deserialize<FolderNames>(File.ReadAllText(path), Strict) ?? throw new JsonException("it holds nothing");
            string?[] folders = [names.Normal, names.NormalTest, names.Abnormal, names.Masks, names.Regions];
            if (string.IsNullOrWhiteSpace(names.Normal))
                throw new JsonException("the field normal is missing");
            if (folders.OfType<string>().FirstOrDefault(name => Path.IsPathRooted(name) || name.Split('/', '\\').Contains("..")) is { } outside)
                throw new JsonException($"{outside} is not below the folder of the category");
            if (names.Regions is "." or "")
                throw new JsonException("regions is the folder of the images themselves");
            if (folders.OfType<string>().GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw new JsonException($"{twice.Key} stands for two things");
            return names;
        }
        catch (JsonException error)
        {
            throw new InvalidInputException(
                $"does not say where the images are: {error.Message}", path,
                "Write {\"normal\": \"FOLDER\", \"normalTest\": \"FOLDER\", \"abnormal\": \"FOLDER\", \"masks\": \"FOLDER\", \"regions\": \"FOLDER\"}; all but the first may be left out.");
        }
    }
}
