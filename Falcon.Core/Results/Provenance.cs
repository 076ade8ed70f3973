namespace Falcon.Results;

/// <summary>Where a result comes from: enough to compute it again and to judge its timings.</summary>
/// <param name="Version">Falcon's version.</param>
/// <param name="Commit">The commit it was built from; null outside a repository.</param>
/// <param name="Dirty">Whether there were uncommitted changes.</param>
/// <param name="Runtime">The .NET runtime, for example <c>.NET 10.0.1</c>.</param>
/// <param name="Engine">The tensor library, for example <c>TorchSharp 0.107.0, libtorch 2.10.0</c>.</param>
/// <param name="OperatingSystem">Name and version.</param>
/// <param name="Cpu">The processor's model name.</param>
/// <param name="Cores">Logical cores of the machine.</param>
/// <param name="Threads">Threads that the tensor library was given.</param>
/// <param name="Device">Where tensors lived: <c>cpu</c>, or <c>cuda:0</c> with the model name.</param>
/// <param name="WallSeconds">From start to end of the cell.</param>
/// <param name="PeakMemoryBytes">The largest resident size of the process.</param>
/// <param name="Seeds">Every seed by its purpose; <c>master</c> is the one that the others derive from.</param>
/// <param name="DataDigest">SHA-256 over the names and contents of the images and masks used.</param>
/// <param name="TeacherDigest">SHA-256 of the teacher's weights.</param>
public sealed record Provenance(
    string Version,
    string? Commit,
    bool Dirty,
    string Runtime,
    string Engine,
    string OperatingSystem,
    string Cpu,
    int Cores,
    int Threads,
    string Device,
    double WallSeconds,
    long PeakMemoryBytes,
    IReadOnlyDictionary<string, long> Seeds,
    string DataDigest,
    string TeacherDigest)
{
    /// <summary>The same with another data digest.</summary>
    public Provenance WithData(string dataDigest) => this with { DataDigest = dataDigest };
}
