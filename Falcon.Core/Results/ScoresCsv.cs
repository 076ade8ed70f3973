using System.Globalization;
using System.Text;

namespace Falcon.Results;

/// <summary>Image scores as a CSV file with the columns <c>image,defect,label,score</c>; label is 1 for anomalous, 0 for normal.</summary>
public static class ScoresCsv
{
    private const string Header = "image,defect,label,score";

    /// <summary>Writes the file; scores keep every digit.</summary>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<ImageOutcome> images)
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (var image in images)
        {
            var score = image.Score.ToString("R", CultureInfo.InvariantCulture);
            text.Append(Csv.Line([image.Image, image.Defect, image.IsAnomalous ? "1" : "0", score])).Append('\n');
        }
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read, or has faulty lines; all are named.</exception>
    public static IReadOnlyList<ImageOutcome> Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be read ({error.Message})", path, "Check the path and its permissions.");
        }
        if (lines.Length == 0 || lines[0] != Header)
            throw new InvalidInputException("has another first line", path, $"Start the file with {Header}.");

        List<ImageOutcome> images = [];
        List<Finding> findings = [];
        for (var i = 1; i < lines.Length; i++)
        {
            if (Parsed(lines[i]) is { } image)
                images.Add(image);
            else
                findings.Add(new Finding($"'{lines[i]}' is no image with its score", $"{path}:{i + 1}", $"Give {Header} with label 0 or 1 and a finite score."));
        }
        return findings.Count == 0 ? images : throw new InvalidInputException(findings);
    }

    private static ImageOutcome? Parsed(string line)
    {
        var fields = Csv.Fields(line);
        return fields.Count == 4 && fields[2] is "0" or "1"
            && double.TryParse(fields[3], NumberStyles.Float, CultureInfo.InvariantCulture, out var score) && double.IsFinite(score)
            ? new ImageOutcome(fields[0], fields[1], fields[2] == "1", score)
            : null;
    }
}
