using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Weights;

/// <summary>Moves weights between modules and files, by state-dict name.</summary>
public static class StateDict
{
    /// <summary>Loads a module's parameters and buffers; values are converted to the module's types.</summary>
    /// <param name="module">Changed in place.</param>
    /// <param name="file">May hold the weights within nested dictionaries and behind a common prefix, for example <c>state_dict.module.</c>.</param>
    /// <param name="prefix">What stands before the module's names in the file, with its final dot; null to find it.</param>
    /// <param name="mayBeLeft">Whether a name of the file (without prefix) that the module lacks is fine; none is by default.</param>
    /// <exception cref="InvalidInputException">Names are missing, left over, or of another shape (all are listed), or several prefixes fit.</exception>
    public static void Load(Module module, WeightFile file, string? prefix = null, Func<string, bool>? mayBeLeft = null)
    {
        var wanted = module.state_dict();
        prefix ??= StateDictPrefix.Find(file, wanted.Keys);
        var findings = Missing(wanted, file, prefix).Concat(Left(wanted, file, prefix, mayBeLeft)).Concat(Misshaped(wanted, file, prefix)).ToList();
        if (findings.Count > 0)
            throw new InvalidInputException(findings);
        using var frozen = no_grad();
        foreach (var (name, tensor) in wanted)
            if (file.Contains(prefix + name))
            {
                using var stored = file.Tensor(prefix + name);
                using var shaped = stored.reshape(tensor.shape);
                tensor.copy_(shaped);
            }
    }

    /// <summary>A module's parameters and buffers, ready for <see cref="SafetensorsWriter"/>.</summary>
    /// <param name="module">On any device.</param>
    /// <param name="prefix">Put before every name, with its final dot.</param>
    public static IReadOnlyList<StoredTensor> Tensors(Module module, string prefix = "")
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        return [.. module.state_dict().Select(entry => Store(prefix + entry.Key, entry.Value))];
    }

    /// <summary>A copy of a tensor under a name, ready for <see cref="SafetensorsWriter"/>.</summary>
    internal static StoredTensor Store(string name, Tensor tensor) =>
        new(name, ElementTypes.FromScalarType(tensor.dtype), tensor.shape, tensor.detach().cpu().contiguous().bytes.ToArray());

    /// <summary>Files from before PyTorch 0.4.1 have no batch counters; nothing here depends on them.</summary>
    private static IEnumerable<Finding> Missing(Dictionary<string, Tensor> wanted, WeightFile file, string prefix) => wanted.Keys
        .Where(name => !file.Contains(prefix + name) && !name.EndsWith("num_batches_tracked"))
        .Select(name => Wrong(file, $"lacks '{prefix}{name}'"));

    private static IEnumerable<Finding> Left(Dictionary<string, Tensor> wanted, WeightFile file, string prefix, Func<string, bool>? mayBeLeft) => file.Names
        .Where(name => name.StartsWith(prefix) && !wanted.ContainsKey(name[prefix.Length..]) && mayBeLeft?.Invoke(name[prefix.Length..]) != true)
        .Select(name => Wrong(file, $"holds '{name}', which the network lacks"));

    private static IEnumerable<Finding> Misshaped(Dictionary<string, Tensor> wanted, WeightFile file, string prefix) =>
        from entry in wanted
        where file.Contains(prefix + entry.Key)
        let shape = file.Entry(prefix + entry.Key).Shape
        where !shape.SequenceEqual(entry.Value.shape) && !(entry.Value.numel() == 1 && shape.All(side => side == 1))
        select Wrong(file, $"holds '{prefix}{entry.Key}' as [{string.Join(", ", shape)}], not [{string.Join(", ", entry.Value.shape)}]");

    private static Finding Wrong(WeightFile file, string what) => new(what, file.FilePath, "Give the weights of this network, or choose the network they belong to.");
}
