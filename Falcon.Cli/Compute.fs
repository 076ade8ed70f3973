/// What training and prediction run on.
module Falcon.Cli.Compute

open System.IO
open Falcon
open Falcon.Backbones
open Falcon.Diagnostics
open Falcon.Methods
open Falcon.Randomness
open Falcon.Training
open Falcon.Weights
open TorchSharp

/// The device of the session, if this machine has it; sets the number of threads of tensor operations.
let device session : torch.Device =
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

/// Where a teacher's weights come from.
type TeacherWeights =
    | InFile of path: string
    | Drawn

/// Options for the architecture that the catalogue knows for these weights, where the method allows it.
let fitted (given: string) (options: MethodOptions) = if File.Exists given then options else options.SuitedTo given

/// What --teacher names: a file, weights that 'falcon weights list' shows as fetched or imported, or "random".
let teacherWeights (given: string) =
    if given = "random" then
        Drawn
    elif File.Exists given || (given.Contains '+' && given.Split '+' |> Array.forall File.Exists) then
        InFile given
    else
        match WeightsStore.OfUser().Find given with
        | null ->
            raise (
                InvalidInputException(
                    "there is neither such a file nor fetched weights of this name",
                    $"--teacher {given}",
                    "Give the path of a safetensors or PyTorch file, or fetch weights: falcon weights fetch resnet18."
                )
            )
        | path -> InFile path

/// The teacher of a method, as deep as the method needs, in a precision.
let loadTeacherIn precision session (options: MethodOptions) backbone weights =
    let device = device session

    match weights with
    | InFile path -> Teacher.Load(path, backbone, options.DeepestTap, precision, device)
    | Drawn ->
        Session.warn session "the teacher's weights are random: scores will be poor"
        Teacher.Random(backbone, MasterSeed 0L, options.DeepestTap, precision, device)

/// The teacher of a method, as deep as the method needs.
let loadTeacher session = loadTeacherIn Precision.Float32 session
