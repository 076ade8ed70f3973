using static TorchSharp.torch;

namespace Falcon.Weights;

/// <summary>Weights of a vision transformer under open_clip's names (<see cref="TransformerNames"/>), whoever wrote them: some keep query, key and value apart, transpose
/// the projection, or give tables of tokens a leading side of 1.</summary>
internal sealed class TransformerWeights : WeightFile
{
    private readonly WeightFile _file;
    private readonly Dictionary<string, List<(string Stored, TransformerNames.Own Own)>> _sources;

    private TransformerWeights(WeightFile file, string prefix) : base(file.FilePath)
    {
        _file = file;
        _sources = file.Names.Select(name => (name, Own: TransformerNames.Translate(name, prefix)!)).Where(pair => pair.Own is not null)
            .GroupBy(pair => pair.Own.Name).ToDictionary(group => group.Key, group => group.OrderBy(pair => pair.Own.Part).ToList());
        Names = [.. _sources.Keys];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; }

    /// <summary>The file under open_clip's names; itself when it has these, as OpenAI's have.</summary>
    /// <param name="file">It stays the caller's.</param>
    /// <param name="wanted">The name of the transformer, for messages.</param>
    /// <exception cref="InvalidInputException">The file holds no vision transformer.</exception>
    public static WeightFile Of(WeightFile file, string wanted)
    {
        if (TransformerNames.PrefixOf(file.Names) is { } prefix)
            return new TransformerWeights(file, prefix);
        return file.Names.Any(TransformerNames.IsClassToken)
            ? file
            : throw new InvalidInputException(
                $"holds no vision transformer, but {wanted} is wanted", file.FilePath, "Give --teacher weights of this transformer ('falcon weights list' has names), or random.");
    }

    /// <inheritdoc/>
    public override bool Contains(string name) => _sources.ContainsKey(name);

    /// <inheritdoc/>
    public override TensorEntry Entry(string name)
    {
        var entries = Sources(name).Select(source => _file.Entry(source.Stored)).ToList();
        return new(entries[0].Type, ShapeOf(Sources(name)[0].Own, entries));
    }

    /// <inheritdoc/>
    public override StoredTensor Read(string name)
    {
        using var scope = NewDisposeScope();
        var shape = Entry(name).Shape;
        var parts = Sources(name).Select(source => _file.Tensor(source.Stored)).ToArray();
        var whole = Sources(name)[0].Own.Transposed ? parts[0].t() : parts.Length > 1 ? cat(parts) : parts[0];
        if (whole.numel() < shape.Aggregate(1L, (product, side) => product * side))
            whole = cat([zeros(1, shape[^1], dtype: whole.dtype), whole.reshape(-1, shape[^1])]);
        return StateDict.Store(name, whole.reshape([.. shape]));
    }

    /// <summary>The file stays the caller's.</summary>
    public override void Dispose()
    {
    }

    private static long[] ShapeOf(TransformerNames.Own own, List<TensorEntry> parts)
    {
        long[] shape = [.. parts[0].Shape];
        if (own.Transposed)
            return [.. shape.Reverse()];
        if (own.IsTable)
            shape = own.IsVector ? [shape[^1]] : [.. shape.TakeLast(2)];
        if (parts.Count > 1)
            shape[0] = parts.Sum(part => part.Shape[0]);
        // A table of positions without the class token's, which timm has added to the token: that of Falcon is 0.
        if (own.Name == TransformerNames.Positions && Math.Sqrt(shape[0]) % 1 == 0)
            shape[0]++;
        return shape;
    }

    private List<(string Stored, TransformerNames.Own Own)> Sources(string name) => _sources.GetValueOrDefault(name) ?? throw Missing(name);
}
