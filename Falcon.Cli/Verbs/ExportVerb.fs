module Falcon.Cli.ExportVerb

open System.IO
open Argu
open Falcon
open Falcon.Detection
open Falcon.Export
open Falcon.Cli.Validation

type ExportArgument =
    | [<Mandatory>] Model of file: string
    | [<Mandatory>] Out of file: string
    | Photos of image: string list

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Model _ -> "a model file that 'falcon train' wrote"
            | Out _ -> "the ONNX file to write"
            | Photos _ -> "photos of parts, or folders of them, to prove the file on beside drawn ones"

/// An ONNX file begins with the version of its format, as Protocol Buffers write a first number.
let private onnx: OutputPath.Kind =
    { Name = "ONNX file"
      IsOne =
        fun path ->
            use file = File.OpenRead path
            file.ReadByte() = 0x08 }

let private photos session (given: string list) = if given.IsEmpty then Ok [] else ImageArgument.collect session given

let private run session (arguments: ParseResults<ExportArgument>) =
    let model = arguments.GetResult Model

    let detector, out, images =
        require (
            validation {
                let! detector = attempt (fun () -> Detector.Load(model, Compute.device session))
                and! out = OutputPath.fileBeside [ model ] onnx "--out" (arguments.GetResult Out)
                and! images = photos session (arguments.GetResults Photos |> List.concat)
                return detector, out, images
            }
        )

    use detector = detector
    ImageArgument.checkReadable session detector images

    let proof =
        OnnxExport.Write(detector, out, OnnxProof.runtime, Array.ofList images, FileDigest.Sha256 model, session.Cancellation)

    let size = FileInfo(out).Length

    if session.Options.Json then
        Json.write
            session
            (Json.object
                [ "model", Json.text model
                  "out", Json.text out
                  "bytes", Json.whole size
                  "threshold", Json.number detector.Threshold
                  "proof",
                  Json.object
                      [ "images", Json.whole proof.Images
                        "anomalous", Json.whole proof.Anomalous
                        "threads", Json.array (proof.Threads |> Seq.map (int64 >> Json.whole))
                        "runtime", Json.text proof.Runtime
                        "map", Json.number proof.Map
                        "score", Json.number proof.Score ] ])
    else
        let threads = proof.Threads |> Seq.map string |> String.concat " and "

        session.Out.WriteLine
            $"proof: {proof.Images} images, {proof.Anomalous} of them anomalous, on {threads} threads by {proof.Runtime}: the same verdicts"

        session.Out.WriteLine
            $"maps differ by at most {proof.Map:G2}, scores by at most {proof.Score:G2} of the threshold, above it of themselves (allowed: {ExportProof.Tolerance:G2})"

        session.Out.WriteLine $"{detector.Card.Method.DisplayName}, {float size / 1e6:F1} MB: {out}"

    ExitCode.Fine

let verb =
    Verb.create
        "export"
        "writes a detector as an ONNX file, proven by ONNX Runtime to say the same"
        "falcon export --model bottle.falcon --out bottle.onnx"
        [ CommonOption.Threads; CommonOption.Quiet; CommonOption.Json; CommonOption.Extension ]
        run
