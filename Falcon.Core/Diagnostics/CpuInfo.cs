namespace Falcon.Diagnostics;

/// <summary>The processor this program runs on.</summary>
/// <param name="Model">The maker's name of it.</param>
/// <param name="Cores">Cores this process may use.</param>
/// <param name="Features">Vector and matrix extensions that convolutions profit from, those it has.</param>
public sealed record CpuInfo(string Model, int Cores, IReadOnlyList<string> Features)
{
    /// <summary>The extensions that are looked for: name and the kernel's flag.</summary>
    public static IReadOnlyDictionary<string, string> KnownFeatures { get; } = new Dictionary<string, string>
    {
        ["AVX2"] = "avx2",
        ["FMA"] = "fma",
        ["AVX-512"] = "avx512f",
        ["AVX-512 VNNI"] = "avx512_vnni",
        ["AVX-512 BF16"] = "avx512_bf16",
        ["AMX tile"] = "amx_tile",
        ["AMX BF16"] = "amx_bf16",
    };

    /// <summary>Reads it from the system; unknown parts are empty.</summary>
    public static CpuInfo Read()
    {
        var lines = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").TakeWhile(line => line.Length > 0).ToArray() : [];
        var flags = Value("flags").Split(' ').ToHashSet();
        return new(Value("model name"), Environment.ProcessorCount, [.. KnownFeatures.Where(f => flags.Contains(f.Value)).Select(f => f.Key)]);

        string Value(string key) =>
            lines.FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split(':', 2)[^1].Trim() ?? "";
    }
}
