namespace Falcon.Experiments.Store

open System
open System.IO
open System.Runtime.InteropServices

[<Struct>]
type FileStamp = { Size: int64; Modified: int64; Changed: int64; Inode: uint64 }

module FileStamp =
    [<DllImport("libc", EntryPoint = "statx")>]
    extern int private statx(int folder, [<MarshalAs(UnmanagedType.LPUTF8Str)>] string path, int flags, uint32 mask, byte[] result)

    let private currentFolder = -100
    let private forceSync = 0x2000
    let private basicFields = 0x7ffu
    let private settlingTime = 2_000_000_000L

    let private nanoseconds (time: DateTime) = (time - DateTime.UnixEpoch).Ticks * 100L

    /// The places of fields in `struct statx`, which are the same on every processor.
    let private inode, size, changed, modified, structSize = 32, 40, 96, 112, 256

    let private ofLinux flags path =
        let found = Array.zeroCreate<byte> structSize

        if statx (currentFolder, path, flags, basicFields, found) <> 0 then
            ValueNone
        else
            let time place =
                BitConverter.ToInt64(found, place) * 1_000_000_000L + int64 (BitConverter.ToUInt32(found, place + 8))

            ValueSome
                { Size = BitConverter.ToInt64(found, size)
                  Modified = time modified
                  Changed = time changed
                  Inode = BitConverter.ToUInt64(found, inode) }

    let private ofOthers (path: string) =
        let file = FileInfo path

        if not file.Exists then
            ValueNone
        else
            ValueSome { Size = file.Length; Modified = nanoseconds file.LastWriteTimeUtc; Changed = 0L; Inode = 0UL }

    let tryRead path = if OperatingSystem.IsLinux() then ofLinux 0 path else ofOthers path

    let tryReadFresh path = if OperatingSystem.IsLinux() then ofLinux forceSync path else ofOthers path

    let hasSettled stamp = nanoseconds DateTime.UtcNow - max stamp.Modified stamp.Changed > settlingTime

    let modifiedAt stamp = DateTimeOffset.UnixEpoch.AddTicks(stamp.Modified / 100L)
