namespace Falcon.Weights.Pickle;

/// <summary>Builds the few objects of a state dict from a <see cref="PickleGlobal"/> and its arguments.</summary>
internal static class PickleObjects
{
    /// <summary>More than any file can hold; sums of byte counts stay far from overflow.</summary>
    private const long MostElements = 1L << 48;

    /// <summary>Stands for every value that is of no use here.</summary>
    public static readonly object Ignored = new();

    /// <summary>What the global gives for these arguments; null when it does not take them.</summary>
    public static object? Build(PickleGlobal global, object?[] arguments) => (global.Kind, arguments) switch
    {
        (PickleGlobal.Meaning.Ignored, _) => Ignored,
        (PickleGlobal.Meaning.Dictionary, []) => new OrderedDictionary<object, object?>(),
        (PickleGlobal.Meaning.Dictionary, [List<object?> pairs]) => Dictionary(pairs),
        (PickleGlobal.Meaning.Tuple, [object?[] items]) => items,
        (PickleGlobal.Meaning.Parameter, [TorchTensor tensor, ..]) => tensor,
        (PickleGlobal.Meaning.Tensor, [TorchStorage storage, long offset, object?[] shape, object?[] strides, ..]) =>
            Longs(shape) is { } sides && Longs(strides) is { } steps ? TorchTensor.Checked(storage, offset, sides, steps) : null,
        _ => null,
    };

    /// <summary>The storage that a persistent id stands for: ("storage", type, key, place, count) and, in legacy files, the view (key, offset, count) or
    /// None; null when it is anything else.</summary>
    public static TorchStorage? Storage(object? id)
    {
        if (id is not object?[] { Length: 5 or 6 } parts || parts[0] is not "storage"
            || parts[1] is not PickleGlobal { Kind: PickleGlobal.Meaning.Storage, Type: var type } || parts[2] is not string key || parts[4] is not long count
            || count is < 0 or > MostElements)
            return null;
        return parts.ElementAtOrDefault(5) switch
        {
            null => new TorchStorage(type, key, 0, count),
            object?[] and [string, long start, long length] when start >= 0 && length >= 0 && length <= count && start <= count - length =>
                new TorchStorage(type, key, start, length),
            _ => null,
        };
    }

    private static OrderedDictionary<object, object?>? Dictionary(List<object?> pairs)
    {
        var result = new OrderedDictionary<object, object?>();
        foreach (var pair in pairs)
        {
            var (key, value) = pair switch
            {
                object?[] and [var first, var second] => (first, second),
                List<object?> and [var first, var second] => (first, second),
                _ => (null, null),
            };
            if (key is null)
                return null;
            result[key] = value;
        }
        return result;
    }

    private static long[]? Longs(object?[] values) => values.All(value => value is long) ? [.. values.Cast<long>()] : null;
}
