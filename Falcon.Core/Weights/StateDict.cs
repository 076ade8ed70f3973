using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Weights;

/// <summary>Moves weights between modules and files, by state-dict name.</summary>
public static class StateDict
{
    private const int FaultsNamed = 2;

    /// <summary>Loads a module's parameters and buffers; values are converted to the module's types.</summary>
    /// <param name="module">Changed in place.</param>
    /// <param name="file">May hold the weights within nested dictionaries and behind a common prefix, for example <c>state_dict.module.</c>, and by the names
    /// of other programs (<c>NameSchemes</c>).</param>
    /// <param name="prefix">What stands before the module's names in the file, with its final dot; null to find it, and whose names they are.</param>
    /// <param name="mayBeLeft">Whether a name of the file (without prefix) that the module lacks is fine; null for none but those of parts that the module
    /// leaves out of the published network.</param>
    /// <exception cref="InvalidInputException">Names are missing, left over, or of another shape (a few of each are listed, the others counted), or several prefixes fit.</exception>
    public static void Load(Module module, WeightFile file, string? prefix = null, Func<string, bool>? mayBeLeft = null)
    {
        var wanted = module.state_dict();
        Load(module, wanted, prefix is null ? Find([file], wanted) : new(file, NameSchemes.Falcon, prefix), mayBeLeft, isForeign: prefix is null);
    }

    /// <summary>Loads a module from that one of several files which holds it; otherwise as the overload with one file.</summary>
    internal static void Load(Module module, IReadOnlyList<WeightFile> files)
    {
        var wanted = module.state_dict();
        Load(module, wanted, Find(files, wanted), null, isForeign: true);
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
    /// <exception cref="InvalidInputException">It is too large for a file.</exception>
    internal static StoredTensor Store(string name, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.NumberOfElements * tensor.element_size() > Array.MaxLength
            ? throw new InvalidInputException($"is larger than the 2 GiB that a tensor in a file may have ({string.Join('×', tensor.shape)})", name, "Keep less: fewer channels, smaller inputs or fewer photos.")
            : new(name, ElementTypes.FromScalarType(tensor.dtype), tensor.shape, tensor.detach().cpu().contiguous().bytes.ToArray());
    }

    private static void Load(Module module, Dictionary<string, Tensor> wanted, StoredNetwork stored, Func<string, bool>? mayBeLeft, bool isForeign)
    {
        mayBeLeft ??= name => (module as IPartialNetwork)?.LeavesOut(name) == true;
        Finding[] findings = [.. Said(Missing(wanted, stored), stored), .. Said(Left(wanted, stored, mayBeLeft), stored), .. Said(Misshaped(wanted, stored), stored)];
        if (findings.Length > 0)
            throw new InvalidInputException(findings);
        using var frozen = no_grad();
        foreach (var (name, tensor) in wanted)
            if (stored.File.Contains(stored.NameOf(name)))
            {
                using var values = stored.File.Tensor(stored.NameOf(name));
                using var shaped = values.reshape(tensor.shape);
                // Whatever is computed with them would be no number either, and no score of it exceeds a threshold.
                if (isForeign && shaped.is_floating_point() && IsAnyNaN(shaped))
                    throw new InvalidInputException($"holds numbers that are none (NaN) in '{stored.NameOf(name)}'", stored.File.FilePath, "Fetch or export the file again; a training that diverged leaves such weights.");
                tensor.copy_(shaped);
            }
    }

    private static bool IsAnyNaN(Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.isnan().any().item<bool>();
    }

    /// <summary>Files from before PyTorch 0.4.1 have no batch counters; nothing here depends on them.</summary>
    private static IEnumerable<string> Missing(Dictionary<string, Tensor> wanted, StoredNetwork stored) => wanted.Keys
        .Where(name => !stored.File.Contains(stored.NameOf(name)) && !name.EndsWith("num_batches_tracked"))
        .Select(name => $"lacks '{stored.NameOf(name)}'");

    private static IEnumerable<string> Left(Dictionary<string, Tensor> wanted, StoredNetwork stored, Func<string, bool> mayBeLeft) => stored.Names
        .Where(name => name.Own is not { } own || (!wanted.ContainsKey(own) && !mayBeLeft(own)))
        .Select(name => $"holds '{name.Stored}', which the network lacks");

    private static IEnumerable<string> Misshaped(Dictionary<string, Tensor> wanted, StoredNetwork stored) =>
        from entry in wanted
        let name = stored.NameOf(entry.Key)
        where stored.File.Contains(name)
        let shape = stored.File.Entry(name).Shape
        where !Fits(entry.Value, shape)
        select $"holds '{name}' as [{string.Join(", ", shape)}], not [{string.Join(", ", entry.Value.shape)}]";

    private static StoredNetwork Find(IReadOnlyList<WeightFile> files, Dictionary<string, Tensor> wanted) => StoredNetwork.Find(
        files, wanted.ToDictionary(entry => entry.Key, Func<IReadOnlyList<long>, bool> (entry) => shape => Fits(entry.Value, shape)));

    /// <summary>A single value may be stored as a scalar or not.</summary>
    private static bool Fits(Tensor tensor, IReadOnlyList<long> shape) =>
        shape.SequenceEqual(tensor.shape) || (tensor.numel() == 1 && shape.All(side => side == 1));

    /// <summary>Weights of another network have dozens of wrong names, of which a few tell as much.</summary>
    private static IEnumerable<Finding> Said(IEnumerable<string> faults, StoredNetwork stored)
    {
        string[] all = [.. faults];
        return all.Take(FaultsNamed).Select((what, i) => new Finding(
            i == FaultsNamed - 1 && all.Length > FaultsNamed ? $"{what}, and {all.Length - FaultsNamed} more of this kind" : what,
            stored.File.FilePath, "Give the weights of this network, or choose the network they belong to."));
    }
}
