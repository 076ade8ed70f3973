namespace Falcon.Experiments.Store

open System
open System.Buffers
open System.Security.Cryptography
open System.Text
open Falcon

[<Struct>]
type Digest =
    private
    | Digest of hex: string

    member this.Hex =
        let (Digest hex) = this
        hex

    override this.ToString() = this.Hex

[<Struct>]
type Key =
    private
    | Key of hex: string

    member this.Hex =
        let (Key hex) = this
        hex

    override this.ToString() = this.Hex

module private Hex =
    let sha256 (content: byte array) = Convert.ToHexStringLower(SHA256.HashData content)

    let private digits = System.Buffers.SearchValues.Create "0123456789abcdef"

    let isSha256 (hex: string) =
        hex.Length = 2 * SHA256.HashSizeInBytes && MemoryExtensions.IndexOfAnyExcept(hex.AsSpan(), digits) < 0

module Digest =
    let ofFile path = Digest(FileDigest.Sha256 path)

    let ofBytes content = Digest(Hex.sha256 content)

    let tryParse hex = if Hex.isSha256 hex then Some(Digest hex) else None

module Key =
    let ofDocument (document: string) = Key(Hex.sha256 (Encoding.UTF8.GetBytes document))

    let ofWritten (document: StringBuilder) =
        let characters = ArrayPool<char>.Shared.Rent document.Length
        let bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount document.Length)

        try
            document.CopyTo(0, characters, 0, document.Length)
            let length = Encoding.UTF8.GetBytes(characters, 0, document.Length, bytes, 0)
            Key(Convert.ToHexStringLower(SHA256.HashData(ReadOnlySpan(bytes, 0, length))))
        finally
            ArrayPool<char>.Shared.Return characters
            ArrayPool<byte>.Shared.Return bytes

    let tryParse hex = if Hex.isSha256 hex then Some(Key hex) else None
