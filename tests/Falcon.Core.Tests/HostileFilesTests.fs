/// Files of every kind that Falcon reads, mutated: read, or refused in words, soon and with little memory. FALCON_MUTATIONS sets how many there are of each kind, for
/// long runs (`FALCON_MUTATIONS=100000`).
module Falcon.Core.Tests.HostileFilesTests

open System
open System.Buffers.Binary
open System.Diagnostics
open System.IO
open System.Text
open Expecto
open Falcon.Tests
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests.Imaging
open Falcon.Data
open Falcon.Detection
open Falcon.Imaging
open Falcon.Methods
open Falcon.Randomness
open Falcon.Results
open Falcon.Weights

let private mutations =
    match Int32.TryParse(Environment.GetEnvironmentVariable "FALCON_MUTATIONS") with
    | true, count -> count
    | _ -> 300

/// The longest that a file may take, and the most memory beyond some times its size.
let private patience, memory = TimeSpan.FromSeconds 2.0, 64L <<< 20

let private extremes = [| 0u; 1u; 0x7FFFu; 0xFFFFu; 0x10000u; 0x7FFFFFFFu; 0x80000000u; 0xFFFFFFFEu; 0xFFFFFFFFu |]

/// Some bytes changed, taken out, doubled or cut off; numbers made extreme, in either order of bytes and in digits.
let private mutate (random: Random) (file: byte array) =
    let mutable bytes = Array.copy file
    let place () = random.Next(max 1 bytes.Length)
    // Headers decide more than what follows.
    let early () = if random.Next 2 = 0 then random.Next(max 1 (min 64 bytes.Length)) else place ()

    for _ in 0 .. random.Next 4 do
        if bytes.Length > 0 then
            let at = early ()
            let length = 1 + random.Next(max 1 (min 32 (bytes.Length - at)))

            match random.Next 8 with
            | 0
            | 1 -> bytes[at] <- byte (random.Next 256)
            | 2 -> bytes[at] <- bytes[at] ^^^ (1uy <<< random.Next 8)
            | 3 when at + 4 <= bytes.Length ->
                BinaryPrimitives.WriteUInt32LittleEndian(Span(bytes, at, 4), extremes[random.Next extremes.Length])
            | 4 when at + 4 <= bytes.Length ->
                BinaryPrimitives.WriteUInt32BigEndian(Span(bytes, at, 4), extremes[random.Next extremes.Length])
            | 5 -> bytes <- Array.append bytes[.. at - 1] bytes[at + length ..]
            | 6 -> bytes <- Array.concat [ bytes[.. at - 1]; bytes[at .. at + length - 1]; bytes[at..] ]
            | 7 when random.Next 4 = 0 -> bytes <- bytes[.. place () - 1]
            | _ ->
                match Array.tryFindIndexBack Char.IsAsciiDigit [| for value in bytes[..at] -> char value |] with
                | Some digit -> bytes <- Array.concat [ bytes[.. digit - 1]; "99999999999"B; bytes[digit + 1 ..] ]
                | None -> ()

    bytes

/// What a reader made of a file that it should not have; none where it read it, or refused it in words.
let private complaint (read: byte array -> unit) (bytes: byte array) =
    let before, watch = GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew()

    let failure =
        try
            read bytes
            None
        with
        | :? InvalidInputException
        | :? InvalidDataException -> None
        | error -> Some $"{error.GetType().Name}: {error.Message}\n{error.StackTrace}"

    let took, allocated = watch.Elapsed, GC.GetAllocatedBytesForCurrentThread() - before

    if failure.IsSome then failure
    elif took > patience then Some $"took {took.TotalSeconds:F1} s"
    elif allocated > memory + 8L * int64 bytes.Length then Some $"allocated {allocated >>> 20} MB"
    else None

let private survives name (files: (string * byte array) list) (read: byte array -> unit) =
    for kind, file in files do
        // Once may be the machine's other work.
        let complains bytes = (complaint read bytes).IsSome && (complaint read bytes).IsSome

        for seed in 0 .. mutations / files.Length do
            let bytes = mutate (Random(seed + 7919 * String.length kind)) file

            if complains bytes then
                failtest $"{name}, {kind}, seed {seed}, {bytes.Length} bytes: {Option.get (complaint read bytes)}"

let private inFile (folder: Scratch.Folder) name (read: string -> unit) (bytes: byte array) =
    File.WriteAllBytes(folder.File name, bytes)
    read (folder.File name)

let private npy =
    use stream = new MemoryStream()
    NpyArray.Write(stream, ReadOnlySpan(Array.init 48 float32), 8, 6)
    stream.ToArray()

