using System.Runtime.InteropServices;
using System.Text;

namespace Falcon.Imaging;

/// <summary>The functions of libfalcon_vision (native/falcon_vision/falcon_vision.h). Failures become <see cref="InvalidDataException"/>.</summary>
internal static unsafe partial class NativeVision
{
    private const string Library = "falcon_vision";
    private const int ErrorSize = 512;

    public static void Decode(ReadOnlySpan<byte> file, int width, int height, Span<byte> rgb)
    {
        var error = stackalloc byte[ErrorSize];
        fixed (byte* data = file, pixels = rgb) Check(falcon_vision_decode(data, file.Length, width, height, pixels, error, ErrorSize), error);
    }

    public static byte[] Encode(string extension, RasterImage image, int quality)
    {
        var file = new MemoryStream();
        var target = GCHandle.Alloc(file);
        try
        {
            var error = stackalloc byte[ErrorSize];
            fixed (byte* pixels = image.Pixels)
            {
                var status = falcon_vision_encode(extension, pixels, image.Width, image.Height, image.Channels, quality,
                    &Write, GCHandle.ToIntPtr(target), error, ErrorSize);
                Check(status, error);
            }
        }
        finally
        {
            target.Free();
        }
        return file.ToArray();
    }

    public static byte[] ColourMap(int map)
    {
        var table = new byte[256 * 3];
        var error = stackalloc byte[ErrorSize];
        fixed (byte* colours = table) Check(falcon_vision_colour_map(map, colours, error, ErrorSize), error);
        return table;
    }

    [UnmanagedCallersOnly]
    private static void Write(nint target, byte* data, long size) =>
        ((MemoryStream)GCHandle.FromIntPtr(target).Target!).Write(new ReadOnlySpan<byte>(data, checked((int)size)));

    private static void Check(int status, byte* error)
    {
        if (status != 0) throw new InvalidDataException(Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(error)));
    }

    [LibraryImport(Library)]
    private static partial int falcon_vision_decode(byte* data, long size, int width, int height, byte* pixels, byte* error, int errorSize);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int falcon_vision_encode(string extension, byte* pixels, int width, int height, int channels, int quality,
        delegate* unmanaged<nint, byte*, long, void> write, nint target, byte* error, int errorSize);

    [LibraryImport(Library)]
    private static partial int falcon_vision_colour_map(int map, byte* colours, byte* error, int errorSize);
}
