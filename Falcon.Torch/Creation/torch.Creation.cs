using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor arange(
        Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(
        Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    /// <summary>Numbers from <paramref name="start"/> up to, not including, <paramref name="stop"/>; int64 when all three are integers.</summary>
    public static Tensor arange(
        Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Created(Aten.Call("arange.start_step", start, stop, step, dtype, default(long?), device), requires_grad);

    /// <summary><paramref name="steps"/> evenly spaced numbers, both ends included.</summary>
    public static Tensor linspace(
        double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Created(Aten.Call("linspace", start, end, steps, dtype ?? _defaultType, default(long?), device), requires_grad);

    public static Tensor eye(
        long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Created(
            Aten.Call("eye.m", rows, columns < 0 ? rows : columns, dtype ?? _defaultType, default(long?), device), requires_grad, names);

    public static Tensor empty_strided(
        long[] size,
        long[] strides,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null) =>
        Created(Aten.Call("empty_strided", size, strides, dtype ?? _defaultType, default(long?), device), requires_grad, names);

    public static Tensor empty_like(
        Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Created(input.empty_like(dtype, device), requires_grad, names);

    public static Tensor zeros_like(
        Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Created(input.zeros_like(dtype, device), requires_grad, names);

    public static Tensor ones_like(
        Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Created(input.ones_like(dtype, device), requires_grad, names);

    public static Tensor full_like(
        Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Created(input.full_like(value, dtype, device), requires_grad, names);

    /// <summary>
    /// Maps a file into memory as a one-dimensional tensor: nothing is read until it is used, and views of the tensor share the mapping.
    /// </summary>
    /// <param name="shared">Whether changes go to the file; otherwise they stay private to the process.</param>
    /// <param name="size">The number of elements.</param>
    public static Tensor from_file(
        string filename, bool? shared = null, long? size = 0, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Created(Aten.Call("from_file", filename, shared, size, dtype ?? _defaultType, default(long?), device), requires_grad);

    /// <summary>A tensor with the values and the shape of an array of any rank.</summary>
    public static Tensor from_array(
        Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        var shape = Enumerable.Range(0, rawArray.Rank).Select(rawArray.GetLongLength).ToArray();
        var created = empty(shape, ScalarTypeOf(rawArray.GetType().GetElementType()!));
        System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(
            ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(rawArray), created.bytes.Length).CopyTo(created.bytes);
        return Created(Moved(created, dtype, device), requires_grad, names);
    }

    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    private static Tensor FromValues<T>(
        ReadOnlySpan<T> values, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
        where T : unmanaged
    {
        var shape = dimensions.ToArray();
        if (new Size(shape).numel() != values.Length)
            throw new ArgumentException($"{values.Length} values do not fill a tensor of shape ({string.Join(", ", shape)}).");
        var created = empty(shape, ScalarTypeOf(typeof(T)));
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(values).CopyTo(created.bytes);
        return Created(Moved(created, dtype, device), requires_grad, names);
    }

    private static Tensor Moved(Tensor created, ScalarType? dtype, Device? device) =>
        (dtype is null || dtype == created.dtype) && (device is null || device.type == DeviceType.CPU)
            ? created
            : created.to(dtype ?? created.dtype, device ?? CPU, disposeAfter: true);

    private static Tensor Created(Tensor tensor, bool requires_grad, string[]? names = null)
    {
        if (names is not null)
            throw new NotSupportedException("Named dimensions are not supported.");
        return requires_grad ? tensor.requires_grad_() : tensor;
    }

    public partial class Tensor
    {
        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Created(Aten.Call("empty_like", this, dtype, default(long?), device), requires_grad);

        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Created(Aten.Call("zeros_like", this, dtype, default(long?), device), requires_grad);

        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Created(Aten.Call("ones_like", this, dtype, default(long?), device), requires_grad);

        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Created(Aten.Call("full_like", this, value, dtype, default(long?), device), requires_grad);

        public Tensor new_empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Created(Aten.Call("new_empty", this, size, dtype, default(long?), device), requires_grad);

        public Tensor new_zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Created(Aten.Call("new_zeros", this, size, dtype, default(long?), device), requires_grad);

        public Tensor new_full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Created(Aten.Call("new_full", this, size, value, dtype, default(long?), device), requires_grad);

        public Tensor fill_(Scalar value) => Aten.Update("fill_.Scalar", this, value);

        public Tensor zero_() => Aten.Update("zero_", this);
    }
}
