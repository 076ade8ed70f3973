namespace Falcon.Experiments.Store

open System.Text.Json
open System.Text.Json.Nodes

/// The one spelling of a JSON value, so that equal values have equal digests. It is that of RFC 8785 (members sorted by UTF-16 code units, no white
/// space, the fewest escapes, doubles in the shortest form that reads back the same) except that a whole number keeps all its digits and that
/// exponents are written as .NET does (`1E-07`). 1 and 1.0 are one value, as are 0 and -0.
[<Struct>]
type Canonical =
    private
    | Canonical of text: string

    /// JSON without line breaks.
    member Text: string

module Canonical =
    /// The spelling of a JSON value. An `ArgumentException` names a member that stands twice in one object, or a number beyond doubles.
    val ofNode: node: JsonNode | null -> Canonical

    /// The spelling of a record: members by their declared names, none and null as `null`, cases of unions and enumerations by name, doubles that
    /// are no numbers as `"NaN"`, `"Infinity"`, `"-Infinity"`. Polymorphic types and converters of System.Text.Json are followed.
    val ofValue: value: 'T -> Canonical

    /// Every value in it that has no parts, by its path behind a prefix: `record.epochs`, `record.layers[2]`.
    val internal leaves: prefix: string -> value: Canonical -> (string * string) list

    /// An object of members that are spelt already. An `ArgumentException` names a member that stands twice.
    val internal ofMembers: members: (string * Canonical) list -> Canonical

    /// An object with one more member.
    val internal withMember: name: string -> value: Canonical -> object: Canonical -> Canonical

    /// Writes a string.
    val internal appendText: out: System.Text.StringBuilder -> text: string -> unit

    /// A string.
    val internal ofText: text: string -> Canonical

    /// A text that is spelt so already: part of a document that has been read back by its key.
    val internal ofSpelt: text: string -> Canonical

    /// The spelling of parsed JSON; otherwise as `ofNode`.
    val internal ofElement: value: JsonElement -> Canonical
