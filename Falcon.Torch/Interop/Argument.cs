namespace TorchSharp.Interop;

/// <summary>One argument of an operator: whatever .NET value converts to it. Null stands for "not given": the operator's own default.</summary>
internal readonly struct Argument
{
    private Argument(ValueKind kind, long bits)
    {
        Kind = kind;
        Bits = bits;
    }

    private Argument(ValueKind kind, object? reference)
    {
        Kind = reference is null ? ValueKind.None : kind;
        Reference = reference;
    }

    internal ValueKind Kind { get; }

    internal long Bits { get; }

    internal object? Reference { get; }

    public static implicit operator Argument(torch.Tensor? value) => new(ValueKind.Tensor, value);

    public static implicit operator Argument(torch.Tensor?[]? value) => new(ValueKind.TensorList, value);

    public static implicit operator Argument(long value) => new(ValueKind.Int, value);

    public static implicit operator Argument(long? value) => value is { } given ? (Argument)given : default;

    public static implicit operator Argument(double value) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Argument(double? value) => value is { } given ? (Argument)given : default;

    public static implicit operator Argument(bool value) => new(ValueKind.Bool, value ? 1 : 0);

    public static implicit operator Argument(bool? value) => value is { } given ? (Argument)given : default;

    public static implicit operator Argument(Scalar? value) => value?.ToArgument() ?? default;

    public static implicit operator Argument(long[]? value) => new(ValueKind.IntList, value);

    public static implicit operator Argument(double[]? value) => new(ValueKind.DoubleList, value);

    public static implicit operator Argument(string? value) => new(ValueKind.String, value);

    public static implicit operator Argument(torch.ScalarType value) => (long)value;

    public static implicit operator Argument(torch.ScalarType? value) => value is { } given ? (Argument)given : default;

    public static implicit operator Argument(torch.Device? value) => new(ValueKind.Device, value);

    public static implicit operator Argument(torch.Generator? value) => new(ValueKind.Generator, value);
}
