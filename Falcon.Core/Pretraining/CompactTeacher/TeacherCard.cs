using System.Text;
using Falcon.Backbones;
using Falcon.DrawnData;
using Falcon.Imaging;

namespace Falcon.Pretraining;

/// <summary>The model card of a compact teacher, in Markdown: what it is, what it was made from, how, and how well the training went.</summary>
public static class TeacherCard
{
    private const int LossRows = 12;

    /// <summary>Photos that a teacher learned from.</summary>
    /// <param name="Folder">Where they were.</param>
    /// <param name="Note">What they are and under which licence.</param>
    public sealed record Photos(string Folder, string Note);

    /// <summary>The card of a training that has ended.</summary>
    /// <param name="options">The recipe.</param>
    /// <param name="sources">The networks that were distilled.</param>
    /// <param name="photos">Photos; null for none.</param>
    /// <param name="start">The weights that the training went on from; null for none.</param>
    /// <param name="weights">The file that was written.</param>
    /// <param name="seed">The master seed.</param>
    /// <param name="losses">The mean losses of each pass.</param>
    public static string Of(
        TeacherPretrainingOptions options, IReadOnlyList<TeacherProvenance> sources, Photos? photos, string? start, string weights, long seed,
        IReadOnlyList<IReadOnlyList<(string Name, double Value)>> losses)
    {
        var name = Path.GetFileNameWithoutExtension(weights);
        using var network = new ResNet(BackboneCatalog.Find(options.Network), BackboneTap.Layer3);
        var parameters = network.parameters().Sum(parameter => parameter.numel());
        var card = new StringBuilder();
        Line($"# {name}");
        Line();
        Line($"A residual network (`{options.Network}`), stem to layer3, {parameters:N0} parameters, float16. Its taps layer1, layer2 and layer3 have "
            + $"{string.Join(", ", TeacherPretrainingNetwork.Taps.Select(network.Architecture.Channels))} channels at strides 4, 8 and 16. Input: RGB in [0, 1], "
            + "normalised with ImageNet's mean and standard deviation. State-dict names as torchvision's.");
        Line();
        Line("| | |");
        Line("| --- | --- |");
        Line($"| learned | {Learned(options, sources)} |");
        Line($"| drawn pictures | {string.Join(", ", PictureFamily.All.Select(family => family.Name))}; none of Falcon's drawn data sets |");
        if (start is not null)
            Line($"| went on from | {Path.GetFileName(start)}, SHA-256 {FileDigest.Sha256(start)} |");
        Line($"| photos | {PhotoText(options, photos)} |");
        Line($"| training | {options.Steps:N0} steps of {options.BatchSize} crops of {options.InputSize.Width}×{options.InputSize.Height} pixels, {options.CropsPerPicture} from each picture; "
            + $"Adam, learning rate {options.LearningRate} ({options.Schedule}), weight decay {options.WeightDecay}; seed {seed} |");
        Line($"| made | {DateTime.UtcNow:yyyy-MM-dd} |");
        Line($"| size | {new FileInfo(weights).Length:N0} bytes |");
        Line($"| SHA-256 | {FileDigest.Sha256(weights)} |");
        Line("| licence | CC0 1.0 for these weights |");
        Line();
        Line("Made by");
        Line();
        Line($"    {Command(options, sources, photos, start, weights, seed)}");
        Line();
        Line("## Losses");
        Line();
        Line($"| step | {string.Join(" | ", losses[0].Select(loss => loss.Name))} |");
        Line($"| ---: | {string.Join(" | ", losses[0].Select(_ => "---:"))} |");
        foreach (var pass in Enumerable.Range(1, LossRows).Select(i => Math.Max(1, i * losses.Count / LossRows)).Distinct())
            Line($"| {Math.Min(options.Steps, (long)pass * options.StepsPerReport):N0} | {string.Join(" | ", losses[pass - 1].Select(loss => loss.Value.ToString("F4")))} |");
        return card.ToString();

        void Line(string text = "") => card.Append(text).Append('\n');
    }

    private static string Learned(TeacherPretrainingOptions options, IReadOnlyList<TeacherProvenance> sources) => sources.Count == 0
        ? "to tell families of drawn pictures apart, from scratch"
        : $"layers 1 to 3 of {string.Join(" and of ", sources.Select(source => $"{source.Backbone} ({source.Weights}, SHA-256 {source.Sha256 ?? "none"})"))}, normalised per "
            + $"channel on {options.StatisticsBatches * options.BatchSize} crops; mean squared error through a linear head for each layer of each, dropped afterwards";

    private static string PhotoText(TeacherPretrainingOptions options, Photos? photos) => photos is null || options.FromScratch
        ? "none"
        : $"{ImageFile.In(photos.Folder).Count} files, {100 * options.PhotoShare:F0} % of the pictures. {photos.Note}";

    private static string Command(
        TeacherPretrainingOptions options, IReadOnlyList<TeacherProvenance> sources, Photos? photos, string? start, string weights, long seed) => string.Join(
        ' ',
        (string[])
        [
            "falcon pretrain teacher", options.FromScratch ? "--from-scratch" : string.Join(' ', sources.Select(source => $"--source {source.Weights}")), .. photos is null ? Array.Empty<string>() : ["--photos PHOTOS"],
            .. start is null ? Array.Empty<string>() : [$"--start {Path.GetFileName(start)}"],
            .. Settings(options).Select(setting => $"--set {setting}"), $"--seed {seed}", $"--out {Path.GetFileName(weights)}",
        ]);

    /// <summary>The settings that differ from the defaults, as the command line takes them.</summary>
    private static IEnumerable<string> Settings(TeacherPretrainingOptions options)
    {
        var usual = new TeacherPretrainingOptions();
        foreach (var property in typeof(TeacherPretrainingOptions).GetProperties().Where(property => property.CanWrite))
            if (property.Name is not (nameof(options.Backbone) or nameof(options.FromScratch)) && !Equals(property.GetValue(options), property.GetValue(usual)))
                yield return $"{property.Name}={property.GetValue(options)}";
    }
}
