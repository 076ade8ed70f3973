/// Arrays as NumPy's .npy files, format version 1.0 (NEP 1).
module Falcon.Cli.NpyFile

open System
open System.Runtime.InteropServices
open System.Text
open Falcon

[<Literal>]
let private Alignment = 64

/// Magic number, version, and a description padded so that the values begin at a multiple of 64 bytes.
let private header elements width height =
    let description = $"{{'descr': '{elements}', 'fortran_order': False, 'shape': ({height}, {width}), }}"
    let unpadded = 10 + description.Length + 1
    let padding = String(' ', (Alignment - unpadded % Alignment) % Alignment)
    let text = Encoding.ASCII.GetBytes $"{description}{padding}\n"
    Array.concat [ [| 0x93uy |]; "NUMPY"B; [| 1uy; 0uy |]; BitConverter.GetBytes(uint16 text.Length); text ]

/// Writes float32 values of shape (height, width), row-major.
let write path (values: float32[]) width height =
    AtomicFile.Write(
        path,
        fun stream ->
            stream.Write(header "<f4" width height)
            stream.Write(MemoryMarshal.AsBytes(ReadOnlySpan values))
    )

/// Writes values as float16 of shape (height, width), row-major: three digits, and 65504 for what is larger.
let writeHalf path (values: float32[]) width height =
    let largest = float32 Half.MaxValue
    let halves = values |> Array.map (fun value -> Half.op_Explicit (Math.Clamp(value, -largest, largest)): Half)

    AtomicFile.Write(
        path,
        fun stream ->
            stream.Write(header "<f2" width height)
            stream.Write(MemoryMarshal.AsBytes(ReadOnlySpan halves))
    )
