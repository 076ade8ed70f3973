namespace Falcon.Experiments

open System
open System.Collections.Concurrent
open Falcon.Backbones
open Falcon.Experiments.Stages
open Falcon.Experiments.Store
open Falcon.Methods
open TorchSharp

/// The teachers of a study on one device, each loaded once, when something is computed with it for the first time.
[<Sealed>]
type internal LoadedTeachers(device: string, locate: TeacherSource -> TeacherWeights * Digest) =
    let loaded = ConcurrentDictionary<string * BackboneTap * Precision, Lazy<Teacher>>()

    member _.Of(source: TeacherSource, method: MethodOptions, format: FeatureFormat) : StudyTeacher =
        let weights, digest = locate source

        // What identifies the teacher's features, for people.
        let name =
            match weights with
            | TeacherWeights.InFile _ -> $"{method.Backbone} {digest.Hex}"
            | TeacherWeights.Drawn seed -> $"{method.Backbone} random, seed {seed.Value}"

        let teacher =
            loaded.GetOrAdd(
                (name, method.DeepestTap, format.Precision),
                (fun _ -> lazy TeacherWeights.load method format.Precision (torch.device device) weights)
            )

        { Backbone = method.Backbone; Name = name; Digest = digest; Format = format; Load = fun () -> teacher.Value }

    interface IDisposable with
        member _.Dispose() =
            for teacher in loaded.Values do
                if teacher.IsValueCreated then teacher.Value.Dispose()
