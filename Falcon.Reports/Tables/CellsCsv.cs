using System.Globalization;
using System.Text;

namespace Falcon.Reports;

/// <summary>All numbers of a report for other programs: a line for each metric of each cell, fractions with all their digits.</summary>
public static class CellsCsv
{
    /// <summary>The name of the file in a report's folder.</summary>
    public const string File = "cells.csv";

    private static readonly string[] Heading = ["data_set", "category", "method", "title", "settings", "shots", "seed", "metric", "value"];

    /// <summary>The content of the file (RFC 4180). An undefined value is empty; settings are <c>name=value</c>, separated by semicolons.</summary>
    public static string Of(CellSet cells)
    {
        var text = new StringBuilder(Csv.Line(Heading) + "\n");
        foreach (var cell in cells.Cells)
        {
            var settings = string.Join("; ", (cell.Method.Settings ?? []).Select(setting => setting.Value.Length == 0 ? setting.Name : $"{setting.Name}={setting.Value}"));
            foreach (var value in cell.Metrics)
            {
                text.Append(Csv.Line(
                [
                    cell.DataSet, cell.Category, cell.Method.Name, cell.Method.Title, settings, $"{cell.Protocol.Shots}", cell.Seed.ToString(CultureInfo.InvariantCulture),
                    value.Metric.Name, value.Value?.ToString("R", CultureInfo.InvariantCulture) ?? "",
                ])).Append('\n');
            }
        }
        return text.ToString();
    }
}