/// A small detector's file.
let private detector =
    lazy
        (use folder = new Scratch.Folder()

         let photos =
             [| for seed in 1..3 do
                    let random = Random seed
                    ImageFile.WritePng(folder.File $"{seed}.png", RasterImage(32, 32, 3, Array.init 3072 (fun _ -> byte (random.Next 256))))
                    ImageItem(folder.File $"{seed}.png", $"{seed}.png", "good", false) |]

         let options = PadimOptions(Backbone = "compact", InputSize = 32, Channels = 4)
         use teacher = Teacher.Random("compact", MasterSeed 1L, options.DeepestTap)
         use detector = CalibratedTraining.Run(options, teacher, photos, MasterSeed 0L)
         detector.SaveTrained(folder.File "part.falcon")
         File.ReadAllBytes(folder.File "part.falcon"))

let private scores = "image,label,score\ntest/good/000.png,0,1.25\n\"test/crack/0,1.png\",1,7.5\ntest/crack/002.png,1,6\n"

let private names =
    "{\"normal\": \"good\", \"normalTest\": \"more\", \"abnormal\": \"bad\", \"masks\": \"truth\", \"maskLevel\": 128}"

[<Tests>]
let tests =
    testList
        "Hostile files"
        [ test "mutated images are read or refused" {
              let files = [ for case, _ in ReferenceFiles.readable -> case.Name, case.File ]
              survives "image" files (fun bytes -> ImageFile.DecodeRgb(bytes, "mutated") |> ignore)
          }
          test "mutated weights are read or refused" {
              use folder = new Scratch.Folder()
              let fixture name = name, File.ReadAllBytes(Fixtures.require [ "parity"; "weights"; name ])
              let files = List.map fixture [ "zip.pth"; "legacy.pth"; "checkpoint.pth"; "expected.safetensors" ]

              survives
                  "weights"
                  files
                  (inFile folder "mutated.pth" (fun path ->
                      use file = WeightFile.Open path

                      for name in file.Names |> Seq.truncate 4 do
                          file.Read name |> ignore))
          }
          test "mutated maps are read or refused" {
              use folder = new Scratch.Folder()
              survives "map" [ "npy", npy ] (inFile folder "mutated.npy" (AnomalyMapFile.Read >> ignore))
          }
          test "mutated tables of scores are read or refused" {
              use folder = new Scratch.Folder()
              let read path = LabelledScores.Read path |> ignore
              survives "scores" [ "csv", Encoding.UTF8.GetBytes scores ] (inFile folder "mutated.csv" read)
          }
          test "mutated descriptions of data are read or refused" {
              use folder = new Scratch.Folder()
              Data.ImageTree.writeImage 8 8 (folder.File "good/000.png")
              let read _ = (DataFolder.Detect(folder.File "")).Categories |> Seq.length |> ignore
              survives "description" [ "json", Encoding.UTF8.GetBytes names ] (inFile folder FolderNames.FileName read)
          }
          test "mutated detectors are read or refused" {
              use folder = new Scratch.Folder()
              let read path = Detector.CardOf path |> ignore
              survives "detector" [ "card", detector.Value ] (inFile folder "mutated.falcon" read)
          }
          test "a detector whose card does not suit what it has learnt is refused before anything is computed" {
              use folder = new Scratch.Folder()
              let whole = Encoding.Latin1.GetString detector.Value
              use teacher = Teacher.Random("compact", MasterSeed 1L, PadimOptions(Backbone = "compact").DeepestTap)

              let load (text: string) =
                  File.WriteAllBytes(folder.File "part.falcon", Encoding.Latin1.GetBytes text)
                  Detector.Load(folder.File "part.falcon", teacher).Dispose()

              load whole

              for before, after, said in
                  [ @"channels\u0022:4", @"channels\u0022:9", "its options ask for [64, 9]"
                    @"inputSize\u0022:32", @"inputSize\u0022:64", "its options ask for [256, 4]"
                    "[64,4]", "[4,64]", "as Float32 [4, 64]"
                    "[3,4,8,8]", "[3,8,4,8]", "its options ask for […, 4, 8, 8]"
                    "gaussians.mean", "gaussians.meen", "lacks 'gaussians.mean'" ] do
                  Expect.stringContains whole before "what is changed"
                  let error = raised<InvalidInputException>(fun () -> load (whole.Replace(before, after)))
                  Expect.stringContains error.Message said after

              let notFinite = whole.Substring(0, whole.Length - 4) + "\000\000\192\127"
              let error = raised<InvalidInputException>(fun () -> load notFinite)
              Expect.stringContains error.Message "are not finite" "no number"

              let impossible: MethodOptions list =
                  [ PadimOptions(InputSize = 1000000)
                    PatchCoreOptions(ShorterSide = Nullable 1000000)
                    StpmOptions(SmoothingSigma = 1e300) ]

              for options in impossible do
                  Expect.isNonEmpty (options.Check()) $"{options} would take all memory"
          } ]
