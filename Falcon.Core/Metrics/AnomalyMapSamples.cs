using System.Collections;

namespace Falcon.Metrics;

/// <summary>Samples that are made whenever they are asked for, so that no more than one need be in memory.</summary>
/// <param name="count">How many there are.</param>
/// <param name="sample">Makes one, by its index from 0.</param>
public sealed class AnomalyMapSamples(int count, Func<int, AnomalyMapSample> sample) : IReadOnlyList<AnomalyMapSample>
{
    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public AnomalyMapSample this[int index] => sample(index);

    /// <inheritdoc/>
    public IEnumerator<AnomalyMapSample> GetEnumerator() => Enumerable.Range(0, count).Select(sample).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
