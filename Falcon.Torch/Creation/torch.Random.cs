using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>Random tensors. Without a generator, libtorch's default one is used.</summary>
public static partial class torch
{
    /// <summary>Integers in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public static Tensor randint(
        long low,
        long high,
        long[] size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null) =>
        Created(
            Aten.Call("randint.low_generator", low, high, size, generator, dtype ?? ScalarType.Int64, default(long?), device), requires_grad, names);

    /// <summary>Integers in [0, <paramref name="high"/>).</summary>
    public static Tensor randint(
        long high,
        long[] size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator, names);

    /// <summary>The numbers 0 … <paramref name="n"/> − 1 in random order.</summary>
    public static Tensor randperm(
        long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Created(Aten.Call("randperm.generator", n, generator, dtype ?? ScalarType.Int64, default(long?), device), requires_grad);

    public static Tensor normal(Tensor mean, Tensor std, Generator? generator = null) =>
        Aten.Call("normal.Tensor_Tensor", mean, std, generator);

    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        input.rand_like(dtype, device, requires_grad);

    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        input.randn_like(dtype, device, requires_grad);

    public partial class Tensor
    {
        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Created(Aten.Call("rand_like", this, dtype, default(long?), device), requires_grad);

        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Created(Aten.Call("randn_like", this, dtype, default(long?), device), requires_grad);
    }
}
