using System.Text.RegularExpressions;

namespace Falcon.Weights;

/// <summary>The names that DINOv2's code, timm, and Hugging Face's DINOv2 and CLIP give the tensors of a vision transformer, and open_clip's names of the same.</summary>
internal static partial class TransformerNames
{
    /// <summary>The table of positions.</summary>
    public const string Positions = "positional_embedding";

    private const string Class = "class_embedding", Registers = "register_tokens", Projection = "proj";

    /// <summary>Theirs, as patterns of whole names, and ours; N stands for the number of a block. Query, key and value follow each other.</summary>
    private static readonly (Regex Theirs, string Ours, int Part)[] All =
    [
        Pair(@"cls_token|embeddings\.cls_token|embeddings\.class_embedding", Class),
        Pair(@"pos_embed|embeddings\.position_embeddings|embeddings\.position_embedding\.weight", Positions),
        Pair(@"register_tokens|reg_token|embeddings\.register_tokens", Registers),
        Pair(@"mask_token|embeddings\.mask_token", "mask_token"),
        Pair(@"head\.weight|visual_projection\.weight", Projection),
        Pair(@"(?:patch_embed\.proj|embeddings\.patch_embeddings\.projection|embeddings\.patch_embedding)\.(?<end>weight|bias)", "conv1.END"),
        Pair(@"(?:norm_pre|pre_layrnorm)\.(?<end>weight|bias)", "ln_pre.END"),
        Pair(@"(?:norm|layernorm|post_layernorm)\.(?<end>weight|bias)", "ln_post.END"),
        Pair(@"BLOCK(?:norm|layer_norm)1\.(?<end>weight|bias)", "N.ln_1.END"),
        Pair(@"BLOCK(?:norm|layer_norm)2\.(?<end>weight|bias)", "N.ln_2.END"),
        Pair(@"BLOCK(?:attn\.qkv|attention\.attention\.query|self_attn\.q_proj)\.(?<end>weight|bias)", "N.attn.in_proj_END"),
        Pair(@"BLOCK(?:attention\.attention\.key|self_attn\.k_proj)\.(?<end>weight|bias)", "N.attn.in_proj_END", 1),
        Pair(@"BLOCK(?:attention\.attention\.value|self_attn\.v_proj)\.(?<end>weight|bias)", "N.attn.in_proj_END", 2),
        Pair(@"BLOCK(?:attn\.proj|attention\.output\.dense|self_attn\.out_proj)\.(?<end>weight|bias)", "N.attn.out_proj.END"),
        Pair(@"BLOCK(?:ls1\.gamma|layer_scale1\.lambda1)", "N.ls_1.gamma"),
        Pair(@"BLOCK(?:ls2\.gamma|layer_scale2\.lambda1)", "N.ls_2.gamma"),
        Pair(@"BLOCKmlp\.fc1\.(?<end>weight|bias)", "N.mlp.c_fc.END"),
        Pair(@"BLOCKmlp\.fc2\.(?<end>weight|bias)", "N.mlp.c_proj.END"),
    ];

    /// <summary>What stands before the names of a transformer that others wrote; null where the names are open_clip's, or no transformer's.</summary>
    public static string? PrefixOf(IEnumerable<string> names) =>
        names.Select(name => Mark().Match(name)).FirstOrDefault(match => match.Success)?.Groups["prefix"].Value;

    /// <summary>Whether a tensor is the class token of a transformer with open_clip's names.</summary>
    public static bool IsClassToken(string name) => name == Class || name.EndsWith($".{Class}", StringComparison.Ordinal);

    /// <summary>A name in open_clip's way; null for a tensor of another network in the same file.</summary>
    public static Own? Translate(string stored, string prefix)
    {
        var inside = stored.StartsWith(prefix, StringComparison.Ordinal);
        // Hugging Face's projection stands beside the tower.
        var name = inside ? stored[prefix.Length..] : stored.Split('.') is [.., "visual_projection", "weight"] ? "visual_projection.weight" : null;
        if (name is null or "embeddings.position_ids")
            return null;
        foreach (var (theirs, ours, part) in All)
            if (theirs.Match(name) is { Success: true } match)
                return new(ours.Replace("N.", $"transformer.resblocks.{match.Groups["block"].Value}.").Replace("END", match.Groups["end"].Value), part)
                {
                    Transposed = ours == Projection,
                    IsTable = ours is Class or Positions or Registers,
                    IsVector = ours == Class,
                };
        return new(name, 0);
    }

    private static (Regex Theirs, string Ours, int Part) Pair(string theirs, string ours, int part = 0) =>
        (new($"^(?:{theirs.Replace("BLOCK", @"(?:blocks|encoder\.layers?)\.(?<block>\d+)\.")})$", RegexOptions.CultureInvariant), ours, part);

    [GeneratedRegex(@"^(?<prefix>(.*?\.)?)(cls_token|embeddings\.cls_token|embeddings\.class_embedding)$")]
    private static partial Regex Mark();

    /// <summary>Where a tensor belongs.</summary>
    /// <param name="Name">open_clip's name.</param>
    /// <param name="Part">Its place among those that are stacked under this name.</param>
    public sealed record Own(string Name, int Part)
    {
        /// <summary>Whether it is stored transposed.</summary>
        public bool Transposed { get; init; }

        /// <summary>Whether it is one token or a table of tokens, which may have leading sides of 1.</summary>
        public bool IsTable { get; init; }

        /// <summary>Whether it is one token.</summary>
        public bool IsVector { get; init; }
    }
}
