namespace Falcon.Methods;

/// <summary>Draws FALCON's patches in the order of the specification, section 4.3. A patch depends on the object and on earlier draws, never on pixel values.</summary>
/// <param name="draw">A uniform whole number between two bounds, both included.</param>
/// <param name="patterns">The shapes that may be drawn.</param>
public sealed class NoiseSampler(Func<int, int, int> draw, NoisePatterns patterns = NoisePatterns.All)
{
    private const int SpotSize = 8;
    private const int MaximalRedraws = 100;

    private readonly NoisePatterns[] _patterns = [.. Enum.GetValues<NoisePatterns>().Where(p => p != NoisePatterns.All && patterns.HasFlag(p))];

    /// <summary>The patches of one image; none when it shows no object.</summary>
    public IEnumerable<NoisePatch> Draw(ObjectMask mask)
    {
        if (mask.Pixels.Length == 0)
            yield break;
        for (var i = 0; i < mask.PatchCount; i++)
            yield return DrawPatch(mask);
    }

    private NoisePatch DrawPatch(ObjectMask mask)
    {
        int width = mask.Width, height = mask.Height;
        var index = draw(0, mask.Pixels.Length - 1);
        var (cy, cx) = Math.DivRem(mask.Pixels[index], width);
        var pattern = _patterns[draw(0, _patterns.Length - 1)];
        switch (pattern)
        {
            case NoisePatterns.Spot:
                return Away(new(pattern, index, cy, cx, SpotSize, SpotSize, false, 0, 0), width, height, SpotSize, SpotSize);
            case NoisePatterns.Line:
                {
                    var thickness = draw(2, 4);
                    var length = draw(20, 60);
                    var vertical = draw(0, 1) == 1;
                    var line = new NoisePatch(pattern, index, cy, cx, thickness, length, vertical, 0, 0);
                    var target = line.Target(width, height);
                    return Source(line, width, height, vertical ? target.Height : thickness, vertical ? thickness : target.Width);
                }
            default:
                {
                    var area = new NoisePatch(pattern, index, cy, cx, draw(20, 40), draw(20, 40), false, 0, 0);
                    var target = area.Target(width, height);
                    return Away(area, width, height, target.Height, target.Width);
                }
        }
    }

    private NoisePatch Source(NoisePatch patch, int width, int height, int blockHeight, int blockWidth) =>
        patch with { SourceY = draw(0, Math.Max(0, height - blockHeight)), SourceX = draw(0, Math.Max(0, width - blockWidth)) };

    /// <summary>Draws the source until its corner is away from the centre in at least one direction.</summary>
    private NoisePatch Away(NoisePatch patch, int width, int height, int blockHeight, int blockWidth)
    {
        var drawn = Source(patch, width, height, blockHeight, blockWidth);
        for (var i = 0; i < MaximalRedraws && TooNear(drawn); i++)
            drawn = Source(patch, width, height, blockHeight, blockWidth);
        return drawn;

        bool TooNear(NoisePatch p) => Math.Abs(p.SourceY - p.CentreY) < blockHeight && Math.Abs(p.SourceX - p.CentreX) < blockWidth;
    }
}
