using Falcon.Weights;

namespace Falcon.Parity;

/// <summary>Replays <c>weights/</c>: the same state dict from every layout of PyTorch's files; hostile and broken files are refused, without running anything
/// and without a large allocation.</summary>
public sealed class WeightsParity : IParitySuite
{
    private const long AllocationLimit = 16_000_000;
    private const string Expected = "expected.safetensors";
    private const string TraceOfExecution = "FALCON_PICKLE_WAS_EXECUTED";
    private static readonly string[] Layouts = ["zip.pth", "legacy.pth", "checkpoint.pth"];

    private static readonly string[] Bad =
    [
        "evil_zip.pth", "evil_legacy.pth", "truncated.pth", "truncated.safetensors", "huge_header.safetensors", "lying_shape.safetensors",
    ];

    /// <inheritdoc/>
    public string Name => "weights";

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => [Expected, .. Layouts, .. Bad];

    /// <inheritdoc/>
    public IEnumerable<ParityResult> Replay(string folder) =>
        [.. Layouts.SelectMany(layout => Compare(folder, layout)), .. Bad.SelectMany(file => Refuse(folder, file))];

    private static List<ParityResult> Compare(string folder, string layout)
    {
        using var expected = new StoredFixture(folder, Expected);
        using var file = WeightFile.Open(Path.Combine(folder, layout));
        var stored = StoredNetwork.Find([file], expected.Names.ToDictionary(name => name, Func<IReadOnlyList<long>, bool> (_) => _ => true));
        foreach (var name in expected.Names)
        {
            using var tensor = file.Tensor(stored.NameOf(name));
            expected.Check(name, tensor, 0);
        }
        return [.. expected.Results.Select(result => result with { File = layout })];
    }

    private static IEnumerable<ParityResult> Refuse(string folder, string file)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refused = false;
        try
        {
            using var opened = WeightFile.Open(Path.Combine(folder, file));
            foreach (var name in opened.Names)
                opened.Read(name);
        }
        catch (InvalidInputException)
        {
            refused = true;
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var executed = File.Exists(TraceOfExecution) || File.Exists(Path.Combine(folder, TraceOfExecution));
        return
        [
            new ParityResult(file, "file", refused ? 0 : 1, 0, "refused"),
            new ParityResult(file, "execution", executed ? 1 : 0, 0, "nothing executed"),
            new ParityResult(file, "memory", allocated, AllocationLimit, "bytes allocated"),
        ];
    }
}
