using System.Globalization;
using System.Text.RegularExpressions;
using Falcon.Data;

namespace Falcon.Backbones;

/// <summary>The shape of a vision transformer (Dosovitskiy et al., ICLR 2021) of one of two families. The perceptrons of its blocks are four times as wide as its
/// tokens.</summary>
/// <param name="Name">Falcon's name for it, for example <c>clip_vit_b_16</c> or <c>dinov2_vits14</c>.</param>
/// <param name="Family">CLIP's image tower or DINOv2.</param>
/// <param name="PatchSize">Side of a patch in pixels.</param>
/// <param name="Width">Numbers of a token.</param>
/// <param name="Heads">Attention heads; they divide the width.</param>
/// <param name="Depth">Blocks.</param>
/// <param name="Grid">Patches along each side for which its positions were learnt.</param>
/// <param name="Projection">CLIP: numbers of the pooled embedding.</param>
/// <param name="Registers">DINOv2: register tokens (Darcet et al., ICLR 2024); 0 for none.</param>
/// <param name="ExactGelu">Whether the activation is the exact GELU; OpenAI's towers were trained with x·σ(1.702x).</param>
public sealed partial record TransformerArchitecture(
    string Name, TransformerFamily Family, int PatchSize, int Width, int Heads, int Depth, int Grid, int Projection = 0, int Registers = 0, bool ExactGelu = true)
    : BackboneArchitecture(Name)
{
    private const string Exact = "_gelu";

    /// <summary>The published ones. CLIP's towers (Radford et al., ICML 2021) compute with OpenAI's activation; their names and <c>_gelu</c> stand for
    /// the same towers with the exact GELU.</summary>
    public static IReadOnlyList<TransformerArchitecture> Published { get; } =
    [
        .. new TransformerArchitecture[]
        {
            Clip("clip_vit_b_32", 32, 768, 12, 12, 224, 512),
            Clip("clip_vit_b_16", 16, 768, 12, 12, 224, 512),
            Clip("clip_vit_l_14", 14, 1024, 16, 24, 224, 768),
            Clip("clip_vit_l_14_336", 14, 1024, 16, 24, 336, 768),
        }.SelectMany(tower => new[] { tower, tower with { Name = tower.Name + Exact, ExactGelu = true } }),
        .. new (char Size, int Width, int Heads, int Depth)[] { ('s', 384, 6, 12), ('b', 768, 12, 12), ('l', 1024, 16, 24) }.SelectMany(size => new[] { 0, 4 }.Select(
            registers => new TransformerArchitecture(
                $"dinov2_vit{size.Size}14{(registers > 0 ? "_reg" : "")}", TransformerFamily.DinoV2, 14, size.Width, size.Heads, size.Depth, 37,
                Registers: registers))),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<BackboneTap> Levels => Ends(3);

    /// <inheritdoc/>
    public override PixelStatistics Statistics => Family == TransformerFamily.Clip ? PixelStatistics.Clip : PixelStatistics.ImageNet;

    /// <inheritdoc/>
    public override int InputUnit => PatchSize;

    /// <inheritdoc/>
    public override int Channels(BackboneTap tap) => tap == BackboneTap.Embedding && Projection > 0 ? Projection : Width;

    /// <summary>The taps at the ends of equal parts of the blocks, the last one after all.</summary>
    public BackboneTap[] Ends(int parts) => [.. Enumerable.Range(1, parts).Select(part => After(part * Depth / parts))];

    /// <summary>The tap after a block.</summary>
    /// <param name="block">From 1.</param>
    public static BackboneTap After(int block) => BackboneTap.Block1 + (block - 1);

    /// <summary>The architecture of a name: a published one, or any other shape as <c>clip_vit_p14_w64_h4_d12_g4_o32</c> or <c>dinov2_vit_p14_w64_h4_d12_g4_r2</c> (patch,
    /// width, heads, depth, grid, projection or registers; <c>_gelu</c> as above). Null for a name of another kind.</summary>
    public static TransformerArchitecture? TryFind(string name) => Published.FirstOrDefault(known => known.Name == name) ?? Described(name);

    private static TransformerArchitecture? Described(string name)
    {
        var match = Shape().Match(name);
        if (!match.Success)
            return null;
        int[] numbers = [.. "pwhdgor".Select(letter => match.Groups[$"{letter}"] is { Success: true } group ? int.Parse(group.Value, CultureInfo.InvariantCulture) : 0)];
        var clip = match.Groups["family"].Value == "clip";
        var fits = numbers[..5].All(number => number > 0) && numbers[1] % numbers[2] == 0 && numbers[3] <= BackboneTap.Block24 - BackboneTap.Block1 + 1
            && numbers[3] >= 3 && (clip ? numbers[5] > 0 && numbers[6] == 0 : numbers[5] == 0 && match.Groups["exact"].Length == 0);
        return fits
            ? new(
                name, clip ? TransformerFamily.Clip : TransformerFamily.DinoV2, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6],
                !clip || match.Groups["exact"].Length > 0)
            : null;
    }

    private static TransformerArchitecture Clip(string name, int patch, int width, int heads, int depth, int side, int projection) =>
        new(name, TransformerFamily.Clip, patch, width, heads, depth, side / patch, projection, ExactGelu: false);

    [GeneratedRegex("^(?<family>clip|dinov2)_vit_p(?<p>[0-9]{1,3})_w(?<w>[0-9]{1,5})_h(?<h>[0-9]{1,3})_d(?<d>[0-9]{1,2})_g(?<g>[0-9]{1,3})(_o(?<o>[0-9]{1,5}))?(_r(?<r>[0-9]{1,2}))?(?<exact>_gelu)?$")]
    private static partial Regex Shape();
}

/// <summary>Where a vision transformer comes from, which decides on its details.</summary>
public enum TransformerFamily
{
    /// <summary>The image tower of CLIP: a norm before the blocks, the class token pooled and projected, images normalised with CLIP's statistics.</summary>
    Clip,

    /// <summary>DINOv2 (Oquab et al., TMLR 2024): scaled residuals, register tokens in some, images normalised with ImageNet's statistics.</summary>
    DinoV2,
}
