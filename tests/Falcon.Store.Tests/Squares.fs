/// A stage that is easy to check: from a number it makes two contents that follow from it alone.
module Falcon.Store.Tests.Squares

open System
open System.IO
open System.Threading
open Falcon.Experiments.Store

type Options = { Number: int; Bytes: int }

let call options = StageCall.create "square" 1 (Canonical.ofValue options) []

/// Neighbours (0 and 1, 2 and 3, …) have the same first content.
let content options =
    let bytes = Array.zeroCreate<byte> options.Bytes
    Random(options.Number / 2).NextBytes bytes
    bytes

let text options = Text.Encoding.UTF8.GetBytes $"{options.Number}² = {options.Number * options.Number}"

/// One content as a file in the workspace, one written to a stream.
let compute options (workspace: Workspace) =
    let file = Path.Combine(workspace.Folder, "content")
    File.WriteAllBytes(file, content options)

    [ "content", Output.File file
      "text", Output.Written(fun stream -> stream.Write(text options, 0, (text options).Length)) ]

let getOrRun store options = Store.getOrRun store CancellationToken.None (call options) (compute options)

let isRight options (result: StageResult) =
    File.ReadAllBytes result.Outputs["content"].Path = content options
    && File.ReadAllBytes result.Outputs["text"].Path = text options

/// Where the store keeps the entry of an application.
let entryPath (store: string) options =
    let call = call options
    Path.Combine(store, "actions", call.Stage, call.Key.Hex.Substring(0, 2), call.Key.Hex)

/// Where the store keeps a content.
let blobPath (store: string) (content: byte array) =
    let digest = (Digest.ofBytes content).Hex
    Path.Combine(store, "blobs", digest.Substring(0, 2), digest)

let private writable (path: string) = File.SetUnixFileMode(path, UnixFileMode.UserRead ||| UnixFileMode.UserWrite)

let flipBit (path: string) (bit: int64) =
    writable path
    use file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite)
    let bit = bit % (8L * file.Length)
    file.Position <- bit / 8L
    let value = file.ReadByte()
    file.Position <- bit / 8L
    file.WriteByte(byte value ^^^ (1uy <<< int (bit % 8L)))

let truncate (path: string) (length: int64) =
    writable path
    use file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite)
    file.SetLength length
