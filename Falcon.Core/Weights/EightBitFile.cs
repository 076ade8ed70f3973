using System.Runtime.InteropServices;

namespace Falcon.Weights;

/// <summary>A safetensors file with <see cref="EightBitWeights"/>, which are read as the float32 numbers that they stand for.</summary>
internal sealed class EightBitFile : WeightFile
{
    private readonly SafetensorsFile _file;
    private readonly HashSet<string> _weights, _factors;

    /// <param name="file">Disposed with this one.</param>
    /// <exception cref="InvalidInputException">Factors do not fit their weights.</exception>
    public EightBitFile(SafetensorsFile file) : base(file.FilePath)
    {
        _file = file;
        _weights = [.. Weights(file)];
        _factors = [.. _weights.Select(Factors)];
        Names = [.. file.Names.Where(name => !_factors.Contains(name))];
        foreach (var name in _weights)
        {
            if (file.Entry(Factors(name)) is not { Type: ElementType.Float32, Shape: [var outputs] } || file.Entry(name).Shape is not [var first, _, ..] || first != outputs)
                throw new InvalidInputException($"stores '{name}' in eight bits without one float32 factor for each output in '{Factors(name)}'", FilePath, "Check that it is the right file.");
            if (file.Entry(name).Length > Array.MaxLength / sizeof(float))
                throw new InvalidInputException($"stores '{name}' in eight bits, which are more than 2 GiB as float32", FilePath, "Split the tensor.");
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; }

    /// <summary>Whether a file holds weights of eight bits.</summary>
    public static bool Recognises(SafetensorsFile file) => Weights(file).Any();

    /// <inheritdoc/>
    public override bool Contains(string name) => _file.Contains(name) && !_factors.Contains(name);

    /// <inheritdoc/>
    public override TensorEntry Entry(string name) => _weights.Contains(name) ? new TensorEntry(ElementType.Float32, _file.Entry(name).Shape) : _file.Entry(Shown(name));

    /// <inheritdoc/>
    public override StoredTensor Read(string name)
    {
        if (!_weights.Contains(name))
            return _file.Read(Shown(name));
        var whole = MemoryMarshal.Cast<byte, sbyte>(_file.Bytes(name));
        var factors = _file.Floats(Factors(name));
        var values = new float[whole.Length];
        var each = factors.Length == 0 ? 0 : whole.Length / factors.Length;
        for (var i = 0; i < values.Length; i++)
            values[i] = whole[i] * factors[i / each];
        return StoredTensor.Of(name, values, [.. _file.Entry(name).Shape]);
    }

    /// <inheritdoc/>
    public override TorchSharp.torch.Tensor Tensor(string name) => _weights.Contains(name) ? base.Tensor(name) : _file.Tensor(Shown(name));

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();

    private string Shown(string name) => _factors.Contains(name) ? throw Missing(name) : name;

    private static string Factors(string weights) => weights + EightBitWeights.ScaleSuffix;

    private static IEnumerable<string> Weights(SafetensorsFile file) => file.Names.Where(name => file.Entry(name).Type == ElementType.Int8 && file.Contains(Factors(name)));
}
