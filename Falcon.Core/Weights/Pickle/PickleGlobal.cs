namespace Falcon.Weights.Pickle;

/// <summary>A name that a checkpoint may mention, and what it stands for here. Nothing is looked up or run: the list below is all there is.</summary>
/// <param name="Name">Module and name, for messages.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Type">The number type of a storage.</param>
internal sealed record PickleGlobal(string Name, PickleGlobal.Meaning Kind, ElementType Type = default)
{
    private static readonly Dictionary<string, PickleGlobal> Known = List().ToDictionary(known => known.Name);

    /// <summary>What a known name stands for.</summary>
    internal enum Meaning
    {
        /// <summary>An ordered dictionary.</summary>
        Dictionary,

        /// <summary>A tuple (a shape).</summary>
        Tuple,

        /// <summary>A view of a storage.</summary>
        Tensor,

        /// <summary>A tensor that was trained.</summary>
        Parameter,

        /// <summary>The type of a storage.</summary>
        Storage,

        /// <summary>A type of a TorchScript archive, whose objects are attributes by name.</summary>
        ScriptObject,

        /// <summary>Something that is not a tensor and of no use here, for example a device or a metric.</summary>
        Ignored,
    }

    /// <summary>The entry of a name; null for everything that is not on the list.</summary>
    public static PickleGlobal? Find(string module, string name) => Known.GetValueOrDefault($"{module}.{name}")
        ?? ($"{module}.".StartsWith("__torch__.", StringComparison.Ordinal) ? new($"{module}.{name}", Meaning.ScriptObject) : null);

    private static IEnumerable<PickleGlobal> List()
    {
        yield return new("collections.OrderedDict", Meaning.Dictionary);
        yield return new("torch.Size", Meaning.Tuple);
        yield return new("torch._utils._rebuild_tensor", Meaning.Tensor);
        yield return new("torch._utils._rebuild_tensor_v2", Meaning.Tensor);
        yield return new("torch._utils._rebuild_parameter", Meaning.Parameter);

        (string Name, ElementType Type)[] storages =
        [
            ("Bool", ElementType.Bool),
            ("Byte", ElementType.UInt8),
            ("Char", ElementType.Int8),
            ("Short", ElementType.Int16),
            ("Int", ElementType.Int32),
            ("Long", ElementType.Int64),
            ("Half", ElementType.Float16),
            ("BFloat16", ElementType.BFloat16),
            ("Float", ElementType.Float32),
            ("Double", ElementType.Float64),
        ];
        foreach (var (name, type) in storages)
        {
            yield return new($"torch.{name}Storage", Meaning.Storage, type);
            yield return new($"torch.cuda.{name}Storage", Meaning.Storage, type);
        }

        string[] ignored = ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64", "device"];
        foreach (var name in ignored)
            yield return new($"torch.{name}", Meaning.Ignored);
        string[] lists = ["build_intlist", "build_doublelist", "build_boollist", "build_tensorlist"];
        foreach (var name in lists)
            yield return new($"torch.jit._pickle.{name}", Meaning.Ignored);
        string[] numpyScalars = ["numpy.dtype", "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar", "_codecs.encode"];
        foreach (var name in numpyScalars)
            yield return new(name, Meaning.Ignored);
    }
}
