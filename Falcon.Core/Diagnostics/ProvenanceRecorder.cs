using System.Diagnostics;
using Falcon.Results;
using TorchSharp;

namespace Falcon.Diagnostics;

/// <summary>Takes the provenance of one result; it measures wall time from its creation.</summary>
public sealed class ProvenanceRecorder
{
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>The provenance of what was computed since creation.</summary>
    /// <param name="device">Where tensors lived.</param>
    /// <param name="seeds">Every seed by its purpose.</param>
    /// <param name="dataDigest">SHA-256 over the names and contents of the images and masks used.</param>
    /// <param name="teacherDigest">SHA-256 of the teacher's weights, or how they were drawn.</param>
    public Provenance Record(torch.Device device, IReadOnlyDictionary<string, long> seeds, string dataDigest, string teacherDigest)
    {
        var (build, host) = (BuildInfo.Current, HostInfo.Current);
        return new(
            build.Version, build.Commit, build.Dirty, host.Runtime, host.Engine, host.OperatingSystem, host.Cpu.Model, host.Cpu.Cores,
            torch.get_num_threads(), device.ToString(), Stopwatch.GetElapsedTime(_started).TotalSeconds, HostInfo.PeakMemoryBytes, seeds, dataDigest,
            teacherDigest);
    }
}
