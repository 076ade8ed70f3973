using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace Falcon.Engine;

/// <summary>Loads TorchSharp's native binding on Linux systems whose C++ library is older than the binding's compiler (Debian 12, Ubuntu 22.04).</summary>
/// <remarks>The binding asks for a version of libstdc++ for the sake of one symbol, which only says that the library itself initialises its streams; older ones
/// need no such call. There, and only there, a copy in the user's cache folder is used in which this call goes to a function without effects that is imported anyway.</remarks>
public static class TorchBinding
{
    internal const string Name = "LibTorchSharp";
    private const string CppLibrary = "libstdc++.so.6";
    private const string MissingVersion = "GLIBCXX_3.4.32", MissingSymbol = "_ZSt21ios_base_library_initv";
    private const string KnownVersion = "GLIBCXX_3.4.21", HarmlessSymbol = "_ZNSt6chrono3_V212steady_clock3nowEv";

    // Asked when the binding is first looked for, not at the start of every process.
    private static readonly Lazy<bool> Asked = new(() =>
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad(CppLibrary, out var library) && !NativeLibrary.TryGetExport(library, MissingSymbol, out _));

    private static int _inUse;

    /// <summary>Whether this system needs the copy. Asks its C++ library for the symbol.</summary>
    public static bool NeedsCopy => Asked.Value;

    /// <summary>Which file is at work, in words.</summary>
    public static string Description => NeedsCopy
        ? $"a copy for this system's older C++ library, in {CacheFolder}"
        : "as packaged";

    /// <summary>Where copies are kept: <c>XDG_CACHE_HOME</c>, else <c>~/.cache</c>.</summary>
    internal static string CacheFolder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } cache && Path.IsPathRooted(cache)
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "falcon",
        "native");

    /// <summary>Lets the binding be found. Programs that use TorchSharp before anything of Falcon call it first; others need not.</summary>
#pragma warning disable CA2255 // Must precede the first use of the binding, whoever causes it.
    [ModuleInitializer]
#pragma warning restore CA2255
    public static void Use()
    {
        if (OperatingSystem.IsLinux() && Interlocked.Exchange(ref _inUse, 1) == 0)
            AssemblyLoadContext.GetLoadContext(typeof(TorchBinding).Assembly)!.ResolvingUnmanagedDll += (_, name) => name == Name && NeedsCopy ? Load() : 0;
    }

    /// <summary>Writes the copy, unless it is there.</summary>
    /// <param name="original">The binding as packaged.</param>
    /// <param name="folder">Where copies are kept.</param>
    /// <returns>The copy's path, which contains the original's digest.</returns>
    internal static string Copy(string original, string folder)
    {
        var copy = Path.Combine(folder, FileDigest.Sha256(original), Path.GetFileName(original));
        if (!File.Exists(copy) || new FileInfo(copy).Length != new FileInfo(original).Length)
        {
            var library = new ElfLibrary(File.ReadAllBytes(original));
            library.ReplaceVersion(CppLibrary, MissingVersion, KnownVersion);
            library.ReplaceSymbol(MissingSymbol, HarmlessSymbol);
            AtomicFile.Write(copy, stream => stream.Write(library.Bytes));
        }
        return copy;
    }

    private static nint Load()
    {
        if (Packaged() is not { } original)
            return 0;
        // The copy finds these by their names, as they are loaded already.
        foreach (var needed in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
            NativeLibrary.Load(Path.Combine(Path.GetDirectoryName(original)!, needed));
        try
        {
            // A user without a home has no cache either.
            if (Path.IsPathRooted(CacheFolder))
                return NativeLibrary.Load(Copy(original, CacheFolder));
        }
        catch (InvalidInputException)
        {
            // It cannot be written.
        }
        var folder = Directory.CreateTempSubdirectory("falcon-").FullName;
        var library = NativeLibrary.Load(Copy(original, folder));
        Directory.Delete(folder, recursive: true);
        return library;
    }

    /// <summary>The binding among the places where .NET looks for native libraries.</summary>
    private static string? Packaged()
    {
        var searched = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var beside = typeof(torch).Assembly.Location is { Length: > 0 } file ? Path.GetDirectoryName(file)! : AppContext.BaseDirectory;
        string[] folders = [.. searched, beside, Path.Combine(beside, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"),
            Path.Combine(beside, "runtimes", "linux-x64", "native")];
        return folders.Select(folder => Path.Combine(folder, $"lib{Name}.so")).FirstOrDefault(File.Exists);
    }
}
