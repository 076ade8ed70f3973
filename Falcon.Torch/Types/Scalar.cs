using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>A single number given to an operator. Its type takes part in type promotion as in PyTorch.</summary>
public sealed class Scalar : IDisposable
{
    private readonly double _number;
    private readonly long _integer;

    private Scalar(double number, torch.ScalarType type)
    {
        _number = number;
        Type = type;
    }

    private Scalar(long integer, torch.ScalarType type)
    {
        _integer = integer;
        Type = type;
    }

    public torch.ScalarType Type { get; }

    public static implicit operator Scalar(byte value) => new((long)value, torch.ScalarType.Byte);

    public static implicit operator Scalar(sbyte value) => new((long)value, torch.ScalarType.Int8);

    public static implicit operator Scalar(short value) => new((long)value, torch.ScalarType.Int16);

    public static implicit operator Scalar(int value) => new((long)value, torch.ScalarType.Int32);

    public static implicit operator Scalar(long value) => new(value, torch.ScalarType.Int64);

    public static implicit operator Scalar(Half value) => new((double)value, torch.ScalarType.Float16);

    public static implicit operator Scalar(float value) => new((double)value, torch.ScalarType.Float32);

    public static implicit operator Scalar(double value) => new(value, torch.ScalarType.Float64);

    public static implicit operator Scalar(bool value) => new(value ? 1L : 0L, torch.ScalarType.Bool);

    /// <summary>Does nothing: a scalar holds no native memory here. TorchSharp's does, so portable code may dispose it.</summary>
    public void Dispose()
    {
    }

    internal bool IsFloatingPoint => torch.is_floating_point(Type);

    internal double Number => IsFloatingPoint ? _number : _integer;

    internal long Integer => IsFloatingPoint ? (long)_number : _integer;

    internal Argument ToArgument()
    {
        if (Type == torch.ScalarType.Bool)
            return _integer != 0;
        return IsFloatingPoint ? (Argument)_number : _integer;
    }
}
