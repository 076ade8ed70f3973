/// The streams that a command is given, where it may have been given none.
module Falcon.Cli.StandardStream

open System
open System.Runtime.InteropServices

[<DllImport("libc", EntryPoint = "fcntl")>]
extern int private fcntl(int descriptor, int command)

let private descriptorFlags, statusFlags = 1, 3
let private closesOnExec, accessMode, readOnly = 1, 3, 0

/// Whether standard output (1) or standard error (2) is closed, as by >&-. Its number belongs to another file of the process then, to which nothing of ours may be written: one that does not
/// survive the start of a program, as what a program is given does, or that is only read.
let isClosed (descriptor: int) =
    not (OperatingSystem.IsWindows())
    && (let flags = fcntl (descriptor, descriptorFlags)

        flags < 0 || flags &&& closesOnExec <> 0 || fcntl (descriptor, statusFlags) &&& accessMode = readOnly)
