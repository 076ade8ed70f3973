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
        AtomicFile.Write(Path.Combine(folder, CellFile), stream => stream.Write(Json(cell)));
    }

    /// <summary>The content of <c>cell.json</c>, UTF-8.</summary>
    public static byte[] Json(CellResult cell) => JsonSerializer.SerializeToUtf8Bytes(cell, Format);

    /// <summary>Reads a cell.</summary>
    /// <exception cref="InvalidInputException">There is no finished cell, or its file is damaged.</exception>
    public static CellResult Read(string folder) => ReadFile(Path.Combine(folder, CellFile));

    /// <summary>Reads a file with the content of <c>cell.json</c>.</summary>
    /// <exception cref="InvalidInputException">There is no such file, or it is damaged.</exception>
    public static CellResult ReadFile(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, error);
        }
    }

    /// <summary>Reads the content of <c>cell.json</c>.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <exception cref="InvalidInputException">It is damaged.</exception>
    public static CellResult Parse(byte[] json, string source)
    {
        try
        {
            return JsonSerializer.Deserialize<CellResult>(json, Format) ?? throw new JsonException("the file holds null");
        }
        catch (Exception error) when (error is JsonException or InvalidInputException)
        {
            throw Unreadable(source, error);
        }
    }

    private static InvalidInputException Unreadable(string source, Exception error) =>
        new($"is no readable cell ({error.Message})", source, "Run the cell again.");
}
