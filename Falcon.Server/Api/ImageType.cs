namespace Falcon.Server.Api;

/// <summary>What an image's first bytes say that it is: no caller's word is taken for it.</summary>
internal static class ImageType
{
    /// <summary>The media type of an image.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0x89, (byte)'P', ..] => "image/png",
        [0xFF, 0xD8, ..] => "image/jpeg",
        [(byte)'B', (byte)'M', ..] => "image/bmp",
        [(byte)'R', (byte)'I', ..] => "image/webp",
        _ => "image/tiff",
    };

    /// <summary>The media type of a file that holds an image.</summary>
    public static string Of(string path)
    {
        Span<byte> first = stackalloc byte[4];
        using var file = File.OpenRead(path);
        return Of(first[..file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false)]);
    }
}
