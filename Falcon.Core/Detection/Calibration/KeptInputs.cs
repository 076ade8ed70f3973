using Falcon.Backbones;
using Falcon.Data;
using Falcon.Methods;
using static TorchSharp.torch;

namespace Falcon.Detection;

/// <summary>Images that are wanted again and again, by several trainings: each is computed once for each need and kept in memory, as many as fit.</summary>
/// <param name="source">Where they come from the first time, and later where they have not been kept.</param>
/// <param name="mostBytes">The memory that they may take.</param>
internal sealed class KeptInputs(IImageInputs source, long mostBytes = KeptInputs.MostBytes) : IImageInputs, IDisposable
{
    /// <summary>The memory that they may take where nothing else is said.</summary>
    public const long MostBytes = 1L << 29;

    private readonly Dictionary<(ImageItem Image, Preprocessing Preprocessing, string Needs), IReadOnlyList<ImageInput>> _kept = [];
    private long _bytes;

    public IEnumerable<ImageInput> Load(
        IReadOnlyList<ImageItem> images, Preprocessing preprocessing, InputNeeds needs, CancellationToken cancellation = default)
    {
        var missing = images.Select(image => !_kept.ContainsKey(Key(image))).ToArray();
        using var computed = source.Load([.. images.Where((_, i) => missing[i])], preprocessing, needs, cancellation).GetEnumerator();
        foreach (var (i, image) in images.Index())
            foreach (var input in missing[i] ? Compute(Key(image)) : _kept[Key(image)].Select(Copy))
                yield return input;

        IEnumerable<ImageInput> Compute((ImageItem, Preprocessing, string) key)
        {
            List<ImageInput> inputs = [];
            do
                inputs.Add(computed.MoveNext() ? computed.Current : throw new InvalidOperationException("An image is missing."));
            while (inputs.Count < preprocessing.InputsOf(inputs[0].Width, inputs[0].Height));
            return Keep(key, inputs) ? inputs.Select(Copy) : inputs;
        }

        (ImageItem, Preprocessing, string) Key(ImageItem image) =>
            (image, preprocessing, $"{needs.Pixels} {string.Join(",", needs.Taps)} {needs.Preparation?.Name} {needs.Preparation}");
    }

    public void Dispose()
    {
        foreach (var input in _kept.Values.SelectMany(inputs => inputs))
            input.Dispose();
    }

    private bool Keep((ImageItem, Preprocessing, string) key, List<ImageInput> inputs)
    {
        var bytes = inputs.Sum(Bytes);
        if (_bytes + bytes > mostBytes || !_kept.TryAdd(key, inputs))
            return false;
        _bytes += bytes;
        return true;
    }

    private static long Bytes(ImageInput input) =>
        Size(input.Pixels) + input.Features.Taps.Sum(tap => Size(input.Features[tap])) + input.Prepared.Sum(prepared => (long)prepared.Bytes.Length);

    private static long Size(Tensor? tensor) => tensor is null ? 0 : tensor.NumberOfElements * tensor.ElementSize;

    /// <summary>The receiver disposes what it gets, so it gets handles of its own.</summary>
    private static ImageInput Copy(ImageInput input)
    {
        var features = new TeacherFeatures(input.Features.Taps, input.Features.Taps.Select(tap => input.Features[tap].alias().DetachFromDisposeScope()));
        return input with { Pixels = input.Pixels?.alias().DetachFromDisposeScope(), Features = features };
    }
}
