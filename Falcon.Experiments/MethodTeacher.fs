/// Which teacher a method learns from: the one that was asked for, else the best at hand.
module Falcon.Experiments.MethodTeacher

open Falcon
open Falcon.Methods

let private require found =
    match found with
    | Ok value -> value
    | Error findings -> raise (InvalidInputException(Array.ofList findings))

/// The options with the architecture of their teacher: that of the weights that were asked for, else of the best at hand that the method allows. Raises what is wrong with
/// the two together; a teacher that is not there is not reported here, but by `weights`.
///
///     MethodTeacher.taught None (StpmOptions())
let taught (given: TeacherSource option) (options: MethodOptions) =
    let teacher =
        given
        |> Option.defaultWith (fun () ->
            Teacher.usual (if options.NamesBackbone then [ options.Backbone ] else List.ofSeq options.Teachers))

    match TeacherWeights.find teacher with
    | Ok weights -> TeacherWeights.teach teacher weights options |> Result.mapError List.singleton |> require
    | Error _ -> options

/// The weights that options of a settled architecture learn from.
///
///     MethodTeacher.weights None options
let weights (given: TeacherSource option) (options: MethodOptions) =
    // The options may have settled the architecture otherwise than the best teacher would.
    given |> Option.defaultWith (fun () -> Teacher.usual [ options.Backbone ]) |> TeacherWeights.find |> require
