using System.Globalization;
using Falcon.Metrics;

namespace Falcon.Results;

/// <summary>Anybody's image scores: a CSV file whose first line names the columns <c>path</c> (or <c>image</c>), <c>label</c> (1 anomalous, 0 normal) and
/// <c>score</c> (finite, higher is more anomalous), in any order and among others. Between semicolons or tabs numbers may have a decimal comma.</summary>
public static class LabelledScores
{
    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read, lacks a column or has faulty lines; all are named.</exception>
    public static ImageRanking Read(string path)
    {
        if (Directory.Exists(path))
            throw new InvalidInputException("is a folder, and a file is read here", path, "Name a file of it.");
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be read ({error.Message})", path, "Check the path and its permissions.");
        }
        var table = Csv.Read(text);
        var header = table.Records.Count == 0 ? [] : table.Records[0].Fields.Select(name => name.Trim().ToLowerInvariant()).ToList();
        var (name, label, score) = (header.FindIndex(column => column is "path" or "image"), header.IndexOf("label"), header.IndexOf("score"));
        if (name < 0 || label < 0 || score < 0)
            throw new InvalidInputException("its first line does not name the columns path, label and score", path, "Start the file with path,label,score.");
        if (header.FirstOrDefault(column => column is "label" or "score" && header.Count(other => other == column) > 1) is { } twice)
            throw new InvalidInputException($"has two columns {twice}, and either may be meant", path, "Keep the one that is meant.");

        List<double> scores = [];
        List<bool> labels = [];
        List<Finding> findings = [];
        HashSet<string> seen = [];
        foreach (var (line, fields) in table.Records.Skip(1))
        {
            if (fields.Count != header.Count || fields[label].Trim() is not ("0" or "1") || !TryNumber(fields[score], table.Separator, out var value) || !double.IsFinite(value))
                findings.Add(new Finding(
                    $"'{string.Join(table.Separator, fields)}' is no image with its label and score", $"{path}:{line}", "Give label 0 or 1 and a finite score."));
            else if (!seen.Add(fields[name]))
                findings.Add(new Finding($"'{fields[name]}' is there twice", $"{path}:{line}", "Give each image once."));
            else
            {
                scores.Add(value);
                labels.Add(fields[label].Trim() == "1");
            }
        }
        return findings.Count == 0 ? new ImageRanking(scores, labels) : throw new InvalidInputException(findings);
    }

    private static bool TryNumber(string text, char separator, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
        || separator != ',' && !text.Contains('.') && double.TryParse(text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
