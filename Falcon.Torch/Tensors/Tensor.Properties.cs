using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static long numel(Tensor input) => input.numel();

    public static bool is_floating_point(Tensor input) => input.is_floating_point();

    public static bool is_integral(Tensor t) => t.is_integral();

    public partial class Tensor
    {
        public ScalarType dtype => (ScalarType)Kept(Native.falcon_tensor_dtype(Handle));

        public Device device
        {
            get
            {
                Native.falcon_tensor_device(Handle, out var type, out var index);
                return Kept(new Device((DeviceType)type, index));
            }
        }

        public DeviceType device_type => device.type;

        public int device_index => device.index;

        public long Dimensions => ndim;

        public long ndim => Kept(Native.falcon_tensor_dim(Handle));

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[ndim];
                fixed (long* pointer = sizes)
                    Aten.Check(Kept(Native.falcon_tensor_sizes(Handle, pointer)));
                return sizes;
            }
        }

        public long NumberOfElements => numel();

        public long ElementSize => element_size();

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public bool is_sparse => Kept(Native.falcon_tensor_is_sparse(Handle));

        public long dim() => ndim;

        public long numel() => Kept(Native.falcon_tensor_numel(Handle));

        public long element_size() => Kept(Native.falcon_tensor_element_size(Handle));

        public long[] size() => shape;

        public long size(int dim) => AtDimension(shape, dim);

        public unsafe long[] stride()
        {
            var strides = new long[ndim];
            fixed (long* pointer = strides)
                Aten.Check(Kept(Native.falcon_tensor_strides(Handle, pointer)));
            return strides;
        }

        public long stride(int dim) => AtDimension(stride(), dim);

        public long storage_offset() => Kept(Native.falcon_tensor_storage_offset(Handle));

        public bool is_contiguous() => Kept(Native.falcon_tensor_is_contiguous(Handle));

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_pinned() => Kept(Native.falcon_tensor_is_pinned(Handle));

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_integral() => torch.is_integral(dtype);

        /// <summary>The result of a native query on this tensor, which must live until the query is done.</summary>
        private T Kept<T>(T result)
        {
            GC.KeepAlive(this);
            return result;
        }

        private static long AtDimension(long[] extents, int dim) => extents[dim < 0 ? dim + extents.Length : dim];
    }
}
