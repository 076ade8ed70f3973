using System.Diagnostics;
using System.Text.Json;
using Falcon.Server.Home;

namespace Falcon.Server.Jobs;

/// <summary>A job's process, as the server sees it.</summary>
internal static class WorkerProcess
{
    private const int KeptErrors = 4000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs it to its end.</summary>
    /// <param name="command">A file and its first arguments.</param>
    /// <param name="home">The server's home.</param>
    /// <param name="job">The job.</param>
    /// <param name="hear">Told what it says.</param>
    /// <param name="stop">Asks it to leave a checkpoint and end; it is killed if that takes too long.</param>
    /// <param name="kill">Kills it.</param>
    /// <returns>How it ended, and the last that it wrote of errors.</returns>
    public static async Task<(int ExitCode, string Errors)> Run(
        IReadOnlyList<string> command, string home, string job, Action<JobMessage> hear, CancellationToken stop, CancellationToken kill)
    {
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), "--home", home, "--job", job])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} cannot be started.");
        using var asked = stop.Register(process.StandardInput.Close);
        using var killed = kill.Register(() => Kill(process));
        var errors = ReadErrors(process.StandardError);
        while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
            if (Parse(line) is { } message)
                hear(message);
        using (var patience = new CancellationTokenSource(Patience))
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Kill(process);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        return (process.ExitCode, await errors);
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    private static JobMessage? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<JobMessage>(line, HomeFile.Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<string> ReadErrors(StreamReader errors)
    {
        var kept = "";
        var buffer = new char[1024];
        while (await errors.ReadAsync(buffer) is > 0 and var read)
        {
            kept += new string(buffer, 0, read);
            kept = kept.Length > KeptErrors ? kept[^KeptErrors..] : kept;
        }
        return kept.Trim();
    }
}
