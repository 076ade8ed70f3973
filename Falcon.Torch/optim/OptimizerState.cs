using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimiser remembers about one parameter.</summary>
public abstract class OptimizerState
{
    private protected OptimizerState(Parameter parameter) => Parameter = parameter;

    internal Parameter Parameter { get; }

    public abstract void Initialize(OptimizerOptions options);

    public abstract void LoadStateDict(OptimizerState source);

    public abstract void LoadStateDict(BinaryReader reader);

    public abstract void SaveStateDict(BinaryWriter writer);

    public abstract void to(Device device);

    /// <summary>Whether both hold the same numbers up to rounding.</summary>
    public abstract bool ApproximatelyEquals(OptimizerState other);

    internal abstract void Release();

    /// <summary>A tensor like the parameter, zero, owned by this state.</summary>
    private protected Tensor ZerosLikeParameter() => Parameter.zeros_like().DetachFromDisposeScope();

    private protected static void Replace(ref Tensor? field, Tensor? value)
    {
        field?.Dispose();
        field = value?.DetachFromDisposeScope();
    }

    private protected static void Copy(ref Tensor? field, Tensor? source) =>
        Replace(ref field, source?.detach().clone());

    private protected static void Move(ref Tensor? field, Device device) => Replace(ref field, field?.to(device));

    private protected static bool Close(Tensor? left, Tensor? right) =>
        left is null || right is null ? left is null && right is null : left.allclose(right);

    private protected static void Write(BinaryWriter writer, Tensor? tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    private protected static void Read(BinaryReader reader, ref Tensor? field) =>
        Replace(ref field, reader.ReadBoolean() ? Tensor.Load(reader) : null);
}
