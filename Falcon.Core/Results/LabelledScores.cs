using System.Globalization;
using Falcon.Metrics;

namespace Falcon.Results;

/// <summary>Anybody's image scores: a CSV file whose first line names the columns <c>path</c> (or <c>image</c>), <c>label</c> (1 anomalous, 0 normal) and
/// <c>score</c> (finite, higher is more anomalous), in any order and among others.</summary>
public static class LabelledScores
{
    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read, lacks a column or has faulty lines; all are named.</exception>
    public static ImageRanking Read(string path)
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
        var header = lines.Length == 0 ? [] : Csv.Fields(lines[0]).Select(name => name.Trim().ToLowerInvariant()).ToList();
        var (name, label, score) = (header.FindIndex(column => column is "path" or "image"), header.IndexOf("label"), header.IndexOf("score"));
        if (name < 0 || label < 0 || score < 0)
            throw new InvalidInputException("its first line does not name the columns path, label and score", path, "Start the file with path,label,score.");

        List<double> scores = [];
        List<bool> labels = [];
        List<Finding> findings = [];
        HashSet<string> seen = [];
        for (var i = 1; i < lines.Length; i++)
        {
            var fields = Csv.Fields(lines[i]);
            if (fields.Count != header.Count || fields[label] is not ("0" or "1")
                || !double.TryParse(fields[score], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
                findings.Add(new Finding($"'{lines[i]}' is no image with its label and score", $"{path}:{i + 1}", "Give label 0 or 1 and a finite score."));
            else if (!seen.Add(fields[name]))
                findings.Add(new Finding($"'{fields[name]}' is there twice", $"{path}:{i + 1}", "Give each image once."));
            else
            {
                scores.Add(value);
                labels.Add(fields[label] == "1");
            }
        }
        return findings.Count == 0 ? new ImageRanking(scores, labels) : throw new InvalidInputException(findings);
    }
}
