module Falcon.Core.Tests.Parity.SuitesTests

open System
open System.Collections.Generic
open System.IO
open Expecto
open Falcon.Tests
open Falcon.Core.Tests
open Falcon.Data
open Falcon.Parity
open Falcon.Weights

/// All of these must be computed and within their tolerances; gives their number.
let private passed (results: ParityResult seq) =
    let results = List.ofSeq results
    let failed = results |> List.filter (fun result -> not result.Passed)
    Expect.isTrue failed.IsEmpty (failed |> List.map string |> String.concat "\n")
    results.Length

let private stored (suite: IParitySuite) = Fixtures.require [ "parity"; suite.Name ]

let private other = Recording("held", 3, InputSize(96, 64))

/// The shapes of everything that the files of a folder hold.
let private shapes (suite: IParitySuite) folder =
    [ for name in suite.Files do
          use file = SafetensorsFile.Open(Path.Combine(folder, name))

          for tensor in file.Names do
              tensor, List.ofSeq (file.Entry tensor).Shape ]

/// Writes a file again with its tensors and its metadata changed.
let private rewrite (edit: StoredTensor -> StoredTensor) (tag: string) folder name =
    let path = Path.Combine(folder, name)

    let tensors =
        use file = SafetensorsFile.Open path
        [| for stored in file.Names -> edit (file.Read stored) |]

    SafetensorsWriter.Write(path, tensors, dict [ "tag", tag ] |> Dictionary)

/// The tensor of this name blank.
let private blank name (tensor: StoredTensor) =
    if tensor.Name = name then
        StoredTensor(name, tensor.Type, tensor.Shape, ReadOnlyMemory(Array.zeroCreate tensor.Bytes.Length))
    else
        tensor

let private renamed name (tensor: StoredTensor) =
    if tensor.Name = name then
        StoredTensor($"{name}.again", tensor.Type, tensor.Shape, tensor.Bytes)
    else
        tensor

let private failures (suite: IParitySuite) folder =
    [ for result in suite.Replay folder do
          if not result.Passed then result.Tensor ]

let private command arguments =
    use out = new StringWriter()
    use error = new StringWriter()
    let code = ParityCommand.Run(arguments, out, error)
    code, string out, string error

[<Tests>]
let tests =
    testList
        "Parity suites"
        [ yield!
              [ for suite in ParitySuites.OfFixtures ->
                    let short = List.ofSeq suite.Files |> List.except suite.LongFiles
                    let left = String.Join(" and ", suite.LongFiles)
                    let but = if left = "" then "" else $" but for {left}, which take minutes and are the command's"

                    test $"{suite.Name}: every tensor of the reference is computed{but}" {
                        Expect.isGreaterThan (suite.Replay(stored suite, short) |> passed) 50 "tensors compared"
                    } ]
          yield!
              // Those left out take seconds each on two cores.
              [ for suite in
                    ParitySuites.OfFixtures
                    |> Seq.filter (fun suite ->
                        not (List.contains suite.Name [ "efficientad"; "mrkd"; "rdpp"; "dbfad"; "reverse-distillation"; "pcsnet" ])) ->
                    test $"{suite.Name}: a fixture of three oblong images under another tag is replayed" {
                        use folder = new Scratch.Folder()
                        suite.Record(folder.File "", other)
                        Expect.isGreaterThan (suite.Replay(folder.File "") |> passed) 10 "tensors compared"

                        for name, shape in shapes suite (folder.File "") do
                            if name.EndsWith ".map_raw" then Expect.equal shape [ 3L; 64L; 96L ] name
                    } ]
          test "every layout of weight files gives the same tensors, and bad files are refused" {
              Expect.equal (WeightsParity().Replay(stored (WeightsParity())) |> passed) (3 * 11 + 6 * 3) "replay weights parity"
          }
          test "the relative error is NaN for another length and absolute where all stored values are zero" {
              let error (actual: float list) (expected: float list) =
                  ParityFixture.RelativeError(ReadOnlySpan(Array.ofList actual), ReadOnlySpan(Array.ofList expected))

              Expect.isNaN (error [ 1.0 ] [ 1.0; 2.0 ]) "error 1.0 2.0"
              Expect.equal (error [ 1.0; 3.5 ] [ 1.0; -4.0 ] - 1.75) 0.125 "error 1.0 3.5 4.0 1.75"
              Expect.equal (error [ 0.5 ] [ 0.0 ]) 0.5 "error 0.5 0.0"
              Expect.isNaN (error [ nan; 0.0 ] [ 0.0; 0.0 ]) "error nan 0.0"
          }
          test "what differs from a fixture fails: a result, an input, the tag, a tensor that nothing computes" {
              use folder = new Scratch.Folder()
              let suite = SspcabParity()

              for kind, edit, tag in
                  [ "result", blank "wide.losses", other.Tag
                    "input", blank "input", other.Tag
                    "tag", id, "another"
                    "name", renamed "wide.losses", other.Tag ] do
                  let at = Directory.CreateDirectory(folder.File kind).FullName
                  suite.Record(at, other)
                  rewrite id other.Tag at "train.safetensors"
                  Expect.isEmpty (failures suite at) kind
                  rewrite edit tag at "train.safetensors"
                  Expect.isNonEmpty (failures suite at) kind
          }
          test "the command says what it compared, and exits with 1 when a tolerance is exceeded" {
              use folder = new Scratch.Folder()
              let at = Directory.CreateDirectory(folder.File "sspcab").FullName
              SspcabParity().Record(at, other)
              let code, out, _ = command [| at |]
              Expect.equal code 0 out
              Expect.stringContains out "block.output" "table"
              rewrite (blank "block.losses") other.Tag at "train.safetensors"
              let code, out, _ = command [| at; "--json" |]
              Expect.equal code 1 out
              use json = System.Text.Json.JsonDocument.Parse out
              Expect.isFalse (json.RootElement.GetProperty("passed").GetBoolean()) "passed"
          }
          test "the command exits with 2 and names everything that is wrong with its input" {
              use folder = new Scratch.Folder()
              let unknown = Directory.CreateDirectory(folder.File "hawk").FullName
              let empty = Directory.CreateDirectory(folder.File "stpm").FullName
              let code, _, error = command [| unknown; empty; folder.File "nowhere" |]
              Expect.equal code 2 error

              for part in [ "no suite is called 'hawk'"; "reverse-distillation"; "train.safetensors"; "no such folder" ] do
                  Expect.stringContains error part "error"

              let code, _, error = command [| "--jsn" |]
              Expect.equal code 2 error
          } ]
