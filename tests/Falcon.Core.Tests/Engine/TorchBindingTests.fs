module Falcon.Core.Tests.TorchBindingTests

open System
open System.IO
open System.Runtime.InteropServices
open Expecto
open Falcon
open Falcon.Core.Tests
open Falcon.Engine
open Falcon.Tests

/// TorchSharp's native binding, as its package has it.
let private packaged () =
    let file =
        [ AppContext.BaseDirectory; Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native") ]
        |> List.map (fun folder -> Path.Combine(folder, "libLibTorchSharp.so"))
        |> List.tryFind File.Exists

    match file with
    | Some file when OperatingSystem.IsLinux() -> file
    | _ -> skiptest "The binding of Linux is not beside the tests."

let private broken (bytes: byte array) = raised<InvalidDataException>(fun () -> ElfLibrary bytes |> ignore)

[<Tests>]
let tests =
    testList
        "TorchSharp's binding"
        [ test "is copied just where the C++ library lacks what it asks for" {
              if OperatingSystem.IsLinux() then
                  let library = NativeLibrary.Load "libstdc++.so.6"
                  let found, _ = NativeLibrary.TryGetExport(library, "_ZSt21ios_base_library_initv")
                  Expect.equal TorchBinding.NeedsCopy (not found) "whether a copy is needed"
              else
                  Expect.isFalse TorchBinding.NeedsCopy "whether a copy is needed"
          }
          test "the copy has another version and another symbol, and no other byte" {
              let original = packaged ()
              use scratch = new Scratch.Folder()
              let copy = TorchBinding.Copy(original, scratch.File "native")
              let before, after = File.ReadAllBytes original, File.ReadAllBytes copy
              Expect.equal after.Length before.Length "length"
              // Hash and name of the version, name and version of the symbol: 4 + 4 + 4 + 2 bytes at most.
              let changed = Seq.zip before after |> Seq.filter (fun (a, b) -> a <> b) |> Seq.length
              Expect.isBetween changed 3 14 "changed bytes"

              for action in
                  [ fun (library: ElfLibrary) ->
                        library.ReplaceSymbol("_ZSt21ios_base_library_initv", "_ZNSt6chrono3_V212steady_clock3nowEv")
                    fun library -> library.ReplaceVersion("libstdc++.so.6", "GLIBCXX_3.4.32", "GLIBCXX_3.4.21") ] do
                  action (ElfLibrary before)
                  raised<InvalidDataException>(fun () -> action (ElfLibrary after)) |> ignore
          }
          test "a copy lies under the digest of its original and is written once" {
              let original = packaged ()
              use scratch = new Scratch.Folder()
              let copy = TorchBinding.Copy(original, scratch.File "native")
              let written = File.GetLastWriteTimeUtc copy
              Expect.stringContains copy (FileDigest.Sha256 original) "path"
              Expect.equal (TorchBinding.Copy(original, scratch.File "native")) copy "path of the second"
              Expect.equal (File.GetLastWriteTimeUtc copy) written "time of writing"
              Expect.equal (Directory.GetFiles(nonNull (Path.GetDirectoryName copy))) [| copy |] "files"
          }
          test "what is no shared library, or only the beginning of one, is refused" {
              let original = File.ReadAllBytes(packaged ())
              broken [||] |> ignore
              broken "#!/bin/sh"B |> ignore
              broken (Array.truncate 64 original) |> ignore
              broken (Array.truncate 100_000 original) |> ignore

              raised<InvalidDataException>(fun () -> ElfLibrary(original).ReplaceSymbol("no_such_symbol", "nor_this"))
              |> ignore

              raised<InvalidDataException>(fun () -> ElfLibrary(original).ReplaceVersion("libz.so.1", "A", "B")) |> ignore
          } ]
