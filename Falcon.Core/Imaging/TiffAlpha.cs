namespace Falcon.Imaging;

/// <summary>
/// Keeps the colours of TIFF files with transparency. The decoder multiplies them by an alpha that is declared "unassociated" (section 18 of TIFF 6.0) and
/// leaves them alone when it is declared "associated"; Falcon drops alpha and wants the colours as stored.
/// </summary>
internal static class TiffAlpha
{
    private const byte Associated = 1, Unassociated = 2;

    /// <summary>The file with its alpha declared associated; any other file itself.</summary>
    public static ReadOnlySpan<byte> Declared(ReadOnlySpan<byte> file)
    {
        if (file is not ([(byte)'I', (byte)'I', ..] or [(byte)'M', (byte)'M', ..])) return file;
        var directory = new TiffDirectory(file);
        if (directory.Value(TiffTag.ExtraSamples) != Unassociated || directory.Place(TiffTag.ExtraSamples) is not { } place) return file;
        var changed = file.ToArray();
        changed[file[0] == 'I' ? place : place + 1] = Associated;
        return changed;
    }
}
