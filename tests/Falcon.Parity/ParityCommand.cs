using System.Text.Json;

namespace Falcon.Parity;

/// <summary>The command: replays folders of fixtures and compares every tensor.</summary>
public static class ParityCommand
{
    private const string Usage = """
        USAGE: dotnet run --project tests/Falcon.Parity -c Release -- DIR... [--json]

        Replays fixtures, in folders named after their suites, and compares every tensor.
        Exit codes: 0 all within their tolerances, 1 some exceed them, 2 usage or invalid input.
        """;

    private static readonly string[] Headings = ["file", "tensor", "largest error", "tolerance", "measure", "state"];

    /// <summary>Runs it.</summary>
    /// <param name="arguments">Folders and <c>--json</c>.</param>
    /// <param name="output">For results.</param>
    /// <param name="error">For what is wrong with the input.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        if (arguments.Contains("--help") || arguments.Contains("-h"))
        {
            output.WriteLine(Usage);
            return 0;
        }
        try
        {
            return Replay([.. arguments.Where(argument => argument != "--json")], arguments.Contains("--json"), output);
        }
        catch (InvalidInputException invalid)
        {
            if (invalid.Findings.Count > 1)
                error.WriteLine($"parity: {invalid.Findings.Count} problems");
            foreach (var finding in invalid.Findings)
                error.WriteLine($"error: {finding.Where}: {finding.What}{Environment.NewLine}  fix: {finding.Fix}");
            return 2;
        }
    }

    private static int Main(string[] arguments) => Run(arguments, Console.Out, Console.Error);

    private static int Replay(IReadOnlyList<string> folders, bool asJson, TextWriter output)
    {
        Finding[] unknown = [.. folders.Where(folder => folder.StartsWith('-')).Select(option => new Finding("there is no such option", option, "There is --json."))];
        if (unknown.Length > 0)
            throw new InvalidInputException(unknown);
        if (folders.Count == 0)
            throw new InvalidInputException("a folder is missing", "parity", "Name at least one folder of fixtures.");

        var replayed = new List<(string Folder, string Suite, IReadOnlyList<ParityResult> Results)>();
        foreach (var (folder, suite) in ParitySuites.For(folders))
        {
            replayed.Add((folder, suite.Name, [.. suite.Replay(folder)]));
            if (!asJson)
                WriteTable(replayed[^1].Suite, replayed[^1].Results, output);
        }
        if (asJson)
            output.WriteLine(Json(replayed));
        return replayed.All(suite => Passed(suite.Results)) ? 0 : 1;
    }

    private static bool Passed(IEnumerable<ParityResult> results) => results.All(result => result.Passed);

    private static void WriteTable(string suite, IReadOnlyList<ParityResult> results, TextWriter output)
    {
        string[][] rows =
        [
            Headings,
            .. results.Select(r => new[] { r.File, r.Tensor, $"{r.Error:G3}", $"{r.Tolerance:G3}", r.Measure, r.Passed ? "ok" : "EXCEEDED" }),
        ];
        int[] widths = [.. Headings.Select((_, column) => rows.Max(row => row[column].Length))];
        foreach (var row in rows)
            output.WriteLine(string.Join("  ", row.Select((text, column) => column is 2 or 3 ? text.PadLeft(widths[column]) : text.PadRight(widths[column]))).TrimEnd());
        var exceeded = results.Count(result => !result.Passed);
        output.WriteLine($"{suite}: {results.Count - exceeded} tensors within tolerance, {exceeded} exceed it");
    }

    /// <summary>JSON has no NaN: it becomes null.</summary>
    private static string Json(IReadOnlyList<(string Folder, string Suite, IReadOnlyList<ParityResult> Results)> replayed) => JsonSerializer.Serialize(
        new
        {
            Passed = replayed.All(suite => Passed(suite.Results)),
            Suites = replayed.Select(suite => new
            {
                suite.Suite,
                suite.Folder,
                Passed = Passed(suite.Results),
                Tensors = suite.Results.Select(r => new { r.File, r.Tensor, Error = double.IsFinite(r.Error) ? r.Error : (double?)null, r.Tolerance, r.Measure, r.Passed }),
            }),
        },
        JsonSerializerOptions.Web);
}
