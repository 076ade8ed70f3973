namespace Falcon.Experiments.Store

/// SHA-256 of a content.
[<Struct>]
type Digest =
    private
    | Digest of hex: string

    /// 64 lower-case hexadecimal digits.
    member Hex: string

/// SHA-256 of everything that determines the result of a stage: which stage, with which options, on which inputs.
[<Struct>]
type Key =
    private
    | Key of hex: string

    /// 64 lower-case hexadecimal digits.
    member Hex: string

module Digest =
    /// The digest of a file's content.
    /// An `InvalidInputException` says that the file is missing or cannot be read.
    val ofFile: path: string -> Digest

    val ofBytes: content: byte array -> Digest

    /// 64 lower-case hexadecimal digits; anything else is none.
    val tryParse: hex: string -> Digest option

module Key =
    /// The key of a canonical document.
    val internal ofDocument: document: string -> Key

    /// The same of a document in the making.
    val internal ofWritten: document: System.Text.StringBuilder -> Key

    /// 64 lower-case hexadecimal digits; anything else is none.
    val tryParse: hex: string -> Key option
