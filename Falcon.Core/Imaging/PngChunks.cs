using System.Buffers.Binary;
using System.IO.Hashing;

namespace Falcon.Imaging;

/// <summary>The chunks of a PNG file (ISO/IEC 15948).</summary>
internal static class PngChunks
{
    /// <summary>Whether a chunk of this content is the one that is looked for.</summary>
    public delegate bool Acceptance(ReadOnlySpan<byte> content);

    private const int Signature = 8, Frame = 12;

    /// <summary>Looks whether all chunks are there and have their check sums.</summary>
    /// <exception cref="EndOfStreamException">The last one is not there.</exception>
    /// <exception cref="InvalidDataException">One is damaged.</exception>
    public static void Check(ReadOnlySpan<byte> file)
    {
        for (var at = Signature; ;)
        {
            if (at + Frame > file.Length) throw new EndOfStreamException();
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - Frame) throw new EndOfStreamException();
            var chunk = file.Slice(at + 4, (int)length + 4);
            if (Crc32.HashToUInt32(chunk) != BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + (int)length)..]))
                throw new InvalidDataException("its content is damaged: a check sum is wrong");
            if (chunk.StartsWith("IEND"u8)) return;
            at += (int)length + Frame;
        }
    }

    /// <summary>The content of the first chunk of a kind; empty when there is none.</summary>
    /// <param name="file">A file, or its beginning.</param>
    /// <param name="kind">Four letters.</param>
    /// <param name="accepts">Tells whether a chunk of the kind is the one that is looked for; null for the first one.</param>
    /// <exception cref="EndOfStreamException">The data end before all chunks have been seen.</exception>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> file, ReadOnlySpan<byte> kind, Acceptance? accepts = null)
    {
        for (long at = Signature; ;)
        {
            if (at + Frame > file.Length) throw new EndOfStreamException();
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[(int)at..]);
            var name = file.Slice((int)at + 4, 4);
            if (name.SequenceEqual(kind))
            {
                if (length > file.Length - at - Frame) throw new EndOfStreamException();
                var content = file.Slice((int)at + 8, (int)length);
                if (accepts is null || accepts(content)) return content;
            }
            if (name.SequenceEqual("IEND"u8)) return [];
            at += length + Frame;
        }
    }
}
