namespace Falcon.Weights.Pickle;

/// <summary>A strided view of a storage. Offset and strides count elements; the view lies within the storage and has no more elements than it.</summary>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>The number of elements.</summary>
    public long Count => TensorSize.Elements(Shape)!.Value;

    /// <summary>The elements of the storage from the first to the last one used.</summary>
    public long Extent => Count == 0 ? 0 : 1 + Shape.Zip(Strides, (side, stride) => (side - 1) * stride).Sum();

    /// <summary>Checks a view; null when it reaches outside of its storage, has a negative stride, or repeats elements so as to be larger than it.</summary>
    public static TorchTensor? Checked(TorchStorage storage, long offset, long[] shape, long[] strides)
    {
        if (shape.Length != strides.Length || offset < 0 || offset > storage.Count || TensorSize.Elements(shape) is not { } count || count > storage.Count)
            return null;
        var last = (Int128)offset;
        for (var i = 0; i < shape.Length; i++)
        {
            if (strides[i] < 0)
                return null;
            last += (Int128)Math.Max(shape[i] - 1, 0) * strides[i];
        }
        return count == 0 || last < storage.Count ? new TorchTensor(storage, offset, shape, strides) : null;
    }

    /// <summary>The dense, row-major bytes.</summary>
    /// <param name="source">The bytes of the <see cref="Extent"/> that begins at the offset.</param>
    public byte[] Gather(byte[] source)
    {
        var size = Storage.Type.Size();
        if (Count == Extent && IsRowMajor())
            return source;
        var target = new byte[Count * size];
        var index = new long[Shape.Length];
        for (var done = 0; done < target.Length; done += size)
        {
            var at = 0L;
            for (var i = 0; i < index.Length; i++)
                at += index[i] * Strides[i];
            source.AsSpan((int)(at * size), size).CopyTo(target.AsSpan(done));
            for (var i = index.Length - 1; i >= 0 && ++index[i] == Shape[i]; i--)
                index[i] = 0;
        }
        return target;
    }

    private bool IsRowMajor()
    {
        var expected = 1L;
        for (var i = Shape.Length - 1; i >= 0; i--)
        {
            if (Shape[i] != 1 && Strides[i] != expected)
                return false;
            expected *= Shape[i];
        }
        return true;
    }
}

/// <summary>A run of numbers kept elsewhere in a checkpoint, of which tensors are views.</summary>
/// <param name="Type">The number type.</param>
/// <param name="Key">Its name in the checkpoint.</param>
/// <param name="Start">The first element within the kept run; not 0 only for the storage views of legacy files.</param>
/// <param name="Count">The number of elements.</param>
internal sealed record TorchStorage(ElementType Type, string Key, long Start, long Count);
