using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>Typed access to the elements of a tensor on the CPU, in row-major order. The tensor must outlive it.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T>
    where T : unmanaged
{
    private readonly Tensor _tensor;
    private readonly long[] _strides;
    private readonly T* _elements;

    internal TensorAccessor(Tensor tensor)
    {
        if (!tensor.is_cpu())
            throw new InvalidOperationException("Elements can be read from tensors on the CPU only; move the tensor first.");
        _tensor = tensor;
        _strides = tensor.stride();
        _elements = (T*)tensor.DataPointer();
        Count = tensor.numel();
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    public T this[params long[] indices]
    {
        get => *At(indices);
        set => *At(indices) = value;
    }

    public T[] ToArray()
    {
        var copy = new T[Count];
        CopyTo(copy.AsSpan());
        return copy;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    /// <summary>Copies the elements from number <paramref name="tensorIndex"/> on, as many as there are or as fit.</summary>
    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        if (_tensor.is_contiguous())
        {
            Window(arrayIndex, array.Length, tensorIndex, _elements).CopyTo(array[arrayIndex..]);
            return;
        }
        using var contiguous = _tensor.contiguous();
        Window(arrayIndex, array.Length, tensorIndex, (T*)contiguous.DataPointer()).CopyTo(array[arrayIndex..]);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom(array.AsSpan(), arrayIndex, tensorIndex);

    /// <summary>Overwrites the elements from number <paramref name="tensorIndex"/> on.</summary>
    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        if (!_tensor.is_contiguous())
            throw new InvalidOperationException("Elements can be written to contiguous tensors only.");
        var target = Window(arrayIndex, array.Length, tensorIndex, _elements);
        array.Slice(arrayIndex, target.Length).CopyTo(target);
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Does nothing: the memory belongs to the tensor.</summary>
    public void Dispose()
    {
    }

    private Span<T> Window(int arrayIndex, int length, long tensorIndex, T* elements) =>
        new(elements + tensorIndex, checked((int)Math.Min(Count - tensorIndex, length - arrayIndex)));

    private T* At(long[] indices)
    {
        var shape = _tensor.shape;
        if (indices.Length != shape.Length)
            throw new ArgumentException($"{shape.Length} indices are needed, not {indices.Length}.");
        var offset = 0L;
        for (var i = 0; i < indices.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(indices[i]);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(indices[i], shape[i]);
            offset += indices[i] * _strides[i];
        }
        return _elements + offset;
    }
}
