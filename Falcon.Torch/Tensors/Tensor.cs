using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A tensor of libtorch. Its memory is freed when it is disposed, by hand or by the dispose scope it was created in; the finalizer is the last
    /// resort. Failing operators throw <see cref="System.Runtime.InteropServices.ExternalException"/> with libtorch's message.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private nint _handle;

        internal Tensor(nint handle)
        {
            _handle = handle;
            DisposeScopeManager.OfThisThread.Register(this);
        }

        ~Tensor() => Release();

        /// <summary>Tensors of this process that have not been freed yet, those that C++ holds for itself not counted.</summary>
        public static long TotalCount => Native.falcon_tensor_live_count();

        /// <exception cref="ObjectDisposedException">The tensor has been disposed.</exception>
        public nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Tensor));

        public bool IsInvalid => _handle == 0;

        public string? name { get; set; }

        internal DisposeScope? OwningDisposeScope { get; set; }

        public void Dispose()
        {
            if (!Release())
                return;
            GC.SuppressFinalize(this);
            if (OwningDisposeScope is { } scope)
                scope.MarkAsDisposed(this);
            else
                DisposeScopeManager.OfThisThread.Counts.DisposedOutsideScopeCount++;
        }

        /// <summary>Gives the native tensor away; this object is as disposed from now on.</summary>
        public nint DecoupleFromNativeHandle()
        {
            var handle = Handle;
            _handle = 0;
            GC.SuppressFinalize(this);
            OwningDisposeScope?.MarkAsDisposed(this);
            return handle;
        }

        /// <summary>Takes ownership of a native tensor, as given by <see cref="DecoupleFromNativeHandle"/>.</summary>
        public static Tensor UnsafeCreateTensor(nint handle) => new(handle);

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is { } owner)
                owner.MoveToOther(other, this);
            else
                other?.Attach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        private bool Release()
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0)
                return false;
            Native.falcon_tensor_free(handle);
            return true;
        }
    }
}
