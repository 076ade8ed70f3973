module Falcon.Experiments.Store.SealedText

open System
open System.Text

let private mark = "\nsha256 "

let private sealOf (text: byte array) = Encoding.ASCII.GetBytes $"{mark}{(Digest.ofBytes text).Hex}\n"

let private sealLength = mark.Length + 64 + 1

let seal (text: string) =
    let content = Encoding.UTF8.GetBytes text
    Array.append content (sealOf content)

let private unseal (content: byte array) =
    if content.Length < sealLength then
        Error "it is truncated"
    else
        let text = Array.truncate (content.Length - sealLength) content

        if content.AsSpan(text.Length).SequenceEqual(ReadOnlySpan(sealOf text)) then
            Ok(Encoding.UTF8.GetString text)
        else
            Error "its checksum does not fit its content"

let tryRead path = Durable.tryRead path |> Option.map unseal
