using Falcon.Backbones;
using Falcon.Data;
using Falcon.Methods;

namespace Falcon.Detection;

/// <summary>Images that are wanted again and again, by several trainings: each is computed once for each need and kept in memory.</summary>
/// <param name="source">Where they come from the first time.</param>
internal sealed class KeptInputs(IImageInputs source) : IImageInputs, IDisposable
{
    private readonly Dictionary<(string Path, Preprocessing Preprocessing, string Needs), ImageInput> _kept = [];

    public IEnumerable<ImageInput> Load(
        IReadOnlyList<ImageItem> images, Preprocessing preprocessing, InputNeeds needs, CancellationToken cancellation = default)
    {
        var missing = images.Where(image => !_kept.ContainsKey(Key(image))).ToList();
        foreach (var (image, input) in missing.Zip(source.Load(missing, preprocessing, needs, cancellation)))
            _kept[Key(image)] = input;
        foreach (var image in images)
            yield return Copy(_kept[Key(image)]);

        (string, Preprocessing, string) Key(ImageItem image) =>
            (image.Path, preprocessing, $"{needs.Pixels} {string.Join(",", needs.Taps)} {needs.Preparation?.Name} {needs.Preparation}");
    }

    public void Dispose()
    {
        foreach (var input in _kept.Values)
            input.Dispose();
    }

    /// <summary>The receiver disposes what it gets, so it gets handles of its own.</summary>
    private static ImageInput Copy(ImageInput input)
    {
        var features = new TeacherFeatures(input.Features.Taps, input.Features.Taps.Select(tap => input.Features[tap].alias().DetachFromDisposeScope()));
        return input with { Pixels = input.Pixels?.alias().DetachFromDisposeScope(), Features = features };
    }
}
