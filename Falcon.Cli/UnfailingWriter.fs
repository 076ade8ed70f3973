namespace Falcon.Cli

open System.IO
open System.Text

/// Passes on what is said as long as anybody listens: a log that is full, or gone, ends no work.
type UnfailingWriter(inner: TextWriter) =
    inherit TextWriter()

    let attempt action =
        try
            action ()
        with
        | :? IOException
        | :? System.UnauthorizedAccessException
        | :? System.ObjectDisposedException -> ()

    override _.Encoding: Encoding = inner.Encoding
    override _.Write(character: char) = attempt (fun () -> inner.Write character)
    override _.Write(text: string | null) = attempt (fun () -> inner.Write text)
    override _.Write(buffer: char array, index: int, count: int) = attempt (fun () -> inner.Write(buffer, index, count))
    override _.WriteLine() = attempt inner.WriteLine
    override _.WriteLine(text: string | null) = attempt (fun () -> inner.WriteLine text)
    override _.Flush() = attempt inner.Flush
