using System.Runtime.InteropServices;

namespace Falcon;

/// <summary>Tells files that keep what is written from pipes, devices and sockets, without opening them: a pipe would wait for somebody at its other end.</summary>
public static partial class FileKind
{
    private const int CurrentFolder = -100, ModePlace = 28, StructSize = 256, KindBits = 0xF000;
    private const uint TypeField = 1;

    /// <summary>What a path leads to if that is neither a file nor a folder: <c>a pipe</c>, <c>a device</c>, <c>a socket</c>; null for files, folders and where nothing is.</summary>
    public static string? Special(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var found = new byte[StructSize];
        if (Stat(CurrentFolder, path, 0, TypeField, found) != 0)
            return null;
        return (BitConverter.ToUInt16(found, ModePlace) & KindBits) switch
        {
            0x1000 => "a pipe",
            0x2000 or 0x6000 => "a device",
            0xC000 => "a socket",
            _ => null,
        };
    }

    /// <summary>A finding about a path that is to be read more than once; null where it can be.</summary>
    public static Finding? Fault(string path) => Special(path) is { } kind
        ? new($"is {kind}, and only files can be read here", path, "Save what it gives into a file, and name that.")
        : null;

    /// <summary>Refuses what is no file that can be read more than once.</summary>
    /// <exception cref="InvalidInputException">The path leads to a folder, a pipe, a device or a socket.</exception>
    public static void ThrowIfSpecial(string path)
    {
        if (Fault(path) is { } fault)
            throw new InvalidInputException([fault]);
        if (Directory.Exists(path))
            throw new InvalidInputException("is a folder, and a file is read here", path, "Name a file of it.");
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int folder, string path, int flags, uint mask, [Out] byte[] result);
}
