namespace TorchSharp.Utils;

/// <summary>Gives the part of a module that a field holds another name than the field's.</summary>
[AttributeUsage(AttributeTargets.Field)]
public class ComponentNameAttribute : Attribute
{
    public required string Name { get; set; }
}
