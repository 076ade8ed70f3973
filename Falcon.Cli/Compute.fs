/// What training and prediction run on.
module Falcon.Cli.Compute

open Falcon
open Falcon.Backbones
open Falcon.Diagnostics
open Falcon.Experiments
open Falcon.Training
open TorchSharp

/// The device of the session, if this machine has it; sets the number of threads of tensor operations.
let device (session: Session) : torch.Device =
    ComputeThreads.Use session.Options.Threads
    let name = session.Options.Device

    if not (HostInfo.Has name) then
        raise (
            InvalidInputException(
                "this machine has no such device, or Falcon was built without CUDA",
                $"--device {name}",
                "Use --device cpu, or see docs/dependencies.md for a build with CUDA; 'falcon doctor' lists the devices."
            )
        )

    torch.device name

/// The weights of a teacher.
let weightsOf teacher = TeacherWeights.find teacher |> Validation.require

/// The weights that --teacher names.
let teacherWeights given = weightsOf (Teacher.named given)

/// The teacher of a method, in a precision.
let loadTeacherIn precision (session: Session) method (weights: TeacherWeights) =
    let device = device session

    if weights.IsDrawn then
        Session.warn session "the teacher's weights are random: scores will be poor"

    TeacherWeights.load method precision device weights

/// The teacher of a method.
let loadTeacher session = loadTeacherIn Precision.Float32 session
