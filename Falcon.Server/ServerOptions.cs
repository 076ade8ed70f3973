using System.Net;

namespace Falcon.Server;

/// <summary>What a server is started with.</summary>
/// <param name="Home">The folder of everything that it keeps; created when missing. One server at a time uses it.</param>
/// <param name="Worker">The command that runs this program as a worker (<see cref="Jobs.JobWorker"/>): a file and its first arguments, to which the home and the job are added.</param>
public sealed record ServerOptions(string Home, IReadOnlyList<string> Worker)
{
    /// <summary>The address; another one than the machine's own loopback needs a <see cref="Token"/>.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0 for any that is free.</summary>
    public int Port { get; init; } = 5170;

    /// <summary>What callers must show; null for nothing.</summary>
    public string? Token { get; init; }

    /// <summary>The largest body of a request, in bytes.</summary>
    public long MostBytes { get; init; } = 64L << 20;

    /// <summary>The largest image, in pixels.</summary>
    public long MostPixels { get; init; } = 50_000_000;

    /// <summary>The most photos of one part.</summary>
    public int MostPhotos { get; init; } = 200;

    /// <summary>Inspections that are computed at the same time.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>Inspections that may wait; a further one is refused.</summary>
    public int MostWaiting { get; init; } = 32;

    /// <summary>Threads of each operation of an inspection; results depend on it in their last bits.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Where networks are: <c>cpu</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Models that are kept in memory.</summary>
    public int MostModels { get; init; } = 4;

    /// <summary>Versions of a part's model that are kept, the present one included.</summary>
    public int MostVersions { get; init; } = 5;

    /// <summary>Inspections that are remembered.</summary>
    public int MostInspections { get; init; } = 2000;

    /// <summary>The bytes that they may take.</summary>
    public long MostInspectionBytes { get; init; } = 2L << 30;

    /// <summary>Told of what an administrator should know; null for nobody.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Whether only this machine reaches the server.</summary>
    public bool IsLocal => IPAddress.IsLoopback(Address);

    /// <summary>What is wrong with the values, all at once.</summary>
    public IEnumerable<Finding> Check()
    {
        const int shortestToken = 16;
        if (!IsLocal && Token is null)
            yield return new(
                "others could reach the server, and it would do what anybody asks", $"--address {Address}",
                "Give a token, --token TEXT or the variable FALCON_TOKEN, for example the output of 'openssl rand -hex 24', or leave the address away.");
        if (Token is { Length: < shortestToken })
            yield return new($"a token of {Token.Length} characters is guessed too easily", "--token", $"Give at least {shortestToken}, for example the output of 'openssl rand -hex 24'.");
        if (Token is not null && Token.Any(letter => letter is <= ' ' or > '~'))
            yield return new("the token has characters that a header cannot carry", "--token", "Use letters, digits and signs without blanks.");
        if (Port is < 0 or > 65535)
            yield return new($"{Port} is no port", "--port", "Give a number from 0 (any that is free) to 65535.");
        (string Name, long Value)[] counts =
        [
            ("--max-bytes", MostBytes), ("--max-pixels", MostPixels), ("--max-photos", MostPhotos), ("--parallel", Parallel), ("--max-waiting", MostWaiting), ("--threads", Threads),
            ("--max-models", MostModels), ("--max-versions", MostVersions), ("--max-inspections", MostInspections), ("--max-inspection-bytes", MostInspectionBytes),
        ];
        foreach (var (name, value) in counts.Where(count => count.Value < 1))
            yield return new($"{value} is too small", name, "Give a number of at least 1.");
    }
}
