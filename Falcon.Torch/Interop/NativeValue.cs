using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>An argument or a result of an operator as the C interface sees it (<c>struct Value</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeValue
{
    internal ValueKind Kind;
    internal int Count;
    internal long Payload;

    /// <summary>The tensor of this result, now owned by the caller; null for none.</summary>
    internal readonly torch.Tensor? TakeTensor() => Kind == ValueKind.Tensor ? new torch.Tensor((nint)Payload) : null;

    /// <summary>The tensors of this result, now owned by the caller.</summary>
    internal readonly torch.Tensor[] TakeTensors()
    {
        var handles = (nint*)Payload;
        var tensors = new torch.Tensor[Count];
        for (var i = 0; i < Count; i++)
            tensors[i] = new torch.Tensor(handles[i]);
        Native.falcon_list_free(handles);
        return tensors;
    }
}

internal enum ValueKind
{
    None,
    Tensor,
    Int,
    Double,
    Bool,
    IntList,
    DoubleList,
    TensorList,
    String,
    Device,
    Generator,
}
