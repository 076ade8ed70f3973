using System.Runtime.InteropServices;
using TorchSharp;

namespace Falcon.Engine;

/// <summary>Lets the numbers that TorchSharp hands to libtorch live until libtorch is done with them. TorchSharp 0.107 wraps each in an object, passes the object's handle on and
/// forgets it, so that a garbage collection on another thread frees the number while the operation still reads it: trainings failed at random, and could have computed
/// with wrong numbers (TorchSharp's pull request 1434 mends it). Here the function that frees a number only notes it, and frees it a minute later.</summary>
/// <remarks>Works where it has been tried, on Linux x64. The entry of the function is overwritten in memory by a jump.</remarks>
internal static unsafe partial class ScalarLifetime
{
    private const string Function = "THSTorch_dispose_scalar";
    private const int Readable = 1, Writable = 2, Executable = 4;
    private const long Delay = 60_000;

    private static readonly Lock Gate = new();
    private static readonly Queue<(long Since, nint Scalar)> Waiting = new();

    /// <summary>Whether numbers live long enough in this process.</summary>
    public static bool IsExtended { get; private set; }

    /// <summary>Extends the life of numbers; called once, before the first network is made.</summary>
    public static void Extend()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return;
        // Loads the binding if nothing has yet.
        _ = torch.get_num_threads();
        if (!NativeLibrary.TryLoad(TorchBinding.Name, typeof(torch).Assembly, null, out var library) || !NativeLibrary.TryGetExport(library, Function, out var entry))
            return;
        // mov rax, target; jmp rax
        Span<byte> jump = [0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xE0];
        MemoryMarshal.Write(jump[2..], (nint)(delegate* unmanaged<nint, void>)&Free);
        var page = entry & -Environment.SystemPageSize;
        var length = (nuint)(entry + jump.Length - page);
        if (ChangeProtection(page, length, Readable | Writable | Executable) != 0)
            return;
        jump.CopyTo(new Span<byte>((void*)entry, jump.Length));
        IsExtended = ChangeProtection(page, length, Readable | Executable) == 0;
    }

    [UnmanagedCallersOnly]
    private static void Free(nint scalar)
    {
        var now = Environment.TickCount64;
        lock (Gate)
        {
            Waiting.Enqueue((now, scalar));
            while (Waiting.Peek().Since + Delay < now)
                NativeMemory.Free((void*)Waiting.Dequeue().Scalar);
        }
    }

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int ChangeProtection(nint address, nuint length, int protection);
}
