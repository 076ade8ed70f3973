namespace Falcon.Protocol;

/// <summary>Which gray values of a mask file mean defect.</summary>
/// <param name="Level">Values above this one do, from 0 to 254. Null decides for every file: above 127 if the file has such values, which removes compression noise
/// between black and white, else above 0, as masks of small class numbers need.</param>
public sealed record MaskThreshold(byte? Level = null)
{
    private const byte Half = 127;

    /// <summary>Decides for every file.</summary>
    public static MaskThreshold Automatic { get; } = new();

    /// <summary>The level for one file.</summary>
    /// <param name="gray">All gray values of the file.</param>
    public byte LevelFor(ReadOnlySpan<byte> gray) => Level ?? (gray.ContainsAnyExceptInRange((byte)0, Half) ? Half : (byte)0);
}
