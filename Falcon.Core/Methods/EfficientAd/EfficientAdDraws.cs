using Falcon.Engine;
using Falcon.Imaging;
using Falcon.Randomness;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>What is drawn at each step of EfficientAD's training: augmented images, penalty images and what dropout keeps. Each draw is a function of the step.</summary>
internal class EfficientAdDraws(EfficientAdOptions options, TrainingImages images, MasterSeed seed)
{
    /// <summary>Side in pixels to which penalty images are resized before the input is cut from them.</summary>
    public const int PenaltySide = 512;

    private const double Factor = 0.2, GreyShare = 0.3;

    private readonly string[] _penalties = options.PenaltyImages.Length == 0 ? [] : [.. ImageFile.In(options.PenaltyImages)];

    /// <summary>The images after one of brightness, contrast and saturation has changed by up to a fifth.</summary>
    /// <param name="step">The step.</param>
    /// <param name="batch">Indices of the images.</param>
    public virtual Tensor Augmented(long step, ReadOnlySpan<int> batch)
    {
        using var scope = NewDisposeScope();
        var changed = new List<Tensor>();
        foreach (var index in batch)
        {
            var random = seed.Stream("augmentation", $"{images.Names[index]}/{step}");
            var image = ColourChange.Visible(images.Pixels!.narrow(0, index, 1));
            var factor = random.NextDouble(1 - Factor, 1 + Factor);
            changed.Add(ColourChange.Normalised(random.NextInt(0, 2) switch
            {
                0 => ColourChange.Brightness(image, factor),
                1 => ColourChange.Contrast(image, factor),
                _ => ColourChange.Saturation(image, factor),
            }));
        }
        return cat([.. changed]).MoveToOuterDisposeScope();
    }

    /// <summary>As many penalty images, (N, 3, H, W), normalised; null without a folder of them. They come in a new order at each pass.</summary>
    public virtual Tensor? Penalties(long step, int count)
    {
        if (_penalties.Length == 0)
            return null;
        var values = Enumerable.Range(0, count).SelectMany(i => Penalty(step * count + i)).ToArray();
        return tensor(values, [count, 3, options.InputSize.Height, options.InputSize.Width], device: CPU).PlacedOn(images.Pixels!.device);
    }

    /// <summary>As many values of a map as the options say, in any order; all of them where they say nothing or there are no more.</summary>
    /// <param name="values">Of any shape.</param>
    /// <param name="map">Names the map.</param>
    public Tensor Sample(Tensor values, string map)
    {
        if (options.QuantileSample == 0 || options.QuantileSample >= values.numel())
            return values;
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed.StreamSeed("quantiles", map));
        var chosen = randperm(values.numel(), device: CPU, generator: generator).narrow(0, 0, options.QuantileSample).PlacedOn(values.device);
        return values.flatten().index_select(0, chosen).MoveToOuterDisposeScope();
    }

    /// <summary>1 for each value that dropout keeps, else 0.</summary>
    /// <param name="step">The step.</param>
    /// <param name="layer">The layer of the decoder.</param>
    /// <param name="shape">Of its output.</param>
    public virtual Tensor? Kept(long step, int layer, long[] shape)
    {
        using var generator = new Generator(seed.StreamSeed("dropout", $"{step}/{layer}"));
        return empty(shape, device: CPU).uniform_(0, 1, generator).ge(EfficientAdAutoencoder.Dropout).to(ScalarType.Float32).PlacedOn(images.Pixels!.device);
    }

    private float[] Penalty(long draw)
    {
        int[] order = [.. Enumerable.Range(0, _penalties.Length)];
        seed.Stream("penalty", $"{draw / order.Length}").Shuffle<int>(order);
        var (width, height) = options.InputSize;
        var image = ImageFile.ReadRgb(_penalties[order[draw % order.Length]]).Resize(PenaltySide, PenaltySide, options.Resizing)
            .Crop((PenaltySide - width) / 2, (PenaltySide - height) / 2, width, height);
        if (seed.Stream("penalty-grey", $"{draw}").NextDouble() < GreyShare)
            image = image.ToGray().ToRgb();
        return options.Preprocessing.Normalise(image);
    }
}
