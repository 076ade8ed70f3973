module Falcon.Core.Tests.Weights.OnnxGraphTests

open System.IO
open Expecto
open Falcon
open Falcon.Core.Tests
open Falcon.Tests
open Falcon.Weights
open Google.Protobuf

/// A message of ONNX: fields by their numbers.
let private message (write: CodedOutputStream -> unit) =
    use bytes = new MemoryStream()
    use output = new CodedOutputStream(bytes)
    write output
    output.Flush()
    ByteString.CopyFrom(bytes.ToArray())

let private bytes (output: CodedOutputStream) field (content: ByteString) =
    output.WriteTag(field, WireFormat.WireType.LengthDelimited)
    output.WriteBytes content

let private text output field (content: string) = bytes output field (ByteString.CopyFromUtf8 content)

let private whole (output: CodedOutputStream) field value =
    output.WriteTag(field, WireFormat.WireType.Varint)
    output.WriteInt64 value

let private tensor kind =
    message (fun output ->
        whole output 1 2L
        whole output 1 1L
        whole output 2 kind
        bytes output 4 (message (fun floats -> Seq.iter floats.WriteFloat [ 0.5f; -3.0f ]))
        text output 8 "W")

let private node =
    message (fun output ->
        text output 1 "image"
        text output 1 "W"
        text output 2 "map"
        text output 3 "first"
        text output 4 "Conv"
        bytes output 5 (message (fun attribute -> text attribute 1 "pads")))

let private model kind =
    message (fun output ->
        whole output 1 3L

        bytes
            output
            7
            (message (fun graph ->
                bytes graph 1 node
                text graph 2 "a graph"
                bytes graph 5 (tensor kind))))

let private read (content: byte array) =
    use folder = new Scratch.Folder()
    let path = folder.File "network.onnx"
    File.WriteAllBytes(path, content)
    OnnxGraph.Read path

let private refused content = (raised<InvalidInputException>(fun () -> read content |> ignore)).Message

[<Tests>]
let tests =
    testList
        "ONNX graphs"
        [ test "nodes come with what they read and write, constants with their shape and values" {
              let graph = read ((model 1L).ToByteArray())
              let node = Seq.exactlyOne graph.Nodes
              Expect.equal (node.Operation, List.ofSeq node.Inputs, List.ofSeq node.Outputs) ("Conv", [ "image"; "W" ], [ "map" ]) "node"
              let expected = StoredTensor.Of("W", [| 0.5f; -3.0f |], 2L, 1L)
              let constant = graph.Constant "W"
              Expect.sequenceEqual constant.Shape expected.Shape "shape"
              Expect.equal (constant.Bytes.ToArray()) (expected.Bytes.ToArray()) "values"
              let missing = raised<InvalidInputException>(fun () -> graph.Constant "V" |> ignore)
              Expect.stringContains missing.Message "'V'" "a constant that is not there"
          }
          test "a file that is cut or no ONNX, and constants of another type, are refused with the file's name" {
              let whole = (model 1L).ToByteArray()

              for wrong in [ whole[.. whole.Length - 3]; "something else"B ] do
                  Expect.stringContains (refused wrong) "network.onnx: cannot be read" "message"

              Expect.stringContains (refused ((model 7L).ToByteArray())) "float32" "message of other numbers"
          } ]
