using System.Diagnostics;
using System.Runtime.InteropServices;
using Falcon.Engine;
using TorchSharp;

namespace Falcon.Diagnostics;

/// <summary>What the program runs on: recorded beside every result and shown by <c>falcon doctor</c>.</summary>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="OperatingSystem">Name and version.</param>
/// <param name="Cpu">The processor.</param>
/// <param name="MemoryBytes">Memory of the machine or of the container.</param>
/// <param name="Engine">The tensor library, as <see cref="EngineVersion.Text"/>.</param>
/// <param name="CudaDevices">CUDA devices that the tensor library can use.</param>
public sealed record HostInfo(string Runtime, string OperatingSystem, CpuInfo Cpu, long MemoryBytes, string Engine, int CudaDevices)
{
    private static readonly Lazy<HostInfo> Read = new(() => new(
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription,
        CpuInfo.Read(),
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        EngineVersion.Text,
        torch.cuda.is_available() ? torch.cuda.device_count() : 0));

    /// <summary>This machine. Loads the tensor library on first use.</summary>
    public static HostInfo Current => Read.Value;

    /// <summary>Whether this machine has a device that Falcon computes on. TorchSharp starts CUDA, or fails, as soon as such a device is named, so this asks first.</summary>
    /// <param name="device"><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>; there is no other.</param>
    public static bool Has(string device) => device.Split(':') switch
    {
        ["cpu"] => true,
        ["cuda"] => Current.CudaDevices > 0,
        ["cuda", var index] => int.TryParse(index, out var number) && number >= 0 && number < Current.CudaDevices,
        _ => false,
    };

    /// <summary>The largest amount of memory this process has held so far, in bytes.</summary>
    public static long PeakMemoryBytes => Process.GetCurrentProcess().PeakWorkingSet64;
}
