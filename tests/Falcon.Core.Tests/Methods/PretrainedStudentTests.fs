/// Students that start from their teachers' weights.
module Falcon.Core.Tests.Methods.PretrainedStudentTests

open Expecto
open TorchSharp
open Falcon.Backbones
open Falcon.Methods
open Falcon.Randomness

let private largest (options: MethodOptions) =
    use teacher = Teacher.Random(Seq.head options.Teachers, MasterSeed 1L, options.DeepestTap)
    use network = options.CreateNetwork(teacher, MasterSeed 2L)
    network.Train false
    use generator = new torch.Generator(3UL)
    use images = torch.randn ([| 2L; 3L; 64L; 64L |], generator = generator)
    use map = network.Map images
    map.abs().max().item<float32>()

/// A method with drawn students, and with those of the teacher.
let private methods: (string * (MethodOptions * MethodOptions)) list =
    [ "STPM",
      (StpmOptions(StpmOptions.DistillationAdRecipe, InputSize = 64),
       StpmOptions(StpmOptions.DistillationAdRecipe, InputSize = 64, PretrainedStudent = true))
      "MixedTeacher", (MixedTeacherOptions(InputSize = 64), MixedTeacherOptions(InputSize = 64, PretrainedStudents = true))
      "MixedTeacher, repo",
      (MixedTeacherOptions(MixedTeacherOptions.DistillationAdRecipe, InputSize = 64),
       MixedTeacherOptions(MixedTeacherOptions.DistillationAdRecipe, InputSize = 64, PretrainedStudents = true)) ]

let private names = List.map fst methods

[<Tests>]
let tests =
    testList
        "Pretrained student"
        [ testTheory "a student with its teacher's weights finds nothing before it has learnt" names (fun (name: string) ->
              let drawn, pretrained = methods |> List.find (fst >> (=) name) |> snd
              let expected, found = largest drawn, largest pretrained
              Expect.isLessThan found (1e-5f * expected) $"{found} where a student with other weights finds {expected}") ]
