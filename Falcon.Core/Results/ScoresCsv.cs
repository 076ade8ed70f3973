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
}
