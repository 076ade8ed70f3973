using System.Reflection;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimiser remembers about one parameter: tensors and counts in public fields of its kind's own class.</summary>
public abstract class OptimizerState
{
    private protected OptimizerState(Parameter parameter) => Parameter = parameter;

    private protected Parameter Parameter { get; }

    private IEnumerable<FieldInfo> Tensors => FieldsOf(typeof(Tensor));

    private IEnumerable<FieldInfo> Counts => FieldsOf(typeof(long));

    public virtual void Initialize(OptimizerOptions options)
    {
    }

    public virtual void LoadStateDict(OptimizerState source)
    {
        foreach (var count in Counts)
            count.SetValue(this, count.GetValue(source));
        foreach (var field in Tensors)
            Replace(field, ((Tensor?)field.GetValue(source))?.detach().clone());
    }

    public virtual void LoadStateDict(BinaryReader reader)
    {
        foreach (var count in Counts)
            count.SetValue(this, reader.ReadInt64());
        foreach (var field in Tensors)
            Replace(field, reader.ReadBoolean() ? Tensor.Load(reader) : null);
    }

    public virtual void SaveStateDict(BinaryWriter writer)
    {
        foreach (var count in Counts)
            writer.Write((long)count.GetValue(this)!);
        foreach (var tensor in Tensors.Select(field => (Tensor?)field.GetValue(this)))
        {
            writer.Write(tensor is not null);
            tensor?.Save(writer);
        }
    }

    public virtual void to(Device device)
    {
        foreach (var field in Tensors)
            Replace(field, ((Tensor?)field.GetValue(this))?.to(device));
    }

    /// <summary>Whether both hold the same numbers up to rounding.</summary>
    public virtual bool ApproximatelyEquals(OptimizerState other) =>
        other.GetType() == GetType()
        && Counts.All(count => count.GetValue(this)!.Equals(count.GetValue(other)))
        && Tensors.All(field => Close((Tensor?)field.GetValue(this), (Tensor?)field.GetValue(other)));

    internal void Release()
    {
        foreach (var field in Tensors)
            Replace(field, null);
    }

    /// <summary>A tensor like the parameter, zero, owned by this state.</summary>
    private protected Tensor ZerosLikeParameter() => Parameter.zeros_like().DetachFromDisposeScope();

    private void Replace(FieldInfo field, Tensor? tensor)
    {
        ((Tensor?)field.GetValue(this))?.Dispose();
        field.SetValue(this, tensor?.DetachFromDisposeScope());
    }

    private IEnumerable<FieldInfo> FieldsOf(Type type) =>
        GetType().GetFields().Where(field => field.FieldType == type).OrderBy(field => field.MetadataToken);

    private static bool Close(Tensor? left, Tensor? right) =>
        left is null || right is null ? left is null && right is null : left.allclose(right);
}
