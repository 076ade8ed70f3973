using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Falcon.Training;

/// <summary>Threads are a resource that Falcon hands out itself. OpenMP threads that wait by spinning slow concurrent processes many times over, so they spin for
/// some microseconds only, long enough for the next operation of a network to find them awake, and then sleep; the settings must be in the environment before
/// libtorch loads.</summary>
public static partial class ComputeThreads
{
    /// <summary>The OpenMP settings that Falcon makes unless the user has set them.</summary>
    public static IReadOnlyDictionary<string, string> OpenMpSettings { get; } =
        new Dictionary<string, string> { ["OMP_WAIT_POLICY"] = "passive", ["GOMP_SPINCOUNT"] = "2000" };

    private static volatile int _used;

    /// <summary>The cores this process may use.</summary>
    public static int Cores => Environment.ProcessorCount;

    /// <summary>Sets the number of threads that each tensor operation may use. A thread of the program that has computed before keeps its earlier number until it
    /// predicts.</summary>
    public static void Use(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        torch.set_num_threads(threads);
        _used = threads;
    }

    /// <summary>Gives the calling thread the number that was set last, which libtorch tells only threads that have not computed yet: results of some operations
    /// depend on it.</summary>
    internal static void Adopt()
    {
        if (_used > 0 && torch.get_num_threads() != _used)
            torch.set_num_threads(_used);
    }

    /// <summary>.NET keeps its own copy of the environment, so the C library's must be set for native code to see it.</summary>
#pragma warning disable CA2255 // The settings must precede the first load of libtorch, whoever causes it.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void WaitPassively()
    {
        foreach (var (name, value) in OpenMpSettings)
        {
            if (Environment.GetEnvironmentVariable(name) is not null)
                continue;
            Environment.SetEnvironmentVariable(name, value);
            if (!OperatingSystem.IsWindows())
                _ = SetNativeVariable(name, value, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);
}
