using System.Runtime.InteropServices;
using System.Text;

namespace Falcon.Imaging;

/// <summary>JPEG by libfalcon_vision (native/falcon_vision/falcon_vision.h): baseline and progressive, gray, YCbCr, RGB, CMYK and YCCK.</summary>
internal static unsafe partial class JpegCodec
{
    private const string Library = "falcon_vision";
    private const int ErrorSize = 256, Done = 0, Truncated = 1;

    /// <exception cref="EndOfStreamException">The data end before the image does.</exception>
    /// <exception cref="InvalidDataException">The data are damaged.</exception>
    public static RasterImage Decode(ReadOnlySpan<byte> file, int width, int height, bool isCmyk)
    {
        var image = RasterImage.Uninitialised(width, height, 3);
        if (!isCmyk)
        {
            Decode(file, width, height, 3, image.Pixels);
            return image;
        }
        var inks = new byte[checked(width * height * 4)];
        Decode(file, width, height, 4, inks);
        SampleLayout.Cmyk(8, 4, littleEndian: true).ToRgb(inks, image.Pixels);
        return image;
    }

    public static byte[] Encode(RasterImage image, int quality)
    {
        var file = new MemoryStream();
        var target = GCHandle.Alloc(file);
        try
        {
            var error = stackalloc byte[ErrorSize];
            fixed (byte* pixels = image.Pixels)
            {
                var status = falcon_vision_encode_jpeg(pixels, image.Width, image.Height, image.Channels, quality, &Write, GCHandle.ToIntPtr(target), error);
                Check(status, error);
            }
        }
        finally
        {
            target.Free();
        }
        return file.ToArray();
    }

    [UnmanagedCallersOnly]
    private static void Write(nint target, byte* data, long size) =>
        ((MemoryStream)GCHandle.FromIntPtr(target).Target!).Write(new ReadOnlySpan<byte>(data, checked((int)size)));

    private static void Decode(ReadOnlySpan<byte> file, int width, int height, int channels, byte[] target)
    {
        var error = stackalloc byte[ErrorSize];
        fixed (byte* data = file, pixels = target) Check(falcon_vision_decode_jpeg(data, file.Length, width, height, channels, pixels, error), error);
    }

    private static void Check(int status, byte* error)
    {
        if (status == Done) return;
        if (status == Truncated) throw new EndOfStreamException();
        throw new InvalidDataException($"its JPEG data are damaged ({Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(error))})");
    }

    [LibraryImport(Library)]
    private static partial int falcon_vision_decode_jpeg(byte* data, long size, int width, int height, int channels, byte* pixels, byte* error);

    [LibraryImport(Library)]
    private static partial int falcon_vision_encode_jpeg(byte* pixels, int width, int height, int channels, int quality,
        delegate* unmanaged<nint, byte*, long, void> write, nint target, byte* error);
}
