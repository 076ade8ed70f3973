module Falcon.Experiments.Store.Durable

open System
open System.IO
open System.Runtime.InteropServices
open Falcon

[<DllImport("libc", EntryPoint = "open", SetLastError = true)>]
extern int private openFolder([<MarshalAs(UnmanagedType.LPUTF8Str)>] string path, int flags)

[<DllImport("libc", EntryPoint = "fsync", SetLastError = true)>]
extern int private fsync(int descriptor)

[<DllImport("libc", EntryPoint = "close")>]
extern int private close(int descriptor)

let private sharing = FileShare.ReadWrite ||| FileShare.Delete

let create (path: string) =
    let openNew () = new FileStream(path, FileMode.Create, FileAccess.Write, sharing, 1 <<< 16)

    try
        openNew ()
    with :? DirectoryNotFoundException ->
        Directory.CreateDirectory(nonNull (Path.GetDirectoryName path)) |> ignore
        openNew ()

let private tryReadThere (path: string) =
    try
        use file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, sharing)
        let content = Array.zeroCreate (int (RandomAccess.GetLength file))
        let length = RandomAccess.Read(file, content.AsSpan(), 0L)
        Some(if length = content.Length then content else Array.truncate length content)
    with
    | :? FileNotFoundException
    | :? DirectoryNotFoundException -> None

/// Most of what is asked for is missing, and an exception costs far more than a question.
let tryRead (path: string) = if File.Exists path then tryReadThere path else None

let flushFile (path: string) =
    use file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, sharing)
    RandomAccess.FlushToDisk file

let flushFolder path =
    if OperatingSystem.IsLinux() then
        let descriptor = openFolder (path, 0)

        if descriptor >= 0 then
            let failed = fsync descriptor <> 0
            let error = Marshal.GetLastPInvokeError()
            close descriptor |> ignore
            // Some network file systems do not know how to flush a folder; they write names through.
            let isUnsupported = error = 22

            if failed && not isUnsupported then
                raise (IOException(Marshal.GetPInvokeErrorMessage error, error))

let private readOnly = UnixFileMode.UserRead ||| UnixFileMode.GroupRead ||| UnixFileMode.OtherRead

let publish (temporary: string) (target: string) =
    flushFile temporary

    if not (OperatingSystem.IsWindows()) then
        File.SetUnixFileMode(temporary, readOnly)

    let folder = nonNull (Path.GetDirectoryName target)

    if not (Directory.Exists folder) then
        Directory.CreateDirectory folder |> ignore
        flushFolder (nonNull (Path.GetDirectoryName folder))

    File.Move(temporary, target, overwrite = true)
    flushFolder folder

let delete (path: string) =
    try
        File.Delete path
    with :? DirectoryNotFoundException ->
        ()

let write temporary target (content: byte array) =
    try
        using (create temporary) (fun file -> file.Write(content, 0, content.Length))
        publish temporary target
    with _ ->
        delete temporary
        reraise ()

let rec deleteFolder (path: string) =
    try
        Directory.Delete(path, true)
    with
    | :? DirectoryNotFoundException -> ()
    | :? FileNotFoundException -> deleteFolder path

let rec files (folder: string) =
    try
        [ for path in Directory.GetFiles folder do
              match FileStamp.tryRead path with
              | ValueSome stamp -> path, stamp
              | ValueNone -> ()

          for inner in Directory.GetDirectories folder do
              yield! files inner ]
    with :? DirectoryNotFoundException ->
        []

let reportingFullDisk (store: string) (action: unit -> 'T) =
    try
        action ()
    with :? IOException as error when DiskFullException.IsReason error ->
        raise (
            DiskFullException(
                $"the disk is full ({error.Message})",
                store,
                "Shrink the store (falcon cache gc --max-size), free space otherwise, or let FALCON_STORE name a folder on a larger disk; "
                + "then run again: what is stored stays valid."
            )
        )
