using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Falcon.Reports;

/// <summary>Tables as JSON: caption, columns, rows of cells, notes. Numbers have the digits that are printed: <c>{"mean": 92.0, "std": 5.5, "n": 3}</c>, percent.</summary>
internal sealed class JsonTableStyle : TableStyle
{
    private static readonly JsonWriterOptions Format = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override string Render(ReportTable table)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Format))
        {
            json.WriteStartObject();
            json.WriteString("label", table.Label);
            json.WriteString("caption", table.Caption);
            json.WriteStartArray("columns");
            foreach (var column in table.Columns)
                json.WriteStringValue(column.FlatHeader);
            json.WriteEndArray();
            json.WriteStartArray("rows");
            foreach (var row in table.Rows)
            {
                json.WriteStartArray();
                foreach (var cell in row.Cells)
                    Write(json, cell);
                json.WriteEndArray();
            }
            json.WriteEndArray();
            json.WriteStartArray("notes");
            foreach (var (mark, text) in table.Notes)
                json.WriteStringValue(mark.Length == 0 ? text : $"{mark} {text}");
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void Write(Utf8JsonWriter json, TableCell cell)
    {
        switch (cell)
        {
            case TableCell.Text text:
                json.WriteStringValue(text.Value);
                break;
            case TableCell.Difference difference:
                json.WriteRawValue(difference.Signed.TrimStart('+'));
                break;
            case TableCell.Number { Estimate: var estimate } number:
                json.WriteStartObject();
                Raw(json, "mean", estimate.MeanText);
                if (estimate.StandardDeviationText is { } deviation)
                    Raw(json, "std", deviation);
                if (estimate.Count > 0)
                    json.WriteNumber("n", estimate.Count);
                if (number.Mark.Length > 0)
                    json.WriteString("mark", number.Mark);
                if (number.PValue is { } p)
                    json.WriteNumber("p", p);
                json.WriteEndObject();
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private static void Raw(Utf8JsonWriter json, string name, string digits)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(digits);
    }
}
