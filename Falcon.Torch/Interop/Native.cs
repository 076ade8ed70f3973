using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The C interface of native/falcon_torch. The library is loaded by the first call, not before.</summary>
internal static unsafe partial class Native
{
    private const string Library = "falcon_torch";

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint falcon_find(string name);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_call(nint op, NativeValue* arguments, int argumentCount, NativeValue* results, int capacity, out int resultCount);

    [LibraryImport(Library)]
    internal static partial void falcon_list_free(nint* tensors);

    [LibraryImport(Library)]
    internal static partial byte* falcon_last_error();

    [LibraryImport(Library)]
    internal static partial long falcon_tensor_live_count();

    [LibraryImport(Library)]
    internal static partial void falcon_tensor_free(nint tensor);

    [LibraryImport(Library)]
    internal static partial nint falcon_tensor_share(nint tensor);

    [LibraryImport(Library)]
    internal static partial int falcon_tensor_dtype(nint tensor);

    [LibraryImport(Library)]
    internal static partial void falcon_tensor_device(nint tensor, out int type, out int index);

    [LibraryImport(Library)]
    internal static partial int falcon_tensor_dim(nint tensor);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_tensor_sizes(nint tensor, long* sizes);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_tensor_strides(nint tensor, long* strides);

    [LibraryImport(Library)]
    internal static partial long falcon_tensor_numel(nint tensor);

    [LibraryImport(Library)]
    internal static partial long falcon_tensor_element_size(nint tensor);

    [LibraryImport(Library)]
    internal static partial long falcon_tensor_storage_offset(nint tensor);

    [LibraryImport(Library)]
    internal static partial void* falcon_tensor_data(nint tensor);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_tensor_is_contiguous(nint tensor);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_tensor_is_sparse(nint tensor);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_tensor_is_pinned(nint tensor);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_tensor_is_leaf(nint tensor);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_tensor_requires_grad(nint tensor);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_tensor_set_requires_grad(nint tensor, [MarshalAs(UnmanagedType.U1)] bool requiresGrad);

    [LibraryImport(Library)]
    internal static partial nint falcon_tensor_grad(nint tensor);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_tensor_set_grad(nint tensor, nint grad);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_tensor_retain_grad(nint tensor);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_backward(
        nint* outputs, nint* gradOutputs, int outputCount, nint* inputs, int inputCount,
        [MarshalAs(UnmanagedType.U1)] bool retainGraph, [MarshalAs(UnmanagedType.U1)] bool createGraph);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_grad(
        nint* outputs, nint* gradOutputs, int outputCount, nint* inputs, int inputCount,
        [MarshalAs(UnmanagedType.U1)] bool retainGraph, [MarshalAs(UnmanagedType.U1)] bool createGraph,
        [MarshalAs(UnmanagedType.U1)] bool allowUnused, nint* grads);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_grad_enabled();

    [LibraryImport(Library)]
    internal static partial void falcon_set_grad_enabled([MarshalAs(UnmanagedType.U1)] bool enabled);

    [LibraryImport(Library)]
    internal static partial nint falcon_inference_enter([MarshalAs(UnmanagedType.U1)] bool enabled);

    [LibraryImport(Library)]
    internal static partial void falcon_inference_leave(nint guard);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_inference_enabled();

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_adam_step(
        nint* parameters, nint* gradients, nint* means, nint* squares, nint* maxSquares, int count, in NativeAdamStep step,
        [MarshalAs(UnmanagedType.U1)] out bool done);

    [LibraryImport(Library)]
    internal static partial byte* falcon_libtorch_version();

    [LibraryImport(Library)]
    internal static partial int falcon_threads();

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_set_threads(int count);

    [LibraryImport(Library)]
    internal static partial int falcon_interop_threads();

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_set_interop_threads(int count);

    [LibraryImport(Library)]
    internal static partial int falcon_cuda_device_count();

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_cuda_synchronize(int index);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_tf32([MarshalAs(UnmanagedType.U1)] bool cudnn);

    [LibraryImport(Library)]
    internal static partial void falcon_set_tf32([MarshalAs(UnmanagedType.U1)] bool cudnn, [MarshalAs(UnmanagedType.U1)] bool allowed);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_deterministic();

    [LibraryImport(Library)]
    internal static partial void falcon_set_deterministic([MarshalAs(UnmanagedType.U1)] bool enabled, [MarshalAs(UnmanagedType.U1)] bool warnOnly);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_manual_seed(ulong seed);

    [LibraryImport(Library)]
    internal static partial nint falcon_generator_create(ulong seed, int deviceType, int deviceIndex);

    [LibraryImport(Library)]
    internal static partial nint falcon_generator_default();

    [LibraryImport(Library)]
    internal static partial void falcon_generator_free(nint generator);

    [LibraryImport(Library)]
    internal static partial ulong falcon_generator_initial_seed(nint generator);

    [LibraryImport(Library)]
    internal static partial ulong falcon_generator_seed(nint generator);

    [LibraryImport(Library)]
    internal static partial void falcon_generator_set_seed(nint generator, ulong seed);

    [LibraryImport(Library)]
    internal static partial nint falcon_generator_state(nint generator);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool falcon_generator_set_state(nint generator, nint state);
}
