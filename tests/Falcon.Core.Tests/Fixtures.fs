/// Where the shared fixtures are: reference tensors, real photos and weights that are too large for the repository.
module Falcon.Core.Tests.Fixtures

open System
open System.IO
open Expecto

/// The folder of the checkout, found upwards from the test program.
let repositoryRoot: string option =
    (DirectoryInfo AppContext.BaseDirectory: DirectoryInfo | null)
    |> Seq.unfold (fun folder ->
        match folder with
        | null -> None
        | folder -> Some(folder.FullName, folder.Parent))
    |> Seq.tryFind (fun folder -> File.Exists(Path.Combine(folder, "Directory.Packages.props")))

/// The shared folder: the environment variable FALCON_SHARED if set, else the folder `shared` beside the checkout; None when it does not
/// exist.
let shared: string option =
    match Environment.GetEnvironmentVariable "FALCON_SHARED" with
    | null
    | "" -> repositoryRoot |> Option.map (fun root -> Path.GetFullPath(Path.Combine(root, "..", "shared")))
    | folder -> Some(Path.GetFullPath folder)
    |> Option.filter Directory.Exists

/// The shared folder; the calling test is skipped with a reason when there is none.
let requireShared () : string =
    match shared with
    | Some folder -> folder
    | None -> skiptest "No shared fixtures: set FALCON_SHARED, or put the folder `shared` beside the checkout."

/// A file or folder below the shared folder, given by its parts; the calling test is skipped with a reason when it is missing.
let require (parts: string list) : string =
    let path = Path.Combine(Array.ofList (requireShared () :: parts))

    if not (Path.Exists path) then skiptest $"The shared fixtures lack {path}."

    path
