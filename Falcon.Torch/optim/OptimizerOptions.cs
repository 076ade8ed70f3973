using System.Reflection;

namespace TorchSharp.Modules;

/// <summary>The numbers and switches of an optimiser. Those of a kind of optimiser are public fields of its own class.</summary>
public class OptimizerOptions
{
    public double? LearningRate { get; set; }

    public double InitialLearningRate { get; set; }

    private IEnumerable<FieldInfo> Fields => GetType().GetFields().OrderBy(info => info.MetadataToken);

    public virtual void LoadStateDict(OptimizerOptions source)
    {
        LearningRate = source.LearningRate;
        InitialLearningRate = source.InitialLearningRate;
        foreach (var field in Fields)
            field.SetValue(this, field.GetValue(source));
    }

    public virtual void LoadStateDict(BinaryReader reader)
    {
        InitialLearningRate = reader.ReadDouble();
        LearningRate = reader.ReadDouble();
        foreach (var field in Fields)
            field.SetValue(this, field.FieldType == typeof(bool?) ? reader.ReadBoolean() : reader.ReadDouble());
    }

    public virtual void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(InitialLearningRate);
        writer.Write(LearningRate!.Value);
        foreach (var value in Fields.Select(field => field.GetValue(this)))
        {
            if (value is bool truth)
                writer.Write(truth);
            else
                writer.Write((double)value!);
        }
    }

    /// <summary>Takes what is open from the optimiser's own options.</summary>
    internal virtual void Complete(OptimizerOptions defaults)
    {
        LearningRate ??= defaults.LearningRate;
        foreach (var field in Fields)
            field.SetValue(this, field.GetValue(this) ?? field.GetValue(defaults));
    }
}
