namespace Falcon.Experiments

open System
open System.Collections.Concurrent
open Falcon.Backbones
open Falcon.Experiments.Stages
open Falcon.Methods
open TorchSharp

/// The teachers of a study on one device, each loaded once, when something is computed with it for the first time.
[<Sealed>]
type internal Teachers(device: string, locate: TeacherSource -> TeacherWeights.Located) =
    let loaded = ConcurrentDictionary<string * BackboneTap * Precision, Lazy<Teacher>>()

    member _.Of(source: TeacherSource, method: MethodOptions, format: FeatureFormat) : StudyTeacher =
        let weights = locate source
        let backbone = TeacherWeights.backbone method
        let name = TeacherWeights.name weights method

        let teacher =
            loaded.GetOrAdd(
                (name, method.DeepestTap, format.Precision),
                (fun _ -> lazy TeacherWeights.load device weights method format.Precision)
            )

        { Backbone = backbone
          Name = name
          Digest = TeacherWeights.digest weights
          Format = format
          Load = fun () -> teacher.Value }

    interface IDisposable with
        member _.Dispose() =
            for teacher in loaded.Values do
                if teacher.IsValueCreated then teacher.Value.Dispose()
