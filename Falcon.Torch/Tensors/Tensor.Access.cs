using TorchSharp.Interop;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The memory of a contiguous tensor on the CPU. Valid until the tensor is disposed.</summary>
        /// <exception cref="InvalidOperationException">The tensor is not contiguous, or not on the CPU.</exception>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_contiguous() || !is_cpu())
                    throw new InvalidOperationException("Bytes can be read from contiguous tensors on the CPU only.");
                return new Span<byte>(DataPointer(), checked((int)(numel() * element_size())));
            }

            set
            {
                var target = bytes;
                if (value.Length != target.Length)
                    throw new ArgumentException($"The tensor takes {target.Length} bytes, not {value.Length}.");
                value.CopyTo(target);
            }
        }

        /// <summary>The elements of a tensor on the CPU, in row-major order whatever the strides.</summary>
        /// <exception cref="ArgumentException">T is not the type of the elements.</exception>
        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            CheckElementType<T>();
            return new TensorAccessor<T>(this);
        }

        /// <summary>The value of a tensor with one element.</summary>
        /// <exception cref="ArgumentException">T is not the type of the elements, or there is not exactly one.</exception>
        public T item<T>()
            where T : unmanaged
        {
            CheckElementType<T>();
            if (numel() != 1)
                throw new ArgumentException($"A tensor of {numel()} elements has no single value.");
            using var local = cpu();
            return local.data<T>().First();
        }

        public Scalar ToScalar()
        {
            var number = Aten.CallNumber("item", this);
            return number.Kind switch
            {
                ValueKind.Double => (Scalar)BitConverter.Int64BitsToDouble(number.Payload),
                ValueKind.Bool => (Scalar)(number.Payload != 0),
                _ => (Scalar)number.Payload,
            };
        }

        internal unsafe void* DataPointer() => Kept((nint)Native.falcon_tensor_data(Handle)).ToPointer();

        private void CheckElementType<T>()
        {
            if (ScalarTypeOf(typeof(T)) != dtype)
                throw new ArgumentException($"The elements are {dtype}, not {typeof(T)}.");
        }
    }
}
