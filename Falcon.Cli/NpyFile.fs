/// Arrays as NumPy's .npy files, format version 1.0 (NEP 1).
module Falcon.Cli.NpyFile

open System
open System.IO
open System.Runtime.InteropServices
open System.Text
open Falcon

[<Literal>]
let private Alignment = 64

/// Magic number, version, and a description padded so that the values begin at a multiple of 64 bytes.
let private header width height =
    let description = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({height}, {width}), }}"
    let unpadded = 10 + description.Length + 1
    let padding = String(' ', (Alignment - unpadded % Alignment) % Alignment)
    let text = Encoding.ASCII.GetBytes $"{description}{padding}\n"
    Array.concat [ [| 0x93uy |]; "NUMPY"B; [| 1uy; 0uy |]; BitConverter.GetBytes(uint16 text.Length); text ]

/// Writes float32 values of shape (height, width), row-major.
let write path (values: float32[]) width height =
    AtomicFile.Write(
        path,
        fun stream ->
            stream.Write(header width height)
            stream.Write(MemoryMarshal.AsBytes(ReadOnlySpan values))
    )
