using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Seeds the default generators of all devices.</summary>
    public static Generator manual_seed(long seed)
    {
        Aten.Check(Native.falcon_manual_seed((ulong)seed));
        return Generator.Default;
    }

    public static long initial_seed() => Generator.Default.initial_seed();

    /// <summary>A stream of random numbers with a seed, as torch.Generator: the same seed gives the numbers that PyTorch gives.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            _handle = Native.falcon_generator_create(seed, (int)this.device.type, this.device.index);
            Aten.Check(_handle != 0);
        }

        private Generator(nint handle, Device device)
        {
            _handle = handle;
            this.device = device;
            Aten.Check(_handle != 0);
        }

        ~Generator() => Release();

        public static Generator Default { get; } = new(Native.falcon_generator_default(), CPU);

        public Device device { get; }

        public nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));

        public long initial_seed()
        {
            var seed = (long)Native.falcon_generator_initial_seed(Handle);
            GC.KeepAlive(this);
            return seed;
        }

        /// <summary>Seeds the generator from the system's entropy and gives the seed.</summary>
        public long seed()
        {
            var seed = (long)Native.falcon_generator_seed(Handle);
            GC.KeepAlive(this);
            return seed;
        }

        public Generator manual_seed(long seed)
        {
            Native.falcon_generator_set_seed(Handle, (ulong)seed);
            return this;
        }

        /// <summary>The state as bytes, (n) uint8.</summary>
        public Tensor get_state()
        {
            var state = Native.falcon_generator_state(Handle);
            GC.KeepAlive(this);
            Aten.Check(state != 0);
            return new Tensor(state);
        }

        public void set_state(Tensor value)
        {
            var succeeded = Native.falcon_generator_set_state(Handle, value.Handle);
            GC.KeepAlive(this);
            GC.KeepAlive(value);
            Aten.Check(succeeded);
        }

        public void Dispose()
        {
            Release();
            GC.SuppressFinalize(this);
        }

        private void Release()
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0)
                Native.falcon_generator_free(handle);
        }
    }
}
