using Falcon.Backbones;
using Falcon.Data;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>What the student sees of a batch.</summary>
/// <param name="Seen">The teacher's features of the images with patches.</param>
/// <param name="Masks">The positions of the decoder's levels that are shown.</param>
internal sealed record MaskedView(TeacherFeatures Seen, FeatureMasks Masks);

/// <summary>Gives what the student sees of a batch at a step.</summary>
internal delegate MaskedView ViewSource(TrainingMoment moment, ReadOnlySpan<int> batch);

/// <summary>Draws what the student sees: patches and masks of an image at a step have streams of their own (specification, section 4).</summary>
internal sealed class MaskedViews
{
    private readonly MrkdOptions _options;
    private readonly Teacher _teacher;
    private readonly TrainingImages _images;
    private readonly MasterSeed _seed;
    private readonly Preprocessing _preprocessing;
    private readonly ImageMask[] _pastes;

    public MaskedViews(MrkdOptions options, Teacher teacher, TrainingImages images, MasterSeed seed)
    {
        (_options, _teacher, _images, _seed, _preprocessing) = (options, teacher, images, seed, options.Preprocessing);
        _pastes = [.. Enumerable.Range(0, images.Count).Select(i => options.MaskOf(images.Picture(i, options.Preprocessing)))];
    }

    /// <inheritdoc cref="ViewSource"/>
    public MaskedView Draw(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        var device = _images.Pixels!.device;
        var views = new List<Tensor>();
        var streams = new List<RandomStream>();
        foreach (var index in batch)
        {
            var item = $"{_images.Names[index]}/{moment.Step}";
            views.Add(_preprocessing.Input(_pastes[index](_seed.Stream("mrkd/patches", item)), device));
            streams.Add(_seed.Stream("mrkd/mask", item));
        }
        var seen = new TeacherFeatures(MrkdOptions.Taps, _teacher.Features(cat(views), MrkdOptions.Taps));
        return new(seen, FeatureMasks.Draw(streams, MrkdNetwork.Sizes(seen), _options.MaskRatio, device));
    }
}
