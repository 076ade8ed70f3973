namespace Falcon.Cli

open System.IO
open System.Text

/// Passes on what is said as long as anybody listens: a log that is full, or gone, ends no work. What was lost is remembered.
type UnfailingWriter(inner: TextWriter) =
    inherit TextWriter()

    let mutable fault: string | null = null

    let attempt action =
        try
            action ()
        with
        | :? IOException
        | :? System.UnauthorizedAccessException
        | :? System.ObjectDisposedException as error -> if isNull fault then fault <- error.Message

    /// Why not everything has been passed on; null where it has.
    member _.Fault = fault

    override _.Encoding: Encoding = inner.Encoding
    override _.Write(character: char) = attempt (fun () -> inner.Write character)
    override _.Write(text: string | null) = attempt (fun () -> inner.Write text)
    override _.Write(buffer: char array, index: int, count: int) = attempt (fun () -> inner.Write(buffer, index, count))
    override _.WriteLine() = attempt inner.WriteLine
    override _.WriteLine(text: string | null) = attempt (fun () -> inner.WriteLine text)
    override _.Flush() = attempt inner.Flush

    /// Of a standard stream, 1 or 2. Where it is closed everything is lost.
    static member OfStandard(descriptor: int, stream: unit -> TextWriter) =
        new UnfailingWriter(if StandardStream.isClosed descriptor then new ClosedWriter() :> TextWriter else stream ())

/// What there is in place of a stream that is closed.
and private ClosedWriter() =
    inherit TextWriter()
    override _.Encoding: Encoding = UTF8Encoding false
    override _.Write(_: char) : unit = raise (IOException "it is closed")
