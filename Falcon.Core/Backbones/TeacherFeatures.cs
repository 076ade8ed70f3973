using Falcon.Engine;
using static TorchSharp.torch;

namespace Falcon.Backbones;

/// <summary>What a frozen teacher says of a batch of images, by tap.</summary>
public sealed class TeacherFeatures : IDisposable
{
    private readonly Tensor[] _values;

    /// <param name="taps">Where the features were taken; may be empty.</param>
    /// <param name="values">(N, C, h, w) float32 for each tap, in the same order; disposed with this object.</param>
    public TeacherFeatures(IReadOnlyList<BackboneTap> taps, IEnumerable<Tensor> values)
    {
        (Taps, _values) = (taps, [.. values]);
        if (_values.Length != taps.Count)
            throw new ArgumentException($"{_values.Length} tensors do not fit {taps.Count} taps.", nameof(values));
    }

    /// <summary>Where the features were taken.</summary>
    public IReadOnlyList<BackboneTap> Taps { get; }

    /// <summary>The features of a tap, (N, C, h, w) float32.</summary>
    public Tensor this[BackboneTap tap]
    {
        get
        {
            for (var i = 0; i < _values.Length; i++)
                if (Taps[i] == tap)
                    return _values[i];
            throw new ArgumentException($"There are features of {string.Join(", ", Taps)} only.", nameof(tap));
        }
    }

    /// <summary>The features of one image of the batch, N = 1: a view.</summary>
    public TeacherFeatures At(long image) => new(Taps, _values.Select(value => value.narrow(0, image, 1)));

    /// <summary>The features of several batches in one, in their order; a single batch is returned as it is.</summary>
    public static TeacherFeatures Join(IReadOnlyList<TeacherFeatures> batches) => batches.Count == 1
        ? batches[0]
        : new(batches[0].Taps, batches[0].Taps.Select(tap => cat([.. batches.Select(batch => batch[tap])])));

    /// <summary>The same on a device, as <see cref="Placement.PlacedOn"/>.</summary>
    public TeacherFeatures PlacedOn(Device device) => new(Taps, _values.Select(value => value.PlacedOn(device)));

    /// <summary>Takes the tensors out of every dispose scope, so that they stay until <see cref="Dispose"/>.</summary>
    public TeacherFeatures Detached()
    {
        foreach (var value in _values)
            value.DetachFromDisposeScope();
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in _values)
            value.Dispose();
    }
}
