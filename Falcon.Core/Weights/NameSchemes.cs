namespace Falcon.Weights;

/// <summary>The names that published checkpoints use, where they are not Falcon's.</summary>
internal static class NameSchemes
{
    /// <summary>Falcon's own names: torchvision's for residual networks, timm's for EfficientNet, positions for patch description networks.</summary>
    public static NameScheme Falcon { get; } = new("Falcon", [("", "")]);

    /// <summary>All of them, Falcon's first. A scheme belongs to those networks whose every name it knows.</summary>
    public static IReadOnlyList<NameScheme> All { get; } =
    [
        Falcon,
        new("STPM's authors",
        [
            ("conv1.", "model.0."), ("bn1.", "model.1."), ("layer1.", "model.4."), ("layer2.", "model.5."), ("layer3.", "model.6."), ("layer4.", "model.7."),
        ]),
        new("anomalib's patch description networks",
            [("0.", "conv1."), ("3.", "conv2."), ("6.", "conv3."), ("8.", "conv4."), ("10.", "conv5."), ("12.", "conv6.")]),
        new("anomalib's SSPCAB",
        [
            ("conv1.", "masked_conv1."), ("conv2.", "masked_conv3."), ("conv3.", "masked_conv2."), ("conv4.", "masked_conv4."), ("se.", "attention_module."),
        ]),
        new("torchvision's EfficientNet",
        [
            ("conv_stem.", "features.0.0."), ("bn1.", "features.0.1."), ("conv_head.", "features.8.0."), ("bn2.", "features.8.1."),
            ("classifier.", "classifier.1."), .. Enumerable.Range(0, 7).SelectMany(EfficientNetStage),
        ]),
    ];

    /// <summary>The blocks of a stage, of which there are at most four; the first stage does not expand.</summary>
    private static IEnumerable<(string, string)> EfficientNetStage(int stage)
    {
        string[] units = stage == 0 ? ["conv_dw", "conv_pw"] : ["conv_pw", "conv_dw", "conv_pwl"];
        for (var block = 0; block < 4; block++)
        {
            var (own, foreign) = ($"blocks.{stage}.{block}.", $"features.{stage + 1}.{block}.block.");
            var attention = units.Length - 1;
            for (var unit = 0; unit < units.Length; unit++)
            {
                var place = unit < attention ? unit : unit + 1;
                yield return ($"{own}{units[unit]}.", $"{foreign}{place}.0.");
                yield return ($"{own}bn{unit + 1}.", $"{foreign}{place}.1.");
            }
            yield return ($"{own}se.conv_reduce.", $"{foreign}{attention}.fc1.");
            yield return ($"{own}se.conv_expand.", $"{foreign}{attention}.fc2.");
        }
    }
}
