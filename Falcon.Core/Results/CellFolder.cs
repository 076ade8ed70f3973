using System.Text.Encodings.Web;
using System.Text.Json;

namespace Falcon.Results;

/// <summary>A cell on disk: <c>cell.json</c> holds all of it, <c>scores.csv</c> its image scores for other programs.</summary>
public static class CellFolder
{
    /// <summary>The file that makes a folder a finished cell; it is written last.</summary>
    public const string CellFile = "cell.json";

    /// <summary>The file of image scores.</summary>
    public const string ScoresFile = "scores.csv";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Writes a cell; a cell that was there is replaced. Equal cells give equal bytes.</summary>
    /// <exception cref="InvalidInputException">The folder cannot be written.</exception>
    public static void Write(string folder, CellResult cell)
    {
        ScoresCsv.Write(Path.Combine(folder, ScoresFile), cell.Images);
        AtomicFile.Write(Path.Combine(folder, CellFile), stream => JsonSerializer.Serialize(stream, cell, Format));
    }

    /// <summary>Reads a cell.</summary>
    /// <exception cref="InvalidInputException">There is no finished cell, or its file is damaged.</exception>
    public static CellResult Read(string folder)
    {
        var path = Path.Combine(folder, CellFile);
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<CellResult>(stream, Format) ?? throw new JsonException("the file holds null");
        }
        catch (Exception error) when (error is JsonException or InvalidInputException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"is no readable cell ({error.Message})", path, "Run the cell again.");
        }
    }
}
