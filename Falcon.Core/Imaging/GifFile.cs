using System.Buffers.Binary;

namespace Falcon.Imaging;

/// <summary>The blocks of a GIF file (GIF89a).</summary>
internal static class GifFile
{
    private const int Header = 13, Extension = 0x21, Control = 0xF9, Picture = 0x2C, Trailer = 0x3B;

    /// <summary>The size of the picture.</summary>
    /// <exception cref="EndOfStreamException">The data end before the header does.</exception>
    public static (long Width, long Height) SizeOf(ReadOnlySpan<byte> data) => data.Length < Header
        ? throw new EndOfStreamException()
        : (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]), BinaryPrimitives.ReadUInt16LittleEndian(data[8..]));

    /// <summary>How many pictures follow one another.</summary>
    /// <exception cref="EndOfStreamException">The file is truncated.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static int Frames(ReadOnlySpan<byte> file)
    {
        var frames = 0;
        foreach (var (kind, _) in Blocks(file.ToArray()))
            frames += kind == Picture ? 1 : 0;
        return frames;
    }

    /// <summary>A copy in which no colour is transparent: alpha is dropped, as of every photo.</summary>
    public static byte[] Opaque(ReadOnlySpan<byte> file)
    {
        const int HasTransparentColour = 1;
        var copy = file.ToArray();
        foreach (var (kind, at) in Blocks(copy))
        {
            if (kind == Extension && copy[at + 1] == Control) copy[at + 3] &= unchecked((byte)~HasTransparentColour);
        }
        return copy;
    }

    private static IEnumerable<(int Kind, int At)> Blocks(byte[] file)
    {
        for (var at = Header + ColoursOf(At(file, 10)); ;)
        {
            var (kind, start) = (At(file, at), at);
            switch (kind)
            {
                case Trailer:
                    yield break;
                case Extension:
                    at += 2;
                    break;
                case Picture:
                    at += 11 + ColoursOf(At(file, at + 9));
                    break;
                default:
                    throw new InvalidDataException("it is a GIF file whose content is damaged");
            }
            for (int size = At(file, at); size > 0; size = At(file, at)) at += size + 1;
            at++;
            yield return (kind, start);
        }
    }

    private static int At(byte[] file, int at) => at < file.Length ? file[at] : throw new EndOfStreamException();

    private static int ColoursOf(int flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
}
