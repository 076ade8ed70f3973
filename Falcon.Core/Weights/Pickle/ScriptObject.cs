namespace Falcon.Weights.Pickle;

/// <summary>An object of a TorchScript archive, such as OpenAI's CLIP: its attributes by name, of which tensors and other objects matter.</summary>
internal sealed class ScriptObject : OrderedDictionary<object, object?>
{
    /// <summary>Takes over attributes.</summary>
    public void Take(OrderedDictionary<object, object?> attributes)
    {
        foreach (var (name, value) in attributes)
            this[name] = value;
    }
}
