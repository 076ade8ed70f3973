using System.IO.Compression;

namespace Falcon.Imaging;

/// <summary>Reads zlib data piece by piece.</summary>
internal sealed class ZlibReader(Stream compressed) : IDisposable
{
    private readonly ZLibStream _data = new(compressed, CompressionMode.Decompress);

    /// <exception cref="EndOfStreamException">There are not so many bytes.</exception>
    /// <exception cref="InvalidDataException">The data are damaged.</exception>
    public void Fill(Span<byte> bytes)
    {
        try
        {
            _data.ReadExactly(bytes);
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }
    }

    /// <summary>Compares the checksum behind the data that were read.</summary>
    /// <exception cref="InvalidDataException">It is another one.</exception>
    public void Finish()
    {
        try
        {
            _ = _data.ReadByte();
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }
    }

    public void Dispose() => _data.Dispose();

    private static InvalidDataException Damaged() => new("its compressed data are damaged");
}
