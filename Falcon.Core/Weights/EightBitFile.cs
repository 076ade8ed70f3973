using System.Runtime.InteropServices;

namespace Falcon.Weights;

/// <summary>A safetensors file with <see cref="EightBitWeights"/>, which are read as the float32 numbers that they stand for.</summary>
internal sealed class EightBitFile : WeightFile
{
    private readonly SafetensorsFile _file;

    /// <param name="file">Disposed with this one.</param>
    /// <exception cref="InvalidInputException">Factors do not fit their weights.</exception>
    public EightBitFile(SafetensorsFile file) : base(file.FilePath)
    {
        _file = file;
        Names = [.. file.Names.Where(name => Weights(file, name) is null)];
        foreach (var name in Names.Where(IsEightBits))
        {
            if (file.Entry(name + EightBitWeights.ScaleSuffix) is not { Type: ElementType.Float32, Shape: [var outputs] } || file.Entry(name).Shape is not [var first, _, ..] || first != outputs)
                throw new InvalidInputException($"stores '{name}' in eight bits without one float32 factor for each output in '{name}{EightBitWeights.ScaleSuffix}'", FilePath, "Check that it is the right file.");
            if (file.Entry(name).Length > Array.MaxLength / sizeof(float))
                throw new InvalidInputException($"stores '{name}' in eight bits, which are more than 2 GiB as float32", FilePath, "Split the tensor.");
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; }

    /// <summary>Whether a file holds weights of eight bits.</summary>
    public static bool Recognises(SafetensorsFile file) => file.Names.Any(name => Weights(file, name) is not null);

    /// <inheritdoc/>
    public override bool Contains(string name) => _file.Contains(name) && Weights(_file, name) is null;

    /// <inheritdoc/>
    public override TensorEntry Entry(string name) =>
        !Contains(name) ? throw Missing(name) : IsEightBits(name) ? new TensorEntry(ElementType.Float32, _file.Entry(name).Shape) : _file.Entry(name);

    /// <inheritdoc/>
    public override StoredTensor Read(string name)
    {
        if (!Contains(name))
            throw Missing(name);
        if (!IsEightBits(name))
            return _file.Read(name);
        var whole = MemoryMarshal.Cast<byte, sbyte>(_file.Bytes(name));
        var scales = _file.Floats(name + EightBitWeights.ScaleSuffix);
        var values = new float[whole.Length];
        var each = scales.Length == 0 ? 0 : whole.Length / scales.Length;
        for (var i = 0; i < values.Length; i++)
            values[i] = whole[i] * scales[i / each];
        return StoredTensor.Of(name, values, [.. _file.Entry(name).Shape]);
    }

    /// <inheritdoc/>
    public override TorchSharp.torch.Tensor Tensor(string name) => Contains(name) && !IsEightBits(name) ? _file.Tensor(name) : base.Tensor(name);

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();

    private bool IsEightBits(string name) => _file.Contains(name) && _file.Contains(name + EightBitWeights.ScaleSuffix) && _file.Entry(name).Type == ElementType.Int8;

    /// <summary>The weights of eight bits that a tensor has the factors of; null for any other tensor.</summary>
    private static string? Weights(SafetensorsFile file, string name) =>
        name.EndsWith(EightBitWeights.ScaleSuffix, StringComparison.Ordinal) && name[..^EightBitWeights.ScaleSuffix.Length] is var weights
        && file.Contains(weights) && file.Entry(weights).Type == ElementType.Int8 ? weights : null;
}
