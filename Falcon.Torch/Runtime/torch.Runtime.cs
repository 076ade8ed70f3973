using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The version of libtorch.</summary>
    public static unsafe string __version__ => Marshal.PtrToStringUTF8((nint)Native.falcon_libtorch_version())!;

    /// <summary>Threads that one operator may use on the CPU.</summary>
    public static int get_num_threads() => Native.falcon_threads();

    public static void set_num_threads(int num) => Aten.Check(Native.falcon_set_threads(num));

    /// <summary>Threads that run operators beside one another.</summary>
    public static int get_num_interop_threads() => Native.falcon_interop_threads();

    /// <exception cref="ExternalException">libtorch has already started its threads: this can be set once, before.</exception>
    public static void set_num_interop_threads(int num) => Aten.Check(Native.falcon_set_interop_threads(num));

    public static bool cuda_is_available() => cuda.is_available();

    public static bool are_deterministic_algorithms_enabled() => Native.falcon_deterministic();

    /// <summary>Until the returned object is disposed, operators without a deterministic implementation throw (or warn).</summary>
    public static IDisposable use_deterministic_algorithms(bool mode = true, bool warn_only = false) => new DeterministicMode(mode, warn_only);

    public static class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static int device_count() => Native.falcon_cuda_device_count();

        /// <summary>Waits for the work on the current stream of the device.</summary>
        public static void synchronize(Device? device = null) => Aten.Check(Native.falcon_cuda_synchronize(device?.index ?? -1));
    }

    public static class backends
    {
        public static class cuda
        {
            public static class matmul
            {
                public static bool allow_tf32
                {
                    get => Native.falcon_tf32(cudnn: false);
                    set => Native.falcon_set_tf32(cudnn: false, value);
                }
            }
        }

        public static class cudnn
        {
            public static bool allow_tf32
            {
                get => Native.falcon_tf32(cudnn: true);
                set => Native.falcon_set_tf32(cudnn: true, value);
            }
        }
    }

    private sealed class DeterministicMode : IDisposable
    {
        private readonly bool _before = Native.falcon_deterministic();

        internal DeterministicMode(bool enabled, bool warnOnly) => Native.falcon_set_deterministic(enabled, warnOnly);

        public void Dispose() => Native.falcon_set_deterministic(_before, false);
    }
}
